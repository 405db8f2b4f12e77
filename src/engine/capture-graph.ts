import { type ContextRequest, createAudioContext } from "./audio-context.ts";
import { CaptureSource } from "./capture-source.ts";
import type { EngineAssets, VoiceEngineOptions } from "./engine-options.ts";
import { CaptureNode, type CaptureNodeOptions } from "./threading/capture-node.ts";
import type { WasmFiles } from "./wasm-files.ts";
import { addWorkletModule } from "./worklet-module.ts";

/** What the capture side is made of. */
export type CaptureGraphOptions = {
  readonly assets: EngineAssets;
  readonly files: WasmFiles;
  readonly shared: boolean;
  readonly request: ContextRequest;
  readonly engine: Pick<VoiceEngineOptions, "renderSizeHint">;
  readonly onStateChange: () => void;
};

/** The AudioContext in which microphones and other local sources are processed and encoded. It makes no sound. */
export class CaptureGraph {
  readonly context: AudioContext;
  readonly #options: CaptureGraphOptions;
  readonly #module: Promise<void>;

  constructor(options: CaptureGraphOptions) {
    this.#options = options;
    this.context = createAudioContext(options.request, options.engine);
    this.context.onstatechange = options.onStateChange;
    this.#module = addWorkletModule(this.context, options.assets.captureWorklet);
    this.#module.catch(() => undefined);
  }

  /** A node for one more local stream, without a source. Rejects with VoiceError `worklet-failed` or `wasm-failed`. */
  async createNode(options: Omit<CaptureNodeOptions, "context" | "core" | "shared">): Promise<CaptureNode> {
    const [core] = await Promise.all([this.#options.files.core(), this.#module]);
    const node = await CaptureNode.create({ ...options, context: this.context, core, shared: this.#options.shared });
    // A node whose output leads nowhere is not rendered by every browser; this one is silent unless monitored.
    node.input.connect(this.context.destination);
    return node;
  }

  /** Feeds `track` into `node`, faded in. */
  connect(track: MediaStreamTrack, node: CaptureNode): CaptureSource {
    return new CaptureSource(this.context, track, node.input);
  }

  /** Releases the audio device. Idempotent. */
  async close(): Promise<void> {
    this.context.onstatechange = null;
    if (this.context.state !== "closed") {
      await this.context.close();
    }
  }
}
