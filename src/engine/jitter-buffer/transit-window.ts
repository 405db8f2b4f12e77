import type { Samples } from "../media/units.ts";

/** Width of a histogram bucket: 0.5 ms, finer than a render quantum of 128 samples. */
const BUCKET_SAMPLES = 24;
/** 1.28 s of transit; what is outside counts in the first or the last bucket. */
const BUCKETS = 2560;
/** Where the first transit lands, so that as much as 320 ms less still has a bucket. */
const ANCHOR_BUCKET = 640;
/** Most entries kept: 8 s of 2.5 ms frames. */
const CAPACITY = 4096;
const MASK = CAPACITY - 1;

/**
 * The transits of the frames of the last few seconds, as a sliding window with a histogram. Transit = playout clock at arrival minus
 * RTP timestamp: its unknown constant is the same for all frames of a stream, so a delay read from here is on the scale on
 * which frames are played. Adding, expiring and reading are O(1) or a scan of the histogram; nothing allocates.
 */
export class TransitWindow {
  readonly #counts = new Uint16Array(BUCKETS);
  readonly #times = new Float64Array(CAPACITY);
  readonly #transits = new Float64Array(CAPACITY);
  #head = 0;
  #tail = 0;
  #origin = 0;
  #lowest = BUCKETS;
  #highest = -1;

  /** Frames in the window. */
  get count(): number {
    return this.#tail - this.#head;
  }

  /** Adds a frame that became available at `now` (samples of the playout clock, never decreasing). */
  add(now: Samples, transit: Samples): void {
    if (this.count === CAPACITY) this.#dropOldest();
    if (this.count === 0) this.#origin = transit - ANCHOR_BUCKET * BUCKET_SAMPLES;
    const slot = this.#tail & MASK;
    this.#times[slot] = now;
    this.#transits[slot] = transit;
    this.#tail++;
    if (transit < this.#origin) this.#rebuild();
    else this.#count(transit);
  }

  /** Forgets frames that became available before `time`. */
  expireBefore(time: Samples): void {
    while (this.#head < this.#tail && (this.#times[this.#head & MASK] ?? 0) < time) this.#dropOldest();
  }

  /** Smallest transit in the window, to a bucket's width from below; 0 when it is empty. */
  get minimum(): Samples {
    if (this.count === 0) return 0;
    return this.#origin + this.#lowestBucket() * BUCKET_SAMPLES;
  }

  /**
   * The transit which all but `allowance` frames stay under, to a bucket's width from above; 0 when the window is empty.
   *
   * @param allowance frames that may be later, 0 for none; may be fractional, then the edge is interpolated
   */
  upperBound(allowance: number): Samples {
    if (this.count === 0) return 0;
    const counts = this.#counts;
    let remaining = Math.min(allowance, this.count - 1);
    for (let bucket = this.#highestBucket(); bucket >= 0; bucket--) {
      const inBucket = counts[bucket] ?? 0;
      if (inBucket > remaining) return this.#origin + (bucket + 1 - remaining / inBucket) * BUCKET_SAMPLES;
      remaining -= inBucket;
    }
    return this.#origin;
  }

  /**
   * The transit at which playing costs least: the transit itself, plus a price for each share of frames that come later, a lower one
   * for those that come only a little later.
   *
   * @param price cost in samples of having all frames later by more than `bridged`
   * @param bridgedPrice the same for later by up to `bridged` samples
   */
  cheapest(price: number, bridgedPrice: number, bridged: Samples): Samples {
    const { count } = this;
    if (count === 0) return 0;
    const counts = this.#counts;
    const highest = this.#highestBucket();
    const lowest = this.#lowestBucket();
    const reach = Math.round(bridged / BUCKET_SAMPLES);
    let best = Number.POSITIVE_INFINITY;
    let found = highest;
    // Frames later than the upper edge of `bucket`, and those later by more than `reach` buckets.
    let above = 0;
    let farAbove = 0;
    for (let bucket = highest; bucket >= lowest; bucket--) {
      const cost = bucket * BUCKET_SAMPLES + (price * farAbove + bridgedPrice * (above - farAbove)) / count;
      if (cost < best) {
        best = cost;
        found = bucket;
      }
      above += counts[bucket] ?? 0;
      if (bucket + reach <= highest) farAbove += counts[bucket + reach] ?? 0;
    }
    return this.#origin + (found + 1) * BUCKET_SAMPLES;
  }

  /** Frames whose transit is above `transit`, to a bucket's width. */
  countAbove(transit: Samples): number {
    const first = Math.max(0, Math.ceil((transit - this.#origin) / BUCKET_SAMPLES));
    let above = 0;
    for (let bucket = this.#highestBucket(); bucket >= first; bucket--) above += this.#counts[bucket] ?? 0;
    return above;
  }

  /** Forgets everything. */
  clear(): void {
    this.#head = this.#tail;
    this.#counts.fill(0);
    this.#lowest = BUCKETS;
    this.#highest = -1;
  }

  #bucketOf(transit: Samples): number {
    const bucket = Math.floor((transit - this.#origin) / BUCKET_SAMPLES);
    return bucket < 0 ? 0 : bucket >= BUCKETS ? BUCKETS - 1 : bucket;
  }

  #count(transit: Samples): void {
    const bucket = this.#bucketOf(transit);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (bucket < this.#lowest) this.#lowest = bucket;
    if (bucket > this.#highest) this.#highest = bucket;
  }

  #dropOldest(): void {
    const bucket = this.#bucketOf(this.#transits[this.#head & MASK] ?? 0);
    this.#counts[bucket] = (this.#counts[bucket] ?? 1) - 1;
    this.#head++;
  }

  #lowestBucket(): number {
    while (this.#lowest < BUCKETS && this.#counts[this.#lowest] === 0) this.#lowest++;
    return this.#lowest;
  }

  #highestBucket(): number {
    while (this.#highest >= 0 && this.#counts[this.#highest] === 0) this.#highest--;
    return this.#highest;
  }

  /** Moves the histogram's origin down so that the newest transit has a bucket of its own; rare. */
  #rebuild(): void {
    let least = Number.POSITIVE_INFINITY;
    for (let i = this.#head; i < this.#tail; i++) least = Math.min(least, this.#transits[i & MASK] ?? 0);
    this.#origin = least - (ANCHOR_BUCKET / 2) * BUCKET_SAMPLES;
    this.#counts.fill(0);
    this.#lowest = BUCKETS;
    this.#highest = -1;
    for (let i = this.#head; i < this.#tail; i++) this.#count(this.#transits[i & MASK] ?? 0);
  }
}
