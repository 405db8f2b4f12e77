import type { EngineAssets } from "./engine-options.ts";
import type { LocalStream } from "./local-stream.ts";
import { VadThread } from "./threading/vad-thread.ts";
import { TypedEventTarget } from "./typed-event-target.ts";
import { toVoiceError, type VoiceError } from "./voice-error.ts";

/** Events of the accurate detector. */
export type AccurateDetectorEvents = {
  /** Model and runtime are being loaded. */
  readonly progress: { readonly loadedBytes: number; readonly totalBytes: number };
  /** It cannot be had: the microphone goes on with its own detector. */
  readonly failed: { readonly error: VoiceError };
};

/** Listens to the microphone with Silero while the settings want it. Loaded when it is first wanted, ended with the engine. */
export class AccurateDetector extends TypedEventTarget<AccurateDetectorEvents> {
  readonly #assets: EngineAssets;
  readonly #shared: boolean;
  #starting: Promise<VadThread | undefined> | undefined;
  #wanted: LocalStream | undefined;
  #attached: LocalStream | undefined;
  #attachment = new AbortController();
  #isClosed = false;

  constructor(assets: EngineAssets, shared: boolean) {
    super();
    this.#assets = assets;
    this.#shared = shared;
  }

  /** Listens to `stream` from now on, to nothing without one. */
  async follow(stream: LocalStream | undefined): Promise<void> {
    this.#wanted = stream;
    if (stream === undefined && this.#starting === undefined) {
      return;
    }
    const thread = await this.thread();
    if (thread !== undefined && !this.#isClosed) {
      this.#attach(thread);
    }
  }

  /** The detector, for others who listen; undefined when it cannot be had. Loaded when it is first wanted. */
  async thread(): Promise<VadThread | undefined> {
    if (this.#isClosed) {
      return undefined;
    }
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Ends the worker. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#attachment.abort();
    void this.#starting?.then((thread) => thread?.close());
  }

  /** Attaches what is wanted by now, which may have changed while the thread started. */
  #attach(thread: VadThread): void {
    const stream = this.#wanted;
    if (stream === this.#attached) {
      return;
    }
    this.#attachment.abort();
    this.#attachment = new AbortController();
    if (this.#attached !== undefined) {
      thread.detach(this.#attached);
    }
    this.#attached = stream;
    if (stream === undefined) {
      return;
    }
    thread.attach(stream);
    const { signal } = this.#attachment;
    // Another processor runs the stream: the old one's ends are gone with it.
    const renew = (): void => {
      thread.detach(stream);
      thread.attach(stream);
    };
    stream.addEventListener("restarted", renew, { signal });
    stream.addEventListener("closed", () => void this.follow(undefined), { signal });
  }

  async #start(): Promise<VadThread | undefined> {
    const { vadWorker, silero, onnxScript, onnxWasm } = this.#assets;
    try {
      return await VadThread.start({
        workerUrl: vadWorker,
        modelUrl: silero,
        scriptUrl: onnxScript,
        wasmUrl: onnxWasm,
        shared: this.#shared,
        onProgress: (loadedBytes, totalBytes) => this.emit("progress", { loadedBytes, totalBytes }),
      });
    } catch (error) {
      // The next wish tries again.
      this.#starting = undefined;
      const attempt = "Cannot start the accurate voice detector";
      this.emit("failed", { error: toVoiceError(error, "worklet-failed", attempt) });
      return undefined;
    }
  }
}
