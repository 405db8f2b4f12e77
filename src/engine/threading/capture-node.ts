import { SAMPLE_RATE } from "../media/units.ts";
import type { LoadableSuppressor } from "../settings/capture-settings.ts";
import { CAPTURE_TELEMETRY, CAPTURE_TELEMETRY_LENGTH } from "../shared-memory/capture-telemetry.ts";
import { createPacketPipe, pipeTransfer } from "../shared-memory/create-packet-pipe.ts";
import { createTelemetryBlock, telemetryTransfer } from "../shared-memory/create-telemetry-block.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import { TelemetryReader, type TelemetryReaderEnd } from "../shared-memory/telemetry-block.ts";
import { AUDIO_TAP_CAPACITY_BYTES, AudioTap } from "./audio-tap.ts";
import {
  CAPTURE_PROCESSOR,
  type CaptureNodeSettings,
  type CaptureTapPoint,
  type ToCaptureWorklet,
} from "./capture-messages.ts";
import { type WasmFile, WorkletPort } from "./worklet-port.ts";

/** What a capture node is made of. */
export type CaptureNodeOptions = {
  /** Its worklet module is loaded. */
  readonly context: AudioContext;
  readonly core: WasmFile;
  readonly shared: boolean;
  readonly settings: CaptureNodeSettings;
  readonly isMuted: boolean;
  readonly firstTimestamp: number;
  /** The processor threw and sends nothing from now on. */
  readonly onFailure: () => void;
};

/** The ends of a capture node that belong to the network thread. */
export type CaptureNodeNetworkEnds = { readonly frames: PacketPipeEnd; readonly targets: MessagePort };

/** The main thread's hand on one capture worklet node: settings, mute, telemetry, taps. One node is one sent stream. */
export class CaptureNode {
  /** The context it runs in. */
  readonly context: AudioContext;
  /** Takes the source; its output is silence unless the node is monitored. */
  readonly input: AudioWorkletNode;
  /** Numbers of capture-telemetry.ts. */
  readonly telemetry: TelemetryReader;
  /** To be transferred to the network thread, once. */
  readonly networkEnds: CaptureNodeNetworkEnds;
  readonly #port: WorkletPort<ToCaptureWorklet>;
  readonly #shared: boolean;
  readonly #taps = new Set<AudioTap>();
  #nextTapId = 1;
  #isClosed = false;

  private constructor(options: CaptureNodeOptions, telemetry: TelemetryReaderEnd, ends: CaptureNodeNetworkEnds) {
    this.#shared = options.shared;
    this.context = options.context;
    this.networkEnds = ends;
    this.telemetry = new TelemetryReader(telemetry);
    this.input = new AudioWorkletNode(options.context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [2],
      channelCount: 2,
      channelCountMode: "max",
    });
    this.input.onprocessorerror = () => {
      if (!this.#isClosed) {
        options.onFailure();
      }
    };
    this.#port = new WorkletPort(this.input.port);
  }

  /** A running node without a source. Rejects with VoiceError `worklet-failed` or `wasm-failed`. */
  static async create(options: CaptureNodeOptions): Promise<CaptureNode> {
    const { shared, core, settings, isMuted, firstTimestamp } = options;
    const block = createTelemetryBlock({ length: CAPTURE_TELEMETRY_LENGTH, shared, readers: 1 });
    const frames = createPacketPipe({ shared });
    const targets = new MessageChannel();
    const [telemetry] = block.readers;
    if (telemetry === undefined) {
      throw new RangeError("A telemetry block of one reader has one end");
    }
    const node = new CaptureNode(options, telemetry, { frames: frames.reader, targets: targets.port1 });
    try {
      await node.load(core);
      await node.#port.request(
        {
          type: "start",
          settings,
          frames: frames.writer,
          telemetry: block.writer,
          targets: targets.port2,
          isMuted,
          firstTimestamp,
        },
        [...pipeTransfer(frames.writer), ...telemetryTransfer(block.writer), targets.port2],
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

  /** Hands a suppressor's module over; the settings decide when it is used. Rejects with VoiceError `wasm-failed`. */
  loadSuppressor(kind: LoadableSuppressor, file: WasmFile): Promise<void> {
    return this.#port.load(file, (module) => ({ type: "load-suppressor", kind, module }));
  }

  /** Samples at 48 kHz taken from the source by now, good to a few milliseconds. */
  get position(): number {
    const elapsed = this.context.currentTime - this.telemetry.at(CAPTURE_TELEMETRY.contextTime);
    return this.telemetry.at(CAPTURE_TELEMETRY.samplesProcessed) + Math.round(Math.max(0, elapsed) * SAMPLE_RATE);
  }

  configure(settings: CaptureNodeSettings): void {
    this.#port.post({ type: "configure", settings });
  }

  setMuted(isMuted: boolean): void {
    this.#port.post({ type: "mute", isMuted });
  }

  setTalkKey(isDown: boolean): void {
    this.#port.post({ type: "talk-key", isDown });
  }

  /** Puts the processed signal on the node's output, for listening to oneself. */
  setMonitored(isOn: boolean): void {
    this.#port.post({ type: "monitor", isOn });
  }

  /** Sends 48 kHz audio to the vad worker by `blocks` and takes its verdicts from `probabilities`. */
  attachVad(blocks: PacketPipeEnd, probabilities: MessagePort): void {
    this.#port.post({ type: "attach-vad", blocks, probabilities }, [...pipeTransfer(blocks), probabilities]);
  }

  detachVad(): void {
    this.#port.post({ type: "detach-vad" });
  }

  /** Copies the audio at `point`; `shift` is added to its positions, samples. */
  tap(point: CaptureTapPoint, shift = 0): AudioTap {
    const tapId = this.#nextTapId;
    this.#nextTapId += 1;
    const pipe = createPacketPipe({ shared: this.#shared, capacityBytes: AUDIO_TAP_CAPACITY_BYTES });
    const forget = (): void => {
      this.#taps.delete(tap);
      if (!this.#isClosed) {
        this.#port.post({ type: "remove-tap", tapId });
      }
    };
    const tap = new AudioTap(pipe.reader, forget, shift);
    this.#taps.add(tap);
    this.#port.post({ type: "add-tap", tapId, point, blocks: pipe.writer }, pipeTransfer(pipe.writer));
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
    this.input.disconnect();
    this.telemetry.close();
  }
}
