import type { ControlMessage } from "../core/control-message.ts";
import { encodeFileChunk, FILE_CHUNK_PAYLOAD_BYTES } from "../core/file-chunk.ts";
import { TransferRate } from "../core/transfer-rate.ts";
import type { BulkChannel } from "./bulk-channel.ts";
import { type FileCancelReason, type FileTransferState, isFinal } from "./file-transfer.ts";

/** Bytes read from the file at once: a whole number of pieces, so that a resumed flow cuts at the same places. */
const BLOCK_BYTES = 16 * FILE_CHUNK_PAYLOAD_BYTES;

/** Bytes sent ahead of what the receiver has acknowledged. */
const WINDOW_BYTES = 8 * 1024 * 1024;

/** What a transfer works on. */
export type OutgoingTransferOptions = {
  readonly id: string;
  readonly blob: Blob;
  /** SHA-256 of the blob, in hexadecimal. Computed while the bytes are on their way. */
  readonly hash: () => Promise<string>;
  readonly send: (message: ControlMessage) => void;
  readonly changed: () => void;
};

/** One file on its way to one peer. Main thread. */
export class OutgoingTransfer {
  readonly #options: OutgoingTransferOptions;
  readonly #rate = new TransferRate(performance.now());
  #flow = new AbortController();
  #wake: () => void = () => undefined;
  #acknowledged = 0;
  #state: FileTransferState = "offered";
  #failure: FileCancelReason | undefined;

  constructor(options: OutgoingTransferOptions) {
    this.#options = options;
  }

  get state(): FileTransferState {
    return this.#state;
  }

  get failure(): FileCancelReason | undefined {
    return this.#failure;
  }

  /** Bytes the receiver has. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  get bytesPerSecond(): number {
    return this.#state === "transferring" ? this.#rate.bytesPerSecond : 0;
  }

  /** The receiver wants the bytes from `offset` on. */
  start(offset: number, channel: BulkChannel | undefined): void {
    if (isFinal(this.#state) || offset > this.#options.blob.size) {
      return;
    }
    this.#flow.abort();
    this.#flow = new AbortController();
    this.#acknowledged = offset;
    this.#rate.restart(performance.now());
    if (channel === undefined) {
      this.#setState("interrupted");
      return;
    }
    this.#setState("transferring");
    const { signal } = this.#flow;
    channel.closed.addEventListener("abort", () => this.interrupt(), { signal });
    this.#pump(offset, channel, signal).catch(() => {
      // The file has changed or vanished on disk since it was chosen.
      this.end("failed", "storage", true);
    });
  }

  /** The receiver has `received` bytes. */
  progressed(received: number): void {
    if (this.#state === "transferring" && received > this.#acknowledged && received <= this.#options.blob.size) {
      this.#rate.add(received - this.#acknowledged, performance.now());
      this.#acknowledged = received;
      this.#wake();
      this.#options.changed();
    }
  }

  /** The receiver asks for a pause. */
  pause(): void {
    if (this.#state === "transferring") {
      this.#flow.abort();
      this.#setState("paused");
    }
  }

  /** The link broke; the receiver says where to go on when it is back. */
  interrupt(): void {
    if (this.#state === "transferring" || this.#state === "paused") {
      this.#flow.abort();
      this.#setState("interrupted");
    }
  }

  /** Goes on over another channel where the receiver has got to, after the one in use has ended. */
  resume(channel: BulkChannel): void {
    if (this.#state === "interrupted") this.start(this.#acknowledged, channel);
  }

  /** The receiver has everything, verified. */
  complete(): void {
    if (this.#state === "transferring") {
      this.#acknowledged = this.#options.blob.size;
      this.#setState("done");
    }
  }

  /** Ends the transfer. `isOurs`: the receiver has to be told. */
  end(state: "declined" | "cancelled" | "failed", reason: FileCancelReason, isOurs: boolean): void {
    if (isFinal(this.#state)) {
      return;
    }
    this.#flow.abort();
    this.#failure = reason;
    if (isOurs) {
      this.#options.send({ type: "file-cancel", id: this.#options.id, reason });
    }
    this.#setState(state);
  }

  async #pump(from: number, channel: BulkChannel, signal: AbortSignal): Promise<void> {
    const { id, blob, send, hash } = this.#options;
    for (let start = from; start < blob.size; start += BLOCK_BYTES) {
      const block = new Uint8Array(await blob.slice(start, start + BLOCK_BYTES).arrayBuffer());
      for (let at = 0; at < block.length; at += FILE_CHUNK_PAYLOAD_BYTES) {
        const payload = block.subarray(at, at + FILE_CHUNK_PAYLOAD_BYTES);
        if (!(await channel.send(encodeFileChunk({ id, offset: start + at, payload }), signal))) {
          return;
        }
      }
      await this.#untilWithinWindow(start + block.length, signal);
    }
    const sha256 = await hash();
    if (!signal.aborted) {
      send({ type: "file-done", id, sha256 });
    }
  }

  async #untilWithinWindow(sent: number, signal: AbortSignal): Promise<void> {
    while (sent - this.#acknowledged > WINDOW_BYTES && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  #setState(state: FileTransferState): void {
    if (this.#state !== state) {
      this.#state = state;
      this.#options.changed();
    }
  }
}
