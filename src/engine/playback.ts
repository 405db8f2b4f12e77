import { type ContextRequest, isSameRequest, playbackRequest } from "./audio-context.ts";
import type { DeviceList } from "./devices/device-list.ts";
import { OutputDevice } from "./devices/output-device.ts";
import { type OutputStatistics, readOutputStatistics } from "./engine-statistics.ts";
import { SAMPLE_RATE } from "./media/units.ts";
import { PlaybackGraph, type PlaybackGraphOptions } from "./playback-graph.ts";
import type { MixOutput } from "./playout/mixer.ts";
import type { Settings } from "./settings/settings.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import type { WasmFile } from "./threading/worklet-port.ts";
import { toVoiceError, VoiceError } from "./voice-error.ts";

/** Failed processors that are replaced within {@link RECOVERY_WINDOW_MS}; one more is given up. */
const MAX_RECOVERIES = 3;
const RECOVERY_WINDOW_MS = 30_000;

/** Longest time that a new graph usually takes to open, samples. */
const OPENING_SAMPLES = SAMPLE_RATE / 4;

/** What the playback side needs of the engine. */
export type PlaybackOptions = {
  readonly graph: Pick<PlaybackGraphOptions, "assets" | "files" | "shared" | "engine" | "onStateChange">;
  readonly network: NetworkThread;
  readonly devices: DeviceList;
  readonly settings: Pick<Settings, "jitterBuffer" | "output">;
  /** Another node plays from now on: move the streams to it. */
  readonly onMoved: (node: PlaybackNode) => void;
  readonly onError: (error: VoiceError) => void;
};

/** Everything that is heard here: the playback graph, its output device and settings, and a new graph when one fails. */
export class Playback {
  readonly #options: PlaybackOptions;
  readonly #device: OutputDevice;
  readonly #failures: number[] = [];
  #settings: Pick<Settings, "jitterBuffer" | "output">;
  #isDeafened = false;
  #neural: WasmFile | undefined;
  #graph: PlaybackGraph | undefined;
  #asked: ContextRequest;
  #reopening: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(options: PlaybackOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#asked = playbackRequest(options.settings);
    this.#device = new OutputDevice({
      devices: options.devices,
      settings: options.settings.output,
      apply: (id) => this.graph.setDevice(id),
      onError: options.onError,
    });
  }

  /** A running playback side. Rejects with VoiceError `worklet-failed`, `wasm-failed`, `unsupported` or `insecure-context`. */
  static async start(options: PlaybackOptions): Promise<Playback> {
    const playback = new Playback(options);
    await playback.#open();
    await playback.#device.configure(options.settings.output);
    return playback;
  }

  /** The graph in use. Throws VoiceError `closed` afterwards. */
  get graph(): PlaybackGraph {
    if (this.#graph === undefined) {
      throw new VoiceError("closed", "Cannot play: the engine is closed");
    }
    return this.#graph;
  }

  /** The node in use. */
  get node(): PlaybackNode {
    return this.graph.node;
  }

  get context(): AudioContext {
    return this.graph.context;
  }

  /** Follows changed settings, live and without a click. */
  configure(settings: Pick<Settings, "jitterBuffer" | "output">): void {
    const before = this.#settings;
    this.#settings = settings;
    if (settings.jitterBuffer !== before.jitterBuffer) {
      this.node.configureJitterBuffer(settings.jitterBuffer);
    }
    if (settings.output !== before.output) {
      this.node.configureOutput(this.#output());
      void this.#device.configure(settings.output);
    }
    void this.#followRequest();
  }

  /** Silences everything, or plays it again. */
  setDeafened(isDeafened: boolean): void {
    this.#isDeafened = isDeafened;
    this.node.configureOutput(this.#output());
  }

  /** Exchanges the codec of all streams, present and future, while audio runs. */
  async useNeural(file: WasmFile): Promise<void> {
    this.#neural = file;
    await this.#graph?.node.load(file);
  }

  stats(): OutputStatistics {
    return readOutputStatistics(this.node.telemetry, this.context);
  }

  /** Releases the audio device. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#device.close();
    const graph = this.#graph;
    this.#graph = undefined;
    await graph?.close();
  }

  #output(): MixOutput {
    const { masterDb, limiter } = this.#settings.output;
    return { masterDb, limiter, isDeafened: this.#isDeafened };
  }

  async #open(): Promise<void> {
    // Also when it fails: what the browser refuses is not tried over and over.
    this.#asked = playbackRequest(this.#settings);
    const graph = await PlaybackGraph.create({
      ...this.#options.graph,
      jitterBuffer: this.#settings.jitterBuffer,
      output: this.#output(),
      request: this.#asked,
      // A clock that runs on while the new graph is made must not jump back.
      firstPosition: this.#graph === undefined ? 0 : this.#graph.position + OPENING_SAMPLES,
      onFailure: () => void this.#recover(),
    });
    if (this.#isClosed) {
      await graph.close();
      return;
    }
    this.#graph = graph;
    // What was changed while it was being made.
    graph.node.configureOutput(this.#output());
    graph.node.configureJitterBuffer(this.#settings.jitterBuffer);
    this.#options.network.setPlaybackTelemetry(graph.node.networkTelemetry);
    if (this.#neural !== undefined) {
      await graph.node.load(this.#neural);
    }
  }

  /** Replaces a failed processor, with all streams, unless it fails over and over. */
  async #recover(): Promise<void> {
    const now = performance.now();
    this.#failures.push(now);
    const recent = this.#failures.filter((time) => now - time < RECOVERY_WINDOW_MS);
    if (recent.length > MAX_RECOVERIES) {
      const message = "Cannot play: the audio processor fails over and over. Reload the page";
      this.#options.onError(new VoiceError("worklet-failed", message));
      return;
    }
    this.#reopening = this.#reopening.then(() => this.#reopen());
    await this.#reopening;
  }

  /** Plays as the settings ask; one change after the other, so that two in a row end with the later one. */
  #followRequest(): Promise<void> {
    this.#reopening = this.#reopening.then(async () => {
      if (!isSameRequest(this.#asked, playbackRequest(this.#settings))) await this.#reopen();
    });
    return this.#reopening;
  }

  /** Plays in a new graph. */
  async #reopen(): Promise<void> {
    const before = this.#graph;
    if (before === undefined) return;
    try {
      await this.#open();
      if (this.#isClosed) return;
      // The device first: nobody is to hear a moment of the call on another one.
      await this.#device.renew();
      if (this.#isClosed) return;
      this.#options.onMoved(this.node);
    } catch (error) {
      this.#options.onError(toVoiceError(error, "worklet-failed", "Cannot play with these settings"));
    } finally {
      if (this.#graph !== before) await before.close();
    }
  }
}
