import { copyBytes, readUint16, writeUint16 } from "../media/byte-order.ts";
import { OPUS_PAYLOAD_TYPE } from "./rtp-packet.ts";

/** Most blocks in one payload, the primary included: a longer chain is refused as hostile. */
export const MAX_RED_BLOCKS = 8;
/** Largest distance of a redundant frame from its primary, in samples at 48 kHz (14 bits, RFC 2198 §3). */
export const MAX_RED_TIMESTAMP_OFFSET = 0x3fff;
/** Largest redundant frame in bytes (10 bits, RFC 2198 §3). */
export const MAX_RED_BLOCK_BYTES = 0x3ff;

/**
 * Reads redundant payloads (RFC 2198) in place without allocating. Blocks are in wire order: oldest redundancy first as senders
 * write it, the primary frame always last. Any thread.
 */
export class RedPayloadView {
  readonly #timestampOffsets = new Uint16Array(MAX_RED_BLOCKS);
  readonly #offsets = new Uint32Array(MAX_RED_BLOCKS);
  readonly #lengths = new Uint16Array(MAX_RED_BLOCKS);
  #count = 0;

  /** Blocks found, 1..{@link MAX_RED_BLOCKS}; 0 after a failed parse. */
  get count(): number {
    return this.#count;
  }

  /** Samples at 48 kHz by which block `index` is older than the packet's timestamp; 0 for the primary. */
  timestampOffset(index: number): number {
    return this.#timestampOffsets[index] ?? 0;
  }

  /** Index of the block's first byte in the array given to {@link RedPayloadView.parse}. */
  blockOffset(index: number): number {
    return this.#offsets[index] ?? 0;
  }

  /** Length of the block in bytes; redundant blocks may be empty, the primary is not. */
  blockLength(index: number): number {
    return this.#lengths[index] ?? 0;
  }

  /**
   * Reads the payload in `length` bytes of `bytes` from `offset`. False when the chain of headers is malformed, a block runs
   * past the end, a block is not Opus, or the primary is empty. Never throws.
   */
  parse(bytes: Uint8Array, offset: number, length: number): boolean {
    this.#count = 0;
    const end = Math.min(offset + length, bytes.length);
    let at = offset;
    let count = 0;
    for (;;) {
      if (at >= end || count === MAX_RED_BLOCKS) return false;
      const head = bytes[at] ?? 0;
      if ((head & 0x7f) !== OPUS_PAYLOAD_TYPE) return false;
      if ((head & 0x80) === 0) break;
      if (at + 4 > end) return false;
      const tail = readUint16(bytes, at + 2);
      this.#timestampOffsets[count] = (readUint16(bytes, at + 1) >> 2) & MAX_RED_TIMESTAMP_OFFSET;
      this.#lengths[count] = tail & MAX_RED_BLOCK_BYTES;
      count++;
      at += 4;
    }
    at++;
    for (let i = 0; i < count; i++) {
      this.#offsets[i] = at;
      at += this.#lengths[i] ?? 0;
    }
    if (at >= end) return false;
    this.#timestampOffsets[count] = 0;
    this.#offsets[count] = at;
    this.#lengths[count] = end - at;
    this.#count = count + 1;
    return true;
  }
}

/** One older frame to repeat inside a redundant payload. */
export interface RedundantFrame {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Samples at 48 kHz by which it is older than the primary, 1..{@link MAX_RED_TIMESTAMP_OFFSET}. */
  readonly timestampOffset: number;
}

/**
 * Writes a redundant payload at `at`: the first `count` entries of `frames` (oldest first), then the primary.
 * Returns the offset after it, or 0 when a field does not fit its bits or the payload does not fit `into`. Allocates nothing.
 */
export function writeRedPayload(
  into: Uint8Array,
  at: number,
  frames: readonly RedundantFrame[],
  count: number,
  primary: { readonly bytes: Uint8Array; readonly offset: number; readonly length: number },
): number {
  if (count >= MAX_RED_BLOCKS || count > frames.length) return 0;
  let end = at + redHeaderBytes(count) + primary.length;
  let write = at;
  for (let i = 0; i < count; i++) {
    const frame = frames[i];
    if (frame === undefined) return 0;
    if (frame.length > MAX_RED_BLOCK_BYTES || frame.timestampOffset > MAX_RED_TIMESTAMP_OFFSET) return 0;
    end += frame.length;
    if (end > into.length) return 0;
    into[write] = 0x80 | OPUS_PAYLOAD_TYPE;
    writeUint16(into, write + 2, ((frame.timestampOffset & 0x3f) << 10) | frame.length);
    into[write + 1] = frame.timestampOffset >> 6;
    write += 4;
  }
  if (end > into.length) return 0;
  into[write++] = OPUS_PAYLOAD_TYPE;
  for (let i = 0; i < count; i++) {
    const frame = frames[i];
    if (frame === undefined) return 0;
    copyBytes(into, write, frame.bytes, 0, frame.length);
    write += frame.length;
  }
  copyBytes(into, write, primary.bytes, primary.offset, primary.length);
  return end;
}

/** Bytes that block headers take for `redundantFrames` older frames and one primary. */
export function redHeaderBytes(redundantFrames: number): number {
  return redundantFrames * 4 + 1;
}
