import { TypedEventTarget } from "../../typed-event-target.ts";
import type { ControlMessage, ControlMessageOf } from "../core/control-message.ts";
import { blobHash } from "./blob-hash.ts";
import { type FileDescription, type FileTransferState, isFinal } from "./file-transfer.ts";
import { OutgoingTransfer } from "./outgoing-transfer.ts";

/** Events of an outgoing file. */
export type OutgoingFileEvents = {
  /** State, progress or speed of one of the transfers are different now. */
  readonly changed: object;
};

/** How far a file is on its way to one peer. */
export type TransferProgress = {
  /** The receiver's id in the room. */
  readonly peerId: string;
  readonly state: FileTransferState;
  /** Bytes the receiver has. */
  readonly sent: number;
  readonly bytesPerSecond: number;
};

/** A file on its way to one or more peers. Main thread. */
export class OutgoingFile extends TypedEventTarget<OutgoingFileEvents> {
  readonly description: FileDescription;
  readonly #blob: Blob;
  readonly #offer: ControlMessageOf<"file-offer">;
  readonly #transfers = new Map<string, OutgoingTransfer>();
  readonly #cancelled = new AbortController();
  #hash: Promise<string> | undefined;

  /** Made by the file desk. */
  constructor(blob: Blob, description: FileDescription, offer: ControlMessageOf<"file-offer">) {
    super();
    this.#blob = blob;
    this.description = description;
    this.#offer = offer;
  }

  /** One entry for each receiver. */
  get transfers(): readonly TransferProgress[] {
    return Array.from(this.#transfers, ([peerId, transfer]) => ({
      peerId,
      state: transfer.state,
      sent: transfer.acknowledged,
      bytesPerSecond: transfer.bytesPerSecond,
    }));
  }

  /** Whether nothing more will happen. */
  get isFinished(): boolean {
    return [...this.#transfers.values()].every(({ state }) => isFinal(state));
  }

  /** Resolves when every transfer has ended, well or not. */
  async finished(): Promise<void> {
    while (!this.isFinished) {
      await new Promise((resolve) => this.addEventListener("changed", resolve, { once: true }));
    }
  }

  /** Stops all transfers that are not complete. */
  cancel(): void {
    this.#cancelled.abort();
    for (const transfer of this.#transfers.values()) {
      transfer.end("cancelled", "cancelled", true);
    }
  }

  /** The transfer to `peerId`. */
  transferTo(peerId: string): OutgoingTransfer | undefined {
    return this.#transfers.get(peerId);
  }

  /** Offers the file to one peer. Used by the file desk. */
  offerTo(peerId: string, send: (message: ControlMessage) => void): void {
    const transfer = new OutgoingTransfer({
      id: this.description.id,
      blob: this.#blob,
      hash: () => {
        this.#hash ??= blobHash(this.#blob, this.#cancelled.signal);
        return this.#hash;
      },
      send,
      changed: () => this.emit("changed", {}),
    });
    this.#transfers.set(peerId, transfer);
    send(this.#offer);
  }

  /** The peer is linked anew: an offer that was not answered may have been lost. Used by the file desk. */
  offerAgain(peerId: string, send: (message: ControlMessage) => void): void {
    if (this.#transfers.get(peerId)?.state === "offered") {
      send(this.#offer);
    }
  }
}
