import type { MixOutput } from "../playout/mixer.ts";
import type { StreamMix } from "../playout/stream-mix.ts";
import type { JitterBufferSettings } from "../settings/playout-settings.ts";
import { createPacketPipe, pipeTransfer } from "../shared-memory/create-packet-pipe.ts";
import { createTelemetryBlock, telemetryTransfer } from "../shared-memory/create-telemetry-block.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import { MAX_REMOTE_STREAMS, PLAYBACK_TELEMETRY_LENGTH } from "../shared-memory/playback-telemetry.ts";
import { TelemetryReader, type TelemetryReaderEnd } from "../shared-memory/telemetry-block.ts";
import { VoiceError } from "../voice-error.ts";
import { AUDIO_TAP_CAPACITY_BYTES, AudioTap } from "./audio-tap.ts";
import { PLAYBACK_PROCESSOR, type ToPlaybackWorklet } from "./playback-messages.ts";
import { type WasmFile, WorkletPort } from "./worklet-port.ts";

/** What a playback node is made of. */
export type PlaybackNodeOptions = {
  /** Its worklet module is loaded. */
  readonly context: AudioContext;
  readonly core: WasmFile;
  readonly shared: boolean;
  readonly jitterBuffer: JitterBufferSettings;
  readonly output: MixOutput;
  /** Where the playout clock starts; 0 unless the node replaces a failed one. */
  readonly firstPosition?: number;
  /** The processor threw and is silent from now on. */
  readonly onFailure: () => void;
};

/** The main thread's hand on one playback worklet node: its streams, its settings, its telemetry, its taps. */
export class PlaybackNode {
  /** The mix, stereo. */
  readonly output: AudioWorkletNode;
  /** Numbers of playback-telemetry.ts. */
  readonly telemetry: TelemetryReader;
  /** The same numbers for the network thread, to be sent there once. */
  readonly networkTelemetry: TelemetryReaderEnd;
  readonly #port: WorkletPort<ToPlaybackWorklet>;
  readonly #shared: boolean;
  readonly #freeSlots = new Set(Array.from({ length: MAX_REMOTE_STREAMS }, (_, slot) => slot));
  readonly #taps = new Set<AudioTap>();
  #nextTapId = 1;
  #isClosed = false;

  private constructor(options: PlaybackNodeOptions, telemetry: readonly [TelemetryReaderEnd, TelemetryReaderEnd]) {
    this.#shared = options.shared;
    this.output = new AudioWorkletNode(options.context, PLAYBACK_PROCESSOR, {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [2],
    });
    this.output.onprocessorerror = () => {
      if (!this.#isClosed) {
        options.onFailure();
      }
    };
    this.#port = new WorkletPort(this.output.port);
    this.telemetry = new TelemetryReader(telemetry[0]);
    this.networkTelemetry = telemetry[1];
  }

  /** A running node, not connected to anything. Rejects with VoiceError `worklet-failed` or `wasm-failed`. */
  static async create(options: PlaybackNodeOptions): Promise<PlaybackNode> {
    const { shared, core, jitterBuffer, output, firstPosition = 0 } = options;
    const block = createTelemetryBlock({ length: PLAYBACK_TELEMETRY_LENGTH, shared, readers: 2 });
    const [mine, networks] = block.readers;
    if (mine === undefined || networks === undefined) {
      throw new RangeError("A telemetry block of two readers has two ends");
    }
    const node = new PlaybackNode(options, [mine, networks]);
    try {
      await node.load(core);
      await node.#port.request(
        { type: "start", telemetry: block.writer, jitterBuffer, output, firstPosition },
        telemetryTransfer(block.writer),
      );
    } catch (error) {
      node.close();
      throw error;
    }
    return node;
  }

  /** Hands the codec over, or exchanges it while audio runs. Rejects with VoiceError `wasm-failed`. */
  load(core: WasmFile): Promise<void> {
    return this.#port.load(core, (source) => ({ type: "load-core", core: source }));
  }

  /**
   * Starts to play a stream. Returns its slot and the end of the pipe that the network thread writes its datagrams to.
   * Throws VoiceError `room-full` when {@link MAX_REMOTE_STREAMS} streams play already.
   */
  addStream(stream: { readonly ssrc: number; readonly channels: 1 | 2; readonly mix: StreamMix }): {
    readonly slot: number;
    readonly datagrams: PacketPipeEnd;
  } {
    const [slot] = this.#freeSlots;
    if (slot === undefined) {
      throw new VoiceError("room-full", `Cannot play another stream: ${MAX_REMOTE_STREAMS} play already`);
    }
    this.#freeSlots.delete(slot);
    const pipe = createPacketPipe({ shared: this.#shared });
    this.#port.post({ type: "add-stream", slot, ...stream, datagrams: pipe.reader }, pipeTransfer(pipe.reader));
    return { slot, datagrams: pipe.writer };
  }

  /** Stops playing the stream in `slot` and frees the slot. */
  removeStream(slot: number): void {
    if (!this.#freeSlots.has(slot)) {
      this.#port.post({ type: "remove-stream", slot });
      this.#freeSlots.add(slot);
    }
  }

  configureStream(slot: number, mix: StreamMix): void {
    this.#port.post({ type: "configure-stream", slot, mix });
  }

  configureOutput(output: MixOutput): void {
    this.#port.post({ type: "configure-output", output });
  }

  configureJitterBuffer(jitterBuffer: JitterBufferSettings): void {
    this.#port.post({ type: "configure-jitter-buffer", jitterBuffer });
  }

  /** Copies the stream in `slot`, or without it the whole mix behind the limiter. */
  tap(slot: number | undefined): AudioTap {
    const tapId = this.#nextTapId;
    this.#nextTapId += 1;
    const pipe = createPacketPipe({ shared: this.#shared, capacityBytes: AUDIO_TAP_CAPACITY_BYTES });
    const tap = new AudioTap(pipe.reader, () => {
      this.#taps.delete(tap);
      if (!this.#isClosed) {
        this.#port.post({ type: "remove-tap", tapId });
      }
    });
    this.#taps.add(tap);
    this.#port.post({ type: "add-tap", tapId, slot, blocks: pipe.writer }, pipeTransfer(pipe.writer));
    return tap;
  }

  /** Stops everything and lets the processor end. Idempotent. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    for (const tap of [...this.#taps]) {
      tap.close();
    }
    this.#isClosed = true;
    this.#port.post({ type: "close" });
    this.#port.close();
    this.output.disconnect();
    this.telemetry.close();
  }
}
