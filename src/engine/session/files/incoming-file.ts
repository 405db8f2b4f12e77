import { TypedEventTarget } from "../../typed-event-target.ts";
import { VoiceError } from "../../voice-error.ts";
import type { ControlMessage } from "../core/control-message.ts";
import { toHex } from "../core/hex.ts";
import { Sha256 } from "../core/sha256.ts";
import { TransferRate } from "../core/transfer-rate.ts";
import { type FileCancelReason, type FileDescription, type FileTransferState, isFinal } from "./file-transfer.ts";

/** Bytes gathered before they go to the browser's blob store, which keeps them out of this page's memory. */
const PART_BYTES = 1024 * 1024;

/** The sender is told how far the transfer is every so many bytes. */
const PROGRESS_BYTES = 128 * 1024;

/** Bytes that arrive out of place before the sender is taken for broken: what may be in flight after a pause, twice. */
const MAX_STRAY_BYTES = 32 * 1024 * 1024;

/** Events of an incoming file. */
export type IncomingFileEvents = {
  /** State, progress or speed are different now. */
  readonly changed: object;
};

/** A file that a peer offers: accept it, watch it arrive, take its blob. Main thread. */
export class IncomingFile extends TypedEventTarget<IncomingFileEvents> {
  readonly description: FileDescription;
  /** Resolves to the complete, verified file; rejects with VoiceError `closed` when the transfer ends before. */
  readonly blob: Promise<Blob>;
  readonly #send: (message: ControlMessage) => void;
  readonly #hash = new Sha256();
  readonly #rate: TransferRate;
  readonly #parts: Blob[] = [];
  #settle: { readonly resolve: (blob: Blob) => void; readonly reject: (error: VoiceError) => void } | undefined;
  #part = new Uint8Array(0);
  #partLength = 0;
  #received = 0;
  #reported = 0;
  #strayBytes = 0;
  #expectedHash: string | undefined;
  #state: FileTransferState = "offered";
  #failure: FileCancelReason | undefined;

  /** Made by the file desk. `send` reaches the sender over whatever link there is. */
  constructor(description: FileDescription, send: (message: ControlMessage) => void) {
    super();
    this.description = description;
    this.#send = send;
    this.#rate = new TransferRate(performance.now());
    this.blob = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever does not ask for the blob is not to be bothered with its failure.
    this.blob.catch(() => undefined);
  }

  get state(): FileTransferState {
    return this.#state;
  }

  /** Why it was cancelled or failed. */
  get failure(): FileCancelReason | undefined {
    return this.#failure;
  }

  /** Bytes that have arrived. */
  get received(): number {
    return this.#received;
  }

  get bytesPerSecond(): number {
    return this.#state === "transferring" ? this.#rate.bytesPerSecond : 0;
  }

  /** Starts the transfer. */
  accept(): void {
    if (this.#state === "offered") {
      this.#go();
    }
  }

  /** Lets the sender know that the file is not wanted. */
  decline(): void {
    if (this.#state === "offered") {
      this.end("declined", "declined", true);
    }
  }

  /** Stops the flow of bytes until `resume`. */
  pause(): void {
    if (this.#state === "transferring") {
      this.#send({ type: "file-pause", id: this.description.id });
      this.#setState("paused");
    }
  }

  /** Goes on where it stopped. */
  resume(): void {
    if (this.#state === "paused" || this.#state === "interrupted") {
      this.#go();
    }
  }

  /** Gives the transfer up and forgets what has arrived. */
  cancel(): void {
    this.end("cancelled", "cancelled", true);
  }

  /** The link to the sender broke, or is back. */
  setLinked(isLinked: boolean): void {
    if (!isLinked && this.#state === "transferring") {
      this.#setState("interrupted");
    } else if (isLinked && this.#state === "interrupted") {
      this.#go();
    }
  }

  /** Takes a piece. Pieces out of place are dropped: they belong to a flow that was stopped. */
  receive(offset: number, payload: Uint8Array): void {
    if (this.#state !== "transferring") {
      return;
    }
    const known = this.#received - offset;
    if (known < 0 || known >= payload.length) {
      this.#strayBytes += payload.length;
      if (this.#strayBytes > MAX_STRAY_BYTES) {
        this.end("failed", "protocol", true);
      }
      return;
    }
    const fresh = known === 0 ? payload : payload.subarray(known);
    if (this.#received + fresh.length > this.description.size) {
      this.end("failed", "protocol", true);
      return;
    }
    this.#hash.update(fresh);
    this.#keep(fresh);
    this.#received += fresh.length;
    this.#rate.add(fresh.length, performance.now());
    if (this.#received - this.#reported >= PROGRESS_BYTES || this.#received === this.description.size) {
      this.#reported = this.#received;
      this.#send({ type: "file-progress", id: this.description.id, received: this.#received });
      this.emit("changed", {});
    }
    this.#complete();
  }

  /** The sender has sent everything; its hash arrives on another channel than the bytes, so perhaps before them. */
  finish(sha256: string): void {
    if (this.#state === "transferring") {
      this.#expectedHash = sha256;
      this.#complete();
    }
  }

  /** Ends the transfer for `reason`. `isOurs`: the sender has to be told. */
  end(state: "declined" | "cancelled" | "failed", reason: FileCancelReason, isOurs: boolean): void {
    if (isFinal(this.#state)) {
      return;
    }
    if (isOurs) {
      this.#send({ type: "file-cancel", id: this.description.id, reason });
    }
    this.#failure = reason;
    this.#forget();
    this.#setState(state);
    const message = `Cannot receive ${this.description.name}: the transfer ended (${reason})`;
    this.#settle?.reject(new VoiceError("closed", message));
  }

  #go(): void {
    this.#rate.restart(performance.now());
    this.#setState("transferring");
    this.#send({ type: "file-accept", id: this.description.id, offset: this.#received });
  }

  #keep(bytes: Uint8Array): void {
    if (this.#part.length === 0) {
      this.#part = new Uint8Array(Math.min(PART_BYTES, Math.max(1, this.description.size)));
    }
    let at = 0;
    while (at < bytes.length) {
      const count = Math.min(bytes.length - at, this.#part.length - this.#partLength);
      this.#part.set(bytes.subarray(at, at + count), this.#partLength);
      this.#partLength += count;
      at += count;
      if (this.#partLength === this.#part.length) {
        this.#flush();
      }
    }
  }

  #flush(): void {
    if (this.#partLength > 0) {
      this.#parts.push(new Blob([this.#part.subarray(0, this.#partLength)]));
      this.#partLength = 0;
    }
  }

  #complete(): void {
    const { size, mediaType } = this.description;
    if (this.#expectedHash === undefined || this.#received < size) {
      return;
    }
    if (toHex(this.#hash.digest()) !== this.#expectedHash) {
      this.end("failed", "mismatch", true);
      return;
    }
    this.#flush();
    const blob = new Blob(this.#parts, { type: mediaType });
    this.#forget();
    this.#send({ type: "file-received", id: this.description.id });
    this.#setState("done");
    this.#settle?.resolve(blob);
  }

  #forget(): void {
    this.#parts.length = 0;
    this.#part = new Uint8Array(0);
    this.#partLength = 0;
  }

  #setState(state: FileTransferState): void {
    this.#state = state;
    this.emit("changed", {});
  }
}
