import type { CaptureStage } from "./capture/capture-telemetry.ts";
import type { CaptureGraph } from "./capture-graph.ts";
import type { CaptureSource } from "./capture-source.ts";
import { type CaptureStageFigures, readCaptureStage, silentStageFigures } from "./capture-stages.ts";
import { readSendStatistics, type SendStreamStatistics } from "./engine-statistics.ts";
import { type CaptureLevels, readCaptureLevels, silentCaptureLevels } from "./levels.ts";
import { type LoadableSuppressor, wantedSuppressors } from "./settings/capture-settings.ts";
import { pipeTransfer } from "./shared-memory/create-packet-pipe.ts";
import type { PacketPipeEnd } from "./shared-memory/packet-pipe.ts";
import type { AudioTap } from "./threading/audio-tap.ts";
import type { CaptureNodeSettings, CaptureTapPoint } from "./threading/capture-messages.ts";
import type { CaptureNode } from "./threading/capture-node.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { WasmFile } from "./threading/worklet-port.ts";
import { TypedEventTarget } from "./typed-event-target.ts";
import { toVoiceError, type VoiceError } from "./voice-error.ts";
import type { WasmFiles } from "./wasm-files.ts";

/** What a local stream carries: the microphone, or any other audio. */
export type LocalStreamKind = "microphone" | "audio";

/** Events of a local stream. */
export type LocalStreamEvents = {
  /** The track ended: its device, tab or file is gone. The stream stays, silent. */
  readonly ended: object;
  /** The audio processor failed and could not be restarted. */
  readonly failed: { readonly error: VoiceError };
  /** Its audio processor was exchanged: taps have ended, everything else goes on. */
  readonly restarted: object;
  readonly closed: object;
};

/** What a local stream is made of. */
export type LocalStreamOptions = {
  readonly graph: CaptureGraph;
  readonly files: WasmFiles;
  readonly network: NetworkThread;
  readonly ssrc: number;
  readonly label: string;
  readonly kind: LocalStreamKind;
  readonly settings: CaptureNodeSettings;
  readonly isMuted: boolean;
};

/** One stream of audio that goes to everybody in the room. Made by `VoiceEngine.openMicrophone` and `addStream`. */
export class LocalStream extends TypedEventTarget<LocalStreamEvents> {
  /** RTP synchronisation source, unique in the room. */
  readonly ssrc: number;
  /** For people: the device, "tab audio", the name of a file. */
  readonly label: string;
  readonly kind: LocalStreamKind;
  readonly #options: LocalStreamOptions;
  readonly #loaded = new Map<LoadableSuppressor, CaptureNode>();
  #graph: CaptureGraph;
  #settings: CaptureNodeSettings;
  #isMuted: boolean;
  #node: CaptureNode | undefined;
  #source: CaptureSource | undefined;
  #track: MediaStreamTrack | undefined;
  #neural: WasmFile | undefined;
  #isClosed = false;
  #restarting: Promise<void> = Promise.resolve();

  private constructor(options: LocalStreamOptions) {
    super();
    this.#options = options;
    this.#graph = options.graph;
    this.ssrc = options.ssrc;
    this.label = options.label;
    this.kind = options.kind;
    this.#settings = options.settings;
    this.#isMuted = options.isMuted;
  }

  /** A running stream without a source. Rejects with VoiceError `worklet-failed` or `wasm-failed`. Used by the engine. */
  static async create(options: LocalStreamOptions): Promise<LocalStream> {
    const stream = new LocalStream(options);
    await stream.#startNode();
    return stream;
  }

