import { readUint16, readUint32 } from "../media/byte-order.ts";
import { DATAGRAM_RECORD_HEADER_BYTES } from "../shared-memory/datagram-record.ts";
import type { ClosablePacketWriter } from "../shared-memory/packet-pipe.ts";
import type { TraceDepth, TraceEntry } from "./network-messages.ts";

/** Entries kept until somebody takes them: 50 s of 10 ms packets. Later ones are not traced. */
const MAX_ENTRIES = 5_000;

const SEQUENCE_AT = DATAGRAM_RECORD_HEADER_BYTES + 2;
const TIMESTAMP_AT = DATAGRAM_RECORD_HEADER_BYTES + 4;

/** A writer of datagram records that can note when each datagram arrived. */
export class TracedPacketWriter implements ClosablePacketWriter {
  readonly #writer: ClosablePacketWriter;
  readonly #time = new Float64Array(1);
  readonly #timeBytes = new Uint8Array(this.#time.buffer);
  #entries: TraceEntry[] = [];
  #depth: TraceDepth = "off";

  constructor(writer: ClosablePacketWriter) {
    this.#writer = writer;
  }

  get overruns(): number {
    return this.#writer.overruns;
  }

  /** Chooses what is noted from now on. */
  setTracing(depth: TraceDepth): void {
    this.#depth = depth;
  }

  /** The entries since the last call. */
  takeEntries(): readonly TraceEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  write(bytes: Uint8Array, length: number): boolean {
    if (this.#depth !== "off" && this.#entries.length < MAX_ENTRIES) {
      this.#timeBytes.set(bytes.subarray(0, DATAGRAM_RECORD_HEADER_BYTES));
      this.#entries.push({
        sequenceNumber: readUint16(bytes, SEQUENCE_AT),
        timestamp: readUint32(bytes, TIMESTAMP_AT),
        arrivalMs: this.#time[0] ?? 0,
        length: length - DATAGRAM_RECORD_HEADER_BYTES,
        ...(this.#depth === "payloads" ? { datagram: bytes.slice(DATAGRAM_RECORD_HEADER_BYTES, length) } : {}),
      });
    }
    return this.#writer.write(bytes, length);
  }

  close(): void {
    this.#writer.close();
  }
}
