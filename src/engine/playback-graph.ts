import { type ContextRequest, createAudioContext } from "./audio-context.ts";
import type { EngineAssets, VoiceEngineOptions } from "./engine-options.ts";
import { SAMPLE_RATE } from "./media/units.ts";
import type { MixOutput } from "./playout/mixer.ts";
import type { JitterBufferSettings } from "./settings/playout-settings.ts";
import { MIX_TELEMETRY } from "./shared-memory/playback-telemetry.ts";
import { PlaybackNode } from "./threading/playback-node.ts";
import { VoiceError } from "./voice-error.ts";
import type { WasmFiles } from "./wasm-files.ts";
import { addWorkletModule } from "./worklet-module.ts";

/** What the playback side is made of. */
export type PlaybackGraphOptions = {
  readonly assets: EngineAssets;
  readonly files: WasmFiles;
  readonly shared: boolean;
  readonly engine: Pick<VoiceEngineOptions, "renderSizeHint">;
  readonly request: ContextRequest;
  readonly jitterBuffer: JitterBufferSettings;
  readonly output: MixOutput;
  readonly firstPosition: number;
  readonly onStateChange: () => void;
  readonly onFailure: () => void;
};

/** `setSinkId` is missing from AudioContext in TypeScript's library. */
type WithSink = { setSinkId?(id: string): Promise<void> };

/** The AudioContext and node in which remote streams are decoded, mixed and played. */
export class PlaybackGraph {
  readonly context: AudioContext;
  readonly node: PlaybackNode;

  private constructor(context: AudioContext, node: PlaybackNode, onStateChange: () => void) {
    this.context = context;
    this.node = node;
    context.onstatechange = onStateChange;
    node.output.connect(context.destination);
  }

  /** A running graph. Rejects with VoiceError `worklet-failed`, `wasm-failed`, `unsupported` or `insecure-context`. */
  static async create(options: PlaybackGraphOptions): Promise<PlaybackGraph> {
    const context = createAudioContext(options.request, options.engine);
    try {
      const [core] = await Promise.all([
        options.files.core(),
        addWorkletModule(context, options.assets.playbackWorklet),
      ]);
      const { shared, jitterBuffer, output, firstPosition, onFailure } = options;
      const node = await PlaybackNode.create({ context, core, shared, jitterBuffer, output, firstPosition, onFailure });
      return new PlaybackGraph(context, node, options.onStateChange);
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  /** The playout clock now: samples at 48 kHz, good to a few milliseconds. */
  get position(): number {
    const { telemetry } = this.node;
    const elapsed = this.context.currentTime - telemetry.at(MIX_TELEMETRY.contextTime);
    return telemetry.at(MIX_TELEMETRY.playoutSamples) + Math.round(Math.max(0, elapsed) * SAMPLE_RATE);
  }

  /** Plays on the device `id`, empty for the default. Rejects with VoiceError `output-unavailable` or `unsupported`. */
  async setDevice(id: string): Promise<void> {
    const context: AudioContext & WithSink = this.context;
    if (context.setSinkId === undefined) {
      if (id === "") {
        return;
      }
      throw new VoiceError(
        "unsupported",
        "Cannot choose the output device: choose it in the system's settings instead",
      );
    }
    try {
      await context.setSinkId(id);
    } catch (error) {
      throw new VoiceError(
        "output-unavailable",
        "Cannot play on the chosen device: it is not there any more. Choose another one",
        { cause: error },
      );
    }
  }

  /** Releases the audio device. Idempotent. */
  async close(): Promise<void> {
    this.context.onstatechange = null;
    this.node.close();
    if (this.context.state !== "closed") {
      await this.context.close();
    }
  }
}
