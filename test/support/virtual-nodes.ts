import { seededRandom } from "../../src/engine/media/random.ts";
import { DEFAULT_STREAM_MIX } from "../../src/engine/playout/stream-mix.ts";
import { applyPatch, type SettingsPatch } from "../../src/engine/settings/apply-patch.ts";
import { defaultSettings } from "../../src/engine/settings/default-settings.ts";
import type { Settings } from "../../src/engine/settings/settings.ts";
import { CAPTURE_TELEMETRY_LENGTH } from "../../src/engine/shared-memory/capture-telemetry.ts";
import { createPacketPipe } from "../../src/engine/shared-memory/create-packet-pipe.ts";
import { createTelemetryBlock } from "../../src/engine/shared-memory/create-telemetry-block.ts";
import { FRAME_RECORD_MAX_BYTES } from "../../src/engine/shared-memory/frame-record.ts";
import { openPacketReader, openPacketWriter } from "../../src/engine/shared-memory/open-packet-pipe.ts";
import { PLAYBACK_TELEMETRY_LENGTH } from "../../src/engine/shared-memory/playback-telemetry.ts";
import { TelemetryReader, type TelemetryReaderEnd } from "../../src/engine/shared-memory/telemetry-block.ts";
import { AUDIO_TAP_CAPACITY_BYTES, AudioTap } from "../../src/engine/threading/audio-tap.ts";
import { CaptureHost } from "../../src/engine/threading/capture-host.ts";
import type { CaptureTapPoint } from "../../src/engine/threading/capture-messages.ts";
import { PlaybackHost } from "../../src/engine/threading/playback-host.ts";
import type { WorkletReply } from "../../src/engine/threading/worklet-reply.ts";
import { VoiceRouter } from "../../src/engine/transport/voice-router.ts";
import { coreModule } from "./core-module.ts";
import { gtcrnModule, rnnoiseModule } from "./suppressor-modules.ts";

const SSRC = 77;
const LINK = 1;

/** How to build {@link VirtualNodes}. */
export type VirtualNodesOptions = {
  /** Rates of the two contexts, Hz. Default 48 000. */
  readonly captureRate?: number;
  readonly playbackRate?: number;
  /** Frames of a render quantum. Default 128. */
  readonly quantum?: number;
  readonly settings?: SettingsPatch;
  /** Streams that play the same voice. Default 1. */
  readonly listeners?: number;
};

/**
 * A capture node and a playback node as the audio threads run them, with the router between them, in one thread under virtual
 * time: what goes in at one end comes out at the other.
 */
export class VirtualNodes {
  readonly capture: CaptureHost;
  readonly playback: PlaybackHost;
  readonly captureTelemetry: TelemetryReader;
  readonly playbackTelemetry: TelemetryReader;
  readonly #options: Required<VirtualNodesOptions>;
  readonly #router: VoiceRouter;
  readonly #frames: ReturnType<typeof openPacketReader>;
  readonly #frame = new Uint8Array(FRAME_RECORD_MAX_BYTES);
  readonly #targets = new MessageChannel();
  readonly #input: readonly Float32Array[];
  readonly #monitor: readonly Float32Array[];
  readonly #output: readonly Float32Array[];
  #settings: Settings;
  #captured = 0;
  #played = 0;
  #tapId = 0;

