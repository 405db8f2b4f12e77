import { createPacketPipe, pipeTransfer } from "../shared-memory/create-packet-pipe.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import { VoiceError } from "../voice-error.ts";
import { unreachable } from "./unreachable.ts";
import type { FromVadWorker, ToVadWorker } from "./vad-messages.ts";

/** A second of 10 ms stereo blocks. */
const PIPE_BYTES = 1 << 19;

/** What can be listened to: a capture node, or anything else that writes audio block records and takes verdicts. */
export type VadSource = {
  attachVad(blocks: PacketPipeEnd, probabilities: MessagePort): void;
  detachVad(): void;
};

/** How a {@link VadThread} is started. */
export type VadThreadOptions = {
  readonly workerUrl: string;
  readonly modelUrl: string;
  readonly scriptUrl: string;
  readonly wasmUrl: string;
  /** Whether the page may share memory between threads. */
  readonly shared: boolean;
  /** Bytes of model and runtime so far, and in all (about 17 MB). */
  readonly onProgress?: ((loadedBytes: number, totalBytes: number) => void) | undefined;
};

/** The main thread's hand on the vad worker. */
export class VadThread {
  readonly #worker: Worker;
  readonly #shared: boolean;
  #nextStreamId = 1;
  readonly #streamIds = new Map<VadSource, number>();
  #isClosed = false;

  private constructor(worker: Worker, shared: boolean) {
    this.#worker = worker;
    this.#shared = shared;
  }

  /** Loads runtime and model. Rejects with VoiceError `worklet-failed` when that fails. */
  static async start(options: VadThreadOptions): Promise<VadThread> {
    const worker = new Worker(options.workerUrl, { type: "module", name: "antiphon-vad" });
    const { modelUrl, scriptUrl, wasmUrl, onProgress } = options;
    const absolute = (url: string): string => new URL(url, document.baseURI).href;
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (reason: string): void =>
          reject(new VoiceError("worklet-failed", `Cannot start the accurate voice detector: ${reason}`));
        worker.onerror = ({ message }) => fail(message === undefined || message === "" ? "its worker failed" : message);
        worker.onmessage = ({ data }: MessageEvent<FromVadWorker>) => {
          switch (data.type) {
            case "progress":
              onProgress?.(data.loadedBytes, data.totalBytes);
              return;
            case "started":
              resolve();
              return;
            case "failed":
              fail(data.message);
              return;
            default:
              unreachable(data);
          }
        };
        const start: ToVadWorker = {
          type: "start",
          modelUrl: absolute(modelUrl),
          scriptUrl: absolute(scriptUrl),
          wasmUrl: absolute(wasmUrl),
        };
        worker.postMessage(start);
      });
    } catch (error) {
      worker.terminate();
      throw error;
    }
    return new VadThread(worker, options.shared);
  }

  /** Starts listening to `source`, once; its probabilities go straight to it. */
  attach(source: VadSource): void {
    if (this.#isClosed || this.#streamIds.has(source)) return;
    const streamId = this.#nextStreamId++;
    this.#streamIds.set(source, streamId);
    const { writer, reader } = createPacketPipe({ shared: this.#shared, capacityBytes: PIPE_BYTES });
    const { port1, port2 } = new MessageChannel();
    const message: ToVadWorker = { type: "attach", streamId, blocks: reader, probabilities: port1 };
    this.#worker.postMessage(message, [...pipeTransfer(reader), port1]);
    source.attachVad(writer, port2);
  }

  /** Stops listening to `source`. Idempotent. */
  detach(source: VadSource): void {
    const streamId = this.#streamIds.get(source);
    if (streamId === undefined) return;
    this.#streamIds.delete(source);
    source.detachVad();
    const message: ToVadWorker = { type: "detach", streamId };
    if (!this.#isClosed) this.#worker.postMessage(message);
  }

  /** Ends the worker; sources go back to their own detectors. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    for (const source of [...this.#streamIds.keys()]) this.detach(source);
    this.#isClosed = true;
    this.#worker.terminate();
  }
}
