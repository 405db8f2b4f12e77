import type { Milliseconds } from "../media/units.ts";

/** The least transit is taken over this many buckets … */
const BUCKETS = 10;
/** … of this length, ms: a route change becomes the new reference within ten seconds. */
const BUCKET_MS: Milliseconds = 1000;

/**
 * One-way delay of packets above the least of the last ten seconds, in ms. The clocks of sender and receiver need not agree.
 * Allocates nothing.
 */
export class RelativeDelay {
  readonly #least = new Float64Array(BUCKETS).fill(Number.POSITIVE_INFINITY);
  #bucket = Number.NEGATIVE_INFINITY;

  /** Relative delay, 0 or more, of a packet sent at `sent` (sender's clock, not wrapping) that arrives at `arrival`. */
  update(sent: Milliseconds, arrival: Milliseconds): Milliseconds {
    const transit = arrival - sent;
    const bucket = Math.floor(arrival / BUCKET_MS);
    const first = Math.max(this.#bucket + 1, bucket - BUCKETS + 1);
    for (let i = first; i <= bucket; i++) this.#least[i % BUCKETS] = Number.POSITIVE_INFINITY;
    if (bucket > this.#bucket) this.#bucket = bucket;
    const slot = this.#bucket % BUCKETS;
    this.#least[slot] = Math.min(this.#least[slot] ?? transit, transit);
    let least = transit;
    for (let i = 0; i < BUCKETS; i++) least = Math.min(least, this.#least[i] ?? transit);
    return transit - least;
  }
}
