import type { BulkPacer } from "../core/bulk-pacer.ts";
import { type FileChunk, parseFileChunk } from "../core/file-chunk.ts";

/** Bytes that may wait in the channel while voice flows, and while none does. */
const CEILING = { beside: 64 * 1024, alone: 1024 * 1024 } as const;

/** The shortest pause worth a timer, ms. */
const MIN_WAIT_MS = 2;

/** The reliable channel of one link that carries pieces of files, at a pace that leaves voice alone. */
export class BulkChannel {
  readonly #channel: RTCDataChannel;
  readonly #pacer: BulkPacer;
  readonly #closed = new AbortController();

  /** `channel` was created for this. `onChunk` is told every well-formed piece. */
  constructor(channel: RTCDataChannel, pacer: BulkPacer, onChunk: (chunk: FileChunk) => void) {
    this.#channel = channel;
    this.#pacer = pacer;
    channel.binaryType = "arraybuffer";
    channel.bufferedAmountLowThreshold = CEILING.beside / 2;
    const { signal } = this.#closed;
    channel.addEventListener(
      "message",
      ({ data }: MessageEvent<unknown>) => {
        const chunk = data instanceof ArrayBuffer ? parseFileChunk(new Uint8Array(data)) : undefined;
        if (chunk !== undefined) {
          onChunk(chunk);
        }
      },
      { signal },
    );
    channel.addEventListener("close", () => this.#closed.abort(), { signal });
  }

  /** Aborts when nothing can be sent any more. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Sends one piece as soon as it may go. Resolves to false when the channel or `signal` ended before. */
  async send(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<boolean> {
    const channel = this.#channel;
    while (!signal.aborted && !this.#closed.signal.aborted) {
      if (channel.readyState === "connecting") {
        await this.#event("open", signal);
      } else if (channel.readyState !== "open") {
        return false;
      } else if (channel.bufferedAmount + bytes.length > this.#ceiling) {
        await this.#event("bufferedamountlow", signal);
      } else if (this.#pacer.take(bytes.length, performance.now())) {
        channel.send(bytes);
        return true;
      } else {
        await this.#pause(Math.max(MIN_WAIT_MS, this.#pacer.waitMs(bytes.length)));
      }
    }
    return false;
  }

  /** Stops listening and sending. Idempotent. */
  close(): void {
    this.#closed.abort();
    this.#channel.close();
  }

  get #ceiling(): number {
    return Number.isFinite(this.#pacer.rate) ? CEILING.beside : CEILING.alone;
  }

  #event(type: "open" | "bufferedamountlow", signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = new AbortController();
      const settle = (): void => {
        done.abort();
        resolve();
      };
      this.#channel.addEventListener(type, settle, { signal: done.signal });
      signal.addEventListener("abort", settle, { signal: done.signal });
      this.#closed.signal.addEventListener("abort", settle, { signal: done.signal });
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
