import type { Samples } from "../media/units.ts";

/** Emitted audio kept for time-stretch, 60 ms. */
const HISTORY = 2880;
/** Room for history, a 120 ms packet, and what may lie ahead of it. */
const CAPACITY = 24_576;
/** Most audio ahead of the read position. */
export const MAX_FUTURE = CAPACITY - HISTORY - 5760;
const MARKS = 64;

/** What a sample is, for statistics at the moment it is heard. */
export const SAMPLE_KIND = { audio: 0, concealed: 1, silentConcealed: 2, noise: 3 } as const;
export type SampleKind = (typeof SAMPLE_KIND)[keyof typeof SAMPLE_KIND];

/**
 * Decoded audio of a stream around the present: a little that was heard, and what is to be heard next. Planar, one or two
 * channels; fixed memory. Positions are indices into `left` and `right` and valid until the next append.
 */
export class SyncBuffer {
  readonly channels: 1 | 2;
  readonly left = new Float32Array(CAPACITY);
  /** The same array as `left` for one channel. */
  readonly right: Float32Array<ArrayBuffer>;
  readonly kinds = new Uint8Array(CAPACITY);
  /** What {@link SyncBuffer.measure} found: one number. */
  readonly energy = new Float64Array(1);
  readonly #markPositions = new Float64Array(MARKS);
  readonly #markTimestamps = new Float64Array(MARKS);
  readonly #markArrivals = new Float64Array(MARKS);
  #markCount = 0;
  #read = HISTORY;
  #write = HISTORY;

  constructor(channels: 1 | 2) {
    this.channels = channels;
    this.right = channels === 2 ? new Float32Array(CAPACITY) : this.left;
  }

  /** Position of the next sample to be heard. */
  get readPosition(): number {
    return this.#read;
  }

  /** Position after the last sample. */
  get writePosition(): number {
    return this.#write;
  }

  /** Samples that are still to be heard. */
  get future(): Samples {
    return this.#write - this.#read;
  }

  /** Makes room for `frames` more samples and returns the position to write them to; then call {@link commit}. */
  reserve(frames: number): number {
    if (this.#write + frames > CAPACITY) this.#compact();
    return this.#write;
  }

  /** Declares `frames` samples written at the write position to be of `kind`. */
  commit(frames: number, kind: SampleKind): void {
    const end = this.#write + frames;
    for (let i = this.#write; i < end; i++) this.kinds[i] = kind;
    this.#write = end;
  }

  /** Notes that the sample at `position` is the first of the frame with this timestamp, which arrived at `arrival`. */
  mark(position: number, timestamp: Samples, arrival: Samples): void {
    if (this.#markCount === MARKS) return;
    this.#markPositions[this.#markCount] = position;
    this.#markTimestamps[this.#markCount] = timestamp;
    this.#markArrivals[this.#markCount] = arrival;
    this.#markCount++;
  }

  /** Position of the first mark not yet passed, or −1. */
  get markPosition(): number {
    return this.#markCount > 0 ? (this.#markPositions[0] ?? -1) : -1;
  }

  get markTimestamp(): Samples {
    return this.#markTimestamps[0] ?? 0;
  }

  get markArrival(): Samples {
    return this.#markArrivals[0] ?? 0;
  }

  /** Removes the first mark. */
  dropMark(): void {
    this.#markCount = Math.max(0, this.#markCount - 1);
    for (let i = 0; i < this.#markCount; i++) {
      this.#markPositions[i] = this.#markPositions[i + 1] ?? 0;
      this.#markTimestamps[i] = this.#markTimestamps[i + 1] ?? 0;
      this.#markArrivals[i] = this.#markArrivals[i + 1] ?? 0;
    }
  }

  /** Moves the read position on by `frames` that were heard. */
  advance(frames: number): void {
    this.#read = Math.min(this.#write, this.#read + frames);
  }

  /** Cuts `[from, to)` out of the audio still to be heard. */
  cut(from: number, to: number): void {
    const removed = to - from;
    this.left.copyWithin(from, to, this.#write);
    if (this.channels === 2) this.right.copyWithin(from, to, this.#write);
    this.kinds.copyWithin(from, to, this.#write);
    this.#write -= removed;
    for (let i = 0; i < this.#markCount; i++) {
      const position = this.#markPositions[i] ?? 0;
      if (position >= to) this.#markPositions[i] = position - removed;
      else if (position > from) this.#markPositions[i] = from;
    }
  }

  /** Drops the audio from `position` on. */
  truncate(position: number): void {
    this.#write = Math.max(this.#read, position);
    while (this.#markCount > 0 && (this.#markPositions[this.#markCount - 1] ?? 0) >= this.#write) this.#markCount--;
  }

  /** Leaves the mean square of `frames` samples before `position`, both channels, in {@link SyncBuffer.energy}. */
  measure(position: number, frames: number): void {
    const { left, right } = this;
    const from = Math.max(0, position - frames);
    let sum = 0;
    for (let i = from; i < position; i++) {
      const a = left[i] ?? 0;
      const b = right[i] ?? 0;
      sum += a * a + b * b;
    }
    this.energy[0] = sum / (2 * Math.max(1, position - from));
  }

  #compact(): void {
    const from = this.#read - HISTORY;
    if (from <= 0) return;
    this.left.copyWithin(0, from, this.#write);
    if (this.channels === 2) this.right.copyWithin(0, from, this.#write);
    this.kinds.copyWithin(0, from, this.#write);
    this.#read -= from;
    this.#write -= from;
    for (let i = 0; i < this.#markCount; i++) this.#markPositions[i] = (this.#markPositions[i] ?? 0) - from;
  }
}
