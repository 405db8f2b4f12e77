import { openPacketReader } from "../shared-memory/open-packet-pipe.ts";
import { unreachable } from "./unreachable.ts";
import type { FromVadWorker, ToVadWorker, VoiceProbabilityMessage } from "./vad-messages.ts";
import type { SileroModel } from "./vad-session.ts";
import { VadStream } from "./vad-stream.ts";

type Message<Type extends ToVadWorker["type"]> = Extract<ToVadWorker, { type: Type }>;

/** Progress is reported at most once for this many bytes. */
const PROGRESS_STEP = 262_144;

/** What a host needs from the thread it lives in. */
export type VadHostOptions = {
  readonly post: (message: FromVadWorker) => void;
  /** Loads runtime and model, telling `onProgress` the bytes so far and in all. */
  readonly loadModel: (
    files: Omit<Message<"start">, "type">,
    onProgress: (loadedBytes: number, totalBytes: number) => void,
  ) => Promise<SileroModel>;
};

/** The vad worker without the worker: one model, any number of streams. */
export class VadHost {
  readonly #options: VadHostOptions;
  readonly #streams = new Map<number, { readonly stream: VadStream; readonly probabilities: MessagePort }>();
  #model: SileroModel | undefined;
  #isClosed = false;

  constructor(options: VadHostOptions) {
    this.#options = options;
  }

  /** Takes one message of the main thread. */
  receive(message: ToVadWorker): void {
    switch (message.type) {
      case "start":
        void this.#start(message);
        return;
      case "attach":
        this.#attach(message);
        return;
      case "detach":
        this.#detach(message.streamId);
        return;
      case "close":
        this.#close();
        return;
      default:
        unreachable(message);
    }
  }

  async #start({ modelUrl, scriptUrl, wasmUrl }: Message<"start">): Promise<void> {
    const { post, loadModel } = this.#options;
    let reported = -PROGRESS_STEP;
    try {
      const model = await loadModel({ modelUrl, scriptUrl, wasmUrl }, (loadedBytes, totalBytes) => {
        if (loadedBytes - reported < PROGRESS_STEP && loadedBytes < totalBytes) return;
        reported = loadedBytes;
        post({ type: "progress", loadedBytes, totalBytes });
      });
      if (this.#isClosed) return void model.close();
      this.#model = model;
      post({ type: "started" });
    } catch (error) {
      post({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  #attach({ streamId, blocks, probabilities }: Message<"attach">): void {
    const model = this.#model;
    if (model === undefined) throw new Error("Cannot attach a stream to the voice detector before it has started");
    this.#detach(streamId);
    const report = (probability: number): void => {
      const message: VoiceProbabilityMessage = { probability };
      probabilities.postMessage(message);
    };
    const stream = new VadStream(model, openPacketReader(blocks), report);
    this.#streams.set(streamId, { stream, probabilities });
  }

  #detach(streamId: number): void {
    const entry = this.#streams.get(streamId);
    if (entry === undefined) return;
    this.#streams.delete(streamId);
    entry.stream.close();
    entry.probabilities.close();
  }

  #close(): void {
    this.#isClosed = true;
    for (const streamId of [...this.#streams.keys()]) this.#detach(streamId);
    void this.#model?.close();
    this.#model = undefined;
  }
}
