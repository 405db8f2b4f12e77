import type { ClosablePacketWriter, PacketReader } from "./packet-pipe.ts";

/*
 * Memory layout, in 32-bit words. The two cursors sit on cache lines of their own, so that the threads do not fight
 * for one line.
 *
 *     0        write cursor   stored by the writer only
 *     1        overruns       stored by the writer only
 *     16       read cursor    stored by the reader only
 *     17       reader waits   stored by the reader only, 1 while it sleeps
 *     32 …     data           capacity bytes
 *
 * A record is its length (32 bits) and its bytes, rounded up to whole words. Cursors count bytes modulo 2^32; their
 * difference, taken modulo 2^32, is the fill, whatever the cursors' signs.
 */

/** Word index of the cursor up to which the writer has published. */
export const WRITE_CURSOR = 0;
/** Word index of the count of records the writer dropped. */
export const OVERRUNS = 1;
/** Word index of the cursor up to which the reader has consumed. */
export const READ_CURSOR = 16;
/** Word index of the flag that asks the writer for a wake-up. */
export const READER_WAITS = 17;

const HEADER_WORDS = 32;
const HEADER_BYTES = HEADER_WORDS * 4;
const MINIMUM_CAPACITY = 64;
const MAXIMUM_CAPACITY = 2 ** 30;

/** Memory for a ring of `capacityBytes` data bytes, a power of two from 64 to 2^30. Throws RangeError for others. */
export function createPacketRing(capacityBytes: number): SharedArrayBuffer {
  const isPowerOfTwo = Number.isInteger(Math.log2(capacityBytes));
  if (!isPowerOfTwo || capacityBytes < MINIMUM_CAPACITY || capacityBytes > MAXIMUM_CAPACITY) {
    throw new RangeError(`A packet ring's capacity is a power of two from 64 to 2^30 bytes, not ${capacityBytes}`);
  }
  return new SharedArrayBuffer(HEADER_BYTES + capacityBytes);
}

/** Bytes a record of `length` bytes takes in a ring. */
function recordBytes(length: number): number {
  return 4 + ((length + 3) & ~3);
}

/** Producer of a ring in shared memory. Call from one thread only. Neither waits nor allocates. */
export class SharedPacketWriter implements ClosablePacketWriter {
  readonly #words: Int32Array;
  readonly #data: Uint8Array;
  readonly #lengths: Int32Array;
  readonly #mask: number;
  #cursor: number;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, HEADER_WORDS);
    this.#data = new Uint8Array(buffer, HEADER_BYTES);
    this.#lengths = new Int32Array(buffer, HEADER_BYTES);
    this.#mask = this.#data.length - 1;
    this.#cursor = Atomics.load(this.#words, WRITE_CURSOR);
  }

  get overruns(): number {
    return Atomics.load(this.#words, OVERRUNS) >>> 0;
  }

  write(bytes: Uint8Array, length: number): boolean {
    const words = this.#words;
    const used = (this.#cursor - Atomics.load(words, READ_CURSOR)) >>> 0;
    const needed = recordBytes(length);
    if (length <= 0 || length > bytes.length || needed > this.#data.length - used) {
      Atomics.store(words, OVERRUNS, (Atomics.load(words, OVERRUNS) + 1) | 0);
      return false;
    }
    const data = this.#data;
    const mask = this.#mask;
    const start = this.#cursor & mask;
    this.#lengths[start >> 2] = length;
    for (let index = 0; index < length; index += 1) {
      data[(start + 4 + index) & mask] = bytes[index] ?? 0;
    }
    this.#cursor = (this.#cursor + needed) | 0;
    Atomics.store(words, WRITE_CURSOR, this.#cursor);
    if (Atomics.load(words, READER_WAITS) === 1) {
      Atomics.notify(words, WRITE_CURSOR, 1);
    }
    return true;
  }

  close(): void {
    // Shared memory is released by the collector once no thread refers to it.
  }
}

/** Consumer of a ring in shared memory. Call from one thread only. `read` neither waits nor allocates. */
export class SharedPacketReader implements PacketReader {
  readonly #words: Int32Array;
  readonly #data: Uint8Array;
  readonly #lengths: Int32Array;
  readonly #mask: number;
  #cursor: number;
  #oversized = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, HEADER_WORDS);
    this.#data = new Uint8Array(buffer, HEADER_BYTES);
    this.#lengths = new Int32Array(buffer, HEADER_BYTES);
    this.#mask = this.#data.length - 1;
    this.#cursor = Atomics.load(this.#words, READ_CURSOR);
  }

  get oversized(): number {
    return this.#oversized;
  }

  get overruns(): number {
    return Atomics.load(this.#words, OVERRUNS) >>> 0;
  }

  /** The header words, for a thread that sleeps on the write cursor. */
  get words(): Int32Array {
    return this.#words;
  }

  /** The cursor up to which this reader has consumed; the ring is empty while the write cursor equals it. */
  get cursor(): number {
    return this.#cursor;
  }

  read(into: Uint8Array): number {
    const data = this.#data;
    const mask = this.#mask;
    while (Atomics.load(this.#words, WRITE_CURSOR) !== this.#cursor) {
      const start = this.#cursor & mask;
      const length = this.#lengths[start >> 2] ?? 0;
      const fits = length <= into.length;
      if (fits) {
        for (let index = 0; index < length; index += 1) {
          into[index] = data[(start + 4 + index) & mask] ?? 0;
        }
      }
      this.#cursor = (this.#cursor + recordBytes(length)) | 0;
      Atomics.store(this.#words, READ_CURSOR, this.#cursor);
      if (fits) {
        return length;
      }
      this.#oversized += 1;
    }
    return 0;
  }

  close(): void {
    // Shared memory is released by the collector once no thread refers to it.
  }
}
