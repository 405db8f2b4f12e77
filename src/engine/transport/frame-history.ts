import { isSilentOpusPacket } from "../codec/packet-inspection.ts";
import { copyBytes } from "../media/byte-order.ts";
import { MAX_RED_BLOCK_BYTES, MAX_RED_TIMESTAMP_OFFSET, type RedundantFrame } from "../packet/red-payload.ts";

/** Frames remembered per local stream; the farthest redundancy is this many frames back. */
export const HISTORY_FRAMES = 8;

interface HistoryEntry extends RedundantFrame {
  readonly bytes: Uint8Array;
  length: number;
  timestamp: number;
  timestampOffset: number;
}

/**
 * The newest encoded frames of one local stream, from which every link takes its redundancy, also for frames that the link's own
 * gate dropped. Allocates nothing after construction.
 */
export class FrameHistory {
  readonly #entries: HistoryEntry[] = Array.from({ length: HISTORY_FRAMES }, () => ({
    bytes: new Uint8Array(MAX_RED_BLOCK_BYTES),
    length: 0,
    timestamp: 0,
    timestampOffset: 0,
  }));
  #count = 0;

  /** Remembers a frame. A frame too long for a redundant block is remembered as missing. */
  push(timestamp: number, bytes: Uint8Array, offset: number, length: number): void {
    const entry = this.#entries[this.#count % HISTORY_FRAMES];
    this.#count++;
    if (entry === undefined) return;
    entry.timestamp = timestamp;
    entry.length = length <= MAX_RED_BLOCK_BYTES ? length : 0;
    copyBytes(entry.bytes, 0, bytes, offset, entry.length);
  }

  /** Forgets all frames: what comes next does not follow them without a gap. */
  clear(): void {
    this.#count = 0;
  }

  /**
   * Frame `distance` frames (1..{@link HISTORY_FRAMES}) before one with `timestamp` that is not pushed yet, with its timestamp
   * offset filled in; undefined when it is missing, silence, or too old for a redundant block. Valid until the next call.
   */
  redundantFrame(distance: number, timestamp: number): RedundantFrame | undefined {
    if (distance > this.#count || distance > HISTORY_FRAMES) return undefined;
    const entry = this.#entries[(this.#count - distance) % HISTORY_FRAMES];
    // Nothing worth repeating.
    if (entry === undefined || isSilentOpusPacket(entry.length)) return undefined;
    const offset = (timestamp - entry.timestamp) >>> 0;
    if (offset === 0 || offset > MAX_RED_TIMESTAMP_OFFSET) return undefined;
    entry.timestampOffset = offset;
    return entry;
  }
}