  /** The track that is sent; undefined while there is none. */
  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Sends silence instead of the source, or the source again. Without a click. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#node?.setMuted(isMuted);
  }

  /** The processing and encoding of this stream. Takes effect without a click. */
  get settings(): CaptureNodeSettings {
    return this.#settings;
  }

  configure(settings: CaptureNodeSettings): void {
    this.#settings = settings;
    this.#node?.configure(settings);
    this.#options.network.post({ type: "set-preferences", ssrc: this.ssrc, preferences: settings.encoder });
    void this.#loadSuppressors();
  }

  /** Tells the talk key's state, for push-to-talk, push-to-mute and toggle. */
  setTalkKey(isDown: boolean): void {
    this.#node?.setTalkKey(isDown);
  }

  /** Sends 48 kHz audio to the vad worker and takes its verdicts. Used by the engine; see `VadThread`. */
  attachVad(blocks: PacketPipeEnd, probabilities: MessagePort): void {
    this.#node?.attachVad(blocks, probabilities);
  }

  /** Goes back to its own voice detector. Used by the engine. */
  detachVad(): void {
    this.#node?.detachVad();
  }

  /** Puts the processed signal on the speakers, for listening to oneself with headphones. */
  setMonitored(isOn: boolean): void {
    this.#node?.setMonitored(isOn);
  }

  /** Fills `into` with what the chain does right now, and returns it. Does not allocate when `into` is given. */
  levels(into: CaptureLevels = silentCaptureLevels()): CaptureLevels {
    return this.#node === undefined ? into : readCaptureLevels(this.#node.telemetry, into);
  }

  /** Fills `into` with what one stage of the chain does right now, and returns it. Does not allocate when `into` is given. */
  stage(name: CaptureStage, into: CaptureStageFigures = silentStageFigures()): CaptureStageFigures {
    return this.#node === undefined ? into : readCaptureStage(this.#node.telemetry, name, into);
  }

  stats(): SendStreamStatistics | undefined {
    return this.#node === undefined ? undefined : readSendStatistics(this.#node.telemetry, this.ssrc, this.label);
  }

  /**
   * A copy of the 48 kHz audio before ("input") or after ("output") processing, for recording. Positions count from the start
   * of the stream; with `playoutPosition`, the playout clock now, they are on that clock, good to about 10 ms. The tap dries
   * up when the stream's audio thread is restarted: open another one.
   */
  tap(point: CaptureTapPoint, playoutPosition?: number): AudioTap | undefined {
    const node = this.#node;
    return node?.tap(point, playoutPosition === undefined ? 0 : playoutPosition - node.position);
  }

  /** Sends `track` from now on. Used by the engine when a device changes. */
  setTrack(track: MediaStreamTrack | undefined): void {
    this.#source?.disconnect();
    this.#source = undefined;
    this.#track = track;
    if (track === undefined || this.#node === undefined) {
      return;
    }
    this.#source = this.#graph.connect(track, this.#node);
    track.addEventListener(
      "ended",
      () => {
        if (track === this.#track) {
          this.emit("ended", {});
        }
      },
      { once: true },
    );
  }

  /** Moves to another capture context, keeping identity, settings and track. Used by the engine. */
  async moveTo(graph: CaptureGraph): Promise<void> {
    this.#graph = graph;
    await this.#restart();
  }

  /** Exchanges the codec for the neural one while audio runs. Used by the engine. */
  async useNeural(file: WasmFile): Promise<void> {
    this.#neural = file;
    await this.#node?.load(file);
  }

  /** Stops sending. The track itself is left to its owner. Idempotent. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#options.network.post({ type: "remove-local-stream", ssrc: this.ssrc });
    this.#source?.disconnect();
    this.#source = undefined;
    this.#track = undefined;
    this.#node?.close();
    this.#node = undefined;
    this.emit("closed", {});
  }

  async #startNode(): Promise<void> {
    if (this.#isClosed) return;
    const { network } = this.#options;
    const settings = this.#settings;
    const node = await this.#graph.createNode({
      settings,
      isMuted: this.#isMuted,
      firstTimestamp: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
      onFailure: () => void this.#recover(),
    });
    if (this.#isClosed) {
      node.close();
      return;
    }
    this.#node = node;
    const { frames, targets } = node.networkEnds;
    network.post({ type: "add-local-stream", ssrc: this.ssrc, preferences: settings.encoder, frames, targets }, [
      ...pipeTransfer(frames),
      targets,
    ]);
    if (this.#neural !== undefined) {
      await node.load(this.#neural);
    }
    await this.#loadSuppressors();
  }

  /**
   * Gives the node the modules that the settings ask for. Until then, and if it fails, the signal passes unsuppressed, and voice
   * activation goes by level.
   */
  async #loadSuppressors(): Promise<void> {
    for (const kind of wantedSuppressors(this.#settings.capture)) {
      await this.#loadSuppressor(kind);
    }
  }

  async #loadSuppressor(kind: LoadableSuppressor): Promise<void> {
    const node = this.#node;
    if (node === undefined || this.#loaded.get(kind) === node) {
      return;
    }
    this.#loaded.set(kind, node);
    try {
      await node.loadSuppressor(kind, await this.#options.files.suppressor(kind));
    } catch (error) {
      this.#loaded.delete(kind);
      this.#fail(error);
    }
  }

  /** Exchanges the node. One exchange after the other: a failure may come while the stream moves. */
  #restart(): Promise<void> {
    const run = this.#restarting.then(async () => {
      this.#source?.disconnect();
      this.#source = undefined;
      this.#node?.close();
      this.#node = undefined;
      await this.#startNode();
      // The track of now: the device may have changed meanwhile.
      this.setTrack(this.#track);
      this.emit("restarted", {});
    });
    this.#restarting = run.catch(() => undefined);
    return run;
  }

  async #recover(): Promise<void> {
    try {
      await this.#restart();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#isClosed) {
      this.emit("failed", { error: toVoiceError(error, "worklet-failed", "Cannot process the microphone") });
    }
  }
}