  constructor(options: VirtualNodesOptions = {}) {
    const { captureRate = 48_000, playbackRate = 48_000, quantum = 128, settings = {}, listeners = 1 } = options;
    this.#options = { captureRate, playbackRate, quantum, settings, listeners };
    this.#settings = applyPatch(defaultSettings, settings);
    const channels = (): readonly Float32Array[] => [new Float32Array(quantum), new Float32Array(quantum)];
    this.#input = channels();
    this.#monitor = channels();
    this.#output = channels();
    this.capture = new CaptureHost({ contextRate: captureRate, reply: expectDone });
    this.playback = new PlaybackHost({ contextRate: playbackRate, reply: expectDone });
    const frames = createPacketPipe({ shared: true });
    this.#frames = openPacketReader(frames.reader);
    const captured = createTelemetryBlock({ length: CAPTURE_TELEMETRY_LENGTH, shared: true, readers: 1 });
    const played = createTelemetryBlock({ length: PLAYBACK_TELEMETRY_LENGTH, shared: true, readers: 1 });
    this.captureTelemetry = new TelemetryReader(captured.readers[0] as TelemetryReaderEnd);
    this.playbackTelemetry = new TelemetryReader(played.readers[0] as TelemetryReaderEnd);
    this.capture.receive({ type: "load-core", core: coreModule() });
    this.capture.receive({ type: "load-suppressor", kind: "rnnoise", module: rnnoiseModule() });
    this.capture.receive({ type: "load-suppressor", kind: "gtcrn", module: gtcrnModule() });
    this.capture.receive({
      type: "start",
      settings: this.#nodeSettings(),
      frames: frames.writer,
      telemetry: captured.writer,
      targets: this.#targets.port2,
      isMuted: false,
      firstTimestamp: 0xffff_0000,
    });
    this.playback.receive({ type: "load-core", core: coreModule() });
    this.playback.receive({
      type: "start",
      telemetry: played.writer,
      jitterBuffer: this.#settings.jitterBuffer,
      output: { ...this.#settings.output, isDeafened: false },
      firstPosition: 0,
    });
    this.#router = this.#makeRouter(listeners);
  }

  /** Changes settings on both sides, as the engine does. */
  configure(patch: SettingsPatch): void {
    const before = this.#settings;
    this.#settings = applyPatch(before, patch);
    this.capture.receive({ type: "configure", settings: this.#nodeSettings() });
    const { jitterBuffer, output } = this.#settings;
    if (jitterBuffer !== before.jitterBuffer) {
      this.playback.receive({ type: "configure-jitter-buffer", jitterBuffer });
    }
    if (output !== before.output) {
      this.playback.receive({ type: "configure-output", output: { ...output, isDeafened: false } });
    }
  }

  /** Starts to copy the microphone. */
  tapCapture(point: CaptureTapPoint): AudioTap {
    const pipe = createPacketPipe({ shared: true, capacityBytes: AUDIO_TAP_CAPACITY_BYTES });
    this.#tapId += 1;
    const tapId = this.#tapId;
    this.capture.receive({ type: "add-tap", tapId, point, blocks: pipe.writer });
    return new AudioTap(pipe.reader, () => this.capture.receive({ type: "remove-tap", tapId }));
  }

  /** Starts to copy a stream, or without `slot` the mix. */
  tapPlayback(slot: number | undefined): AudioTap {
    const pipe = createPacketPipe({ shared: true, capacityBytes: AUDIO_TAP_CAPACITY_BYTES });
    this.#tapId += 1;
    const tapId = this.#tapId;
    this.playback.receive({ type: "add-tap", tapId, slot, blocks: pipe.writer });
    return new AudioTap(pipe.reader, () => this.playback.receive({ type: "remove-tap", tapId }));
  }

  /**
   * Runs both contexts for `seconds`. `source` gives the left and right sample of the microphone at a time in seconds, undefined
   * for a source without channels; `heard` gets every quantum of the output.
   */
  run(
    seconds: number,
    source: ((time: number, channel: number) => number) | undefined,
    heard?: (output: readonly Float32Array[]) => void,
  ): void {
    const { captureRate, playbackRate, quantum } = this.#options;
    const end = this.#captured + seconds * captureRate;
    const [left, right] = this.#input;
    if (left === undefined || right === undefined) return;
    while (this.#captured < end) {
      for (let i = 0; i < quantum; i++) {
        const time = (this.#captured + i) / captureRate;
        left[i] = source?.(time, 0) ?? 0;
        right[i] = source?.(time, 1) ?? 0;
      }
      // As a browser hands its outputs over.
      for (const channel of this.#monitor) channel.fill(0);
      this.capture.process(source === undefined ? [] : this.#input, this.#monitor, this.#captured / captureRate);
      this.#captured += quantum;
      this.#send();
      while (this.#played / playbackRate < this.#captured / captureRate) {
        this.playback.process(this.#output, this.#played / playbackRate);
        this.#played += quantum;
        heard?.(this.#output);
      }
    }
  }

  /** One quantum of the capture node alone, of what is in its input already. Its frames go nowhere. */
  captureQuantum(): void {
    this.capture.process(this.#input, this.#monitor, 0);
    while (this.#frames.read(this.#frame) > 0);
  }

  /** One quantum of the playback node alone, with nothing new to play. */
  playbackQuantum(): void {
    this.playback.process(this.#output, 0);
  }

  /** What the capture node puts on its output: the monitor. */
  get monitor(): readonly Float32Array[] {
    return this.#monitor;
  }

  close(): void {
    this.capture.receive({ type: "close" });
    this.playback.receive({ type: "close" });
    this.#targets.port1.close();
    this.#targets.port2.close();
  }

  #nodeSettings(): {
    capture: Settings["capture"];
    encoder: Settings["encoder"];
    channels: Settings["input"]["channels"];
  } {
    const { capture, encoder, input } = this.#settings;
    return { capture, encoder, channels: input.channels };
  }

  #send(): void {
    const now = (this.#captured / this.#options.captureRate) * 1000;
    for (let length = this.#frames.read(this.#frame); length > 0; length = this.#frames.read(this.#frame)) {
      this.#router.frame(SSRC, this.#frame, length, now);
    }
    if (this.#router.nextTimeout() <= now) this.#router.tick(now);
  }

  /** One link per listener; each leads straight back. */
  #makeRouter(listeners: number): VoiceRouter {
    const ignore = (): void => undefined;
    const effects = { encoderTarget: ignore, decision: ignore };
    const router = new VoiceRouter({ now: 0, random: seededRandom(1), effects });
    for (let slot = 0; slot < listeners; slot++) {
      const linkId = LINK + slot;
      const now = (): number => (this.#captured / this.#options.captureRate) * 1000;
      const send = (bytes: Uint8Array): void => router.datagram(linkId, bytes.slice(), now());
      router.addLink(linkId, { send, bufferedAmount: 0, isOpen: true }, 0);
      const pipe = createPacketPipe({ shared: true });
      this.playback.receive({
        type: "add-stream",
        slot,
        ssrc: SSRC,
        channels: this.#settings.encoder.stereo ? 2 : 1,
        datagrams: pipe.reader,
        mix: DEFAULT_STREAM_MIX,
      });
      router.addRemoteStream(linkId, SSRC, openPacketWriter(pipe.writer));
    }
    router.addLocalStream(SSRC, this.#settings.encoder, 0);
    return router;
  }
}

function expectDone(reply: WorkletReply): void {
  if (reply.type !== "done") throw new Error(reply.type === "failed" ? reply.message : reply.type);
}

/** Everything that waits in a tap, one side. Throws when blocks are missing. */
export function drainTap(tap: AudioTap): Float32Array {
  const samples: number[] = [];
  let next: number | undefined;
  for (let block = tap.read(); block !== undefined; block = tap.read()) {
    if (next !== undefined && block.position !== next) throw new Error(`A tap jumps from ${next} to ${block.position}`);
    next = block.position + block.frames;
    for (let i = 0; i < block.frames; i++) samples.push(block.left[i] ?? 0);
  }
  return Float32Array.from(samples);
}
