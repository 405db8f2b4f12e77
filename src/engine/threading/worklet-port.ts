import { VoiceError } from "../voice-error.ts";
import type { WasmSource } from "./wasm-source.ts";
import type { WorkletReply } from "./worklet-reply.ts";

/** A WebAssembly module on the main thread: compiled, and its bytes for worklets that cannot take it compiled. */
export type WasmFile = { readonly module: WebAssembly.Module; readonly bytes: () => Promise<ArrayBuffer> };

/** How long a worklet may take to answer, ms. Compiling 2 MB of bytes on a slow phone takes a few seconds. */
const REPLY_TIMEOUT_MS = 15_000;

/** The main thread's end of the port to one audio worklet node. `To` is the union of messages the worklet takes. */
export class WorkletPort<To extends { readonly type: string }> {
  readonly #port: MessagePort;
  #queue: Promise<unknown> = Promise.resolve();
  #answer: ((reply: WorkletReply) => void) | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<WorkletReply>) => this.#answer?.(data);
  }

  /** Posts a message that is not answered. */
  post(message: To, transfer: readonly Transferable[] = []): void {
    this.#port.postMessage(message, [...transfer]);
  }

  /** Posts a message and resolves when the worklet has done it. Rejects with VoiceError `worklet-failed`. */
  request(message: To, transfer: readonly Transferable[] = []): Promise<void> {
    return this.#enqueue(async () => {
      const reply = await this.#ask(message, transfer);
      if (reply.type !== "done") {
        throw new VoiceError("worklet-failed", `Cannot start the audio processor: ${reasonOf(reply)}`);
      }
    });
  }

  /**
   * Hands a WebAssembly module over in the message that `messageWith` makes: compiled, or as bytes where the browser does
   * not let compiled modules through. Rejects with VoiceError `wasm-failed`.
   */
  load(file: WasmFile, messageWith: (source: WasmSource) => To): Promise<void> {
    return this.#enqueue(async () => {
      let reply = await this.#ask(messageWith(file.module), []);
      if (reply.type === "unreadable") {
        const bytes = await file.bytes();
        reply = await this.#ask(messageWith(bytes), [bytes]);
      }
      if (reply.type !== "done") {
        throw new VoiceError(
          "wasm-failed",
          `Cannot run WebAssembly in the audio processor: ${reasonOf(reply)}. Reload the page or update the browser`,
        );
      }
    });
  }

  close(): void {
    this.#answer?.({ type: "failed", message: "it was closed" });
    this.#port.close();
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(task);
    this.#queue = run.catch(() => undefined);
    return run;
  }

  #ask(message: To, transfer: readonly Transferable[]): Promise<WorkletReply> {
    return new Promise((resolve) => {
      const answer = (reply: WorkletReply): void => {
        clearTimeout(timer);
        this.#answer = undefined;
        resolve(reply);
      };
      const timer = setTimeout(() => answer({ type: "failed", message: "it does not answer" }), REPLY_TIMEOUT_MS);
      this.#answer = answer;
      this.post(message, transfer);
    });
  }
}

function reasonOf(reply: WorkletReply): string {
  return reply.type === "failed" ? reply.message : "it does not understand the message";
}
