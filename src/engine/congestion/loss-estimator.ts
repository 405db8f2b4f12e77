import type { Milliseconds } from "../media/units.ts";

/** Time constants of the quick and the slow loss average, ms: the same for few long packets as for many short ones. */
const QUICK_MS: Milliseconds = 1200;
const SLOW_MS: Milliseconds = 3500;
/** The quick average is noisy: this share of it must exceed the slow one to count. */
const QUICK_SHARE = 0.7;
/** A pause in sending counts as this much time at most, ms. */
const MAX_STEP_MS: Milliseconds = 120;
/** The averages begin as if this much time without loss had passed, ms: one early loss is not read as a share of one half. */
const START_MS: Milliseconds = 400;
/** Forgetting per burst of the burst-length histogram: about the last 30 bursts count. */
const BURST_DECAY = 1 - 1 / 30;
/** Bursts longer than this are outages, which no redundancy covers; they count as this long. */
const MAX_BURST = 16;
/** Bursts are forgotten after this long without loss, ms. */
const CLEAN_MS: Milliseconds = 30_000;

/**
 * Loss and burst length of a path, from the fate of each packet in sending order. A slow average counts, unless a quick one is much
 * worse: protection comes soon and leaves slowly. Allocates nothing.
 */
export class LossEstimator {
  readonly #bursts = new Float64Array(MAX_BURST + 1);
  #watchedMs: Milliseconds = START_MS;
  #lastSent: Milliseconds = Number.NEGATIVE_INFINITY;
  #lastLoss: Milliseconds = Number.NEGATIVE_INFINITY;
  #quick = 0;
  #slow = 0;
  #run = 0;
  #cleanMs: Milliseconds = 0;

  /** Takes the fate of the next packet, sent at `sent` (ms, not decreasing). */
  update(isLost: boolean, sent: Milliseconds): void {
    const elapsed = Math.min(MAX_STEP_MS, Math.max(0, sent - this.#lastSent));
    this.#lastSent = sent;
    this.#watchedMs += elapsed;
    const lost = isLost ? 1 : 0;
    this.#quick += (lost - this.#quick) * Math.min(1, Math.max(elapsed / QUICK_MS, elapsed / this.#watchedMs));
    this.#slow += (lost - this.#slow) * Math.min(1, Math.max(elapsed / SLOW_MS, elapsed / this.#watchedMs));
    this.#cleanMs += elapsed;
    if (isLost) {
      this.#cleanMs = 0;
      this.#run++;
      this.#lastLoss = sent;
      return;
    }
    if (sent - this.#lastLoss > CLEAN_MS) this.#bursts.fill(0);
    if (this.#run === 0) return;
    for (let length = 1; length <= MAX_BURST; length++)
      this.#bursts[length] = (this.#bursts[length] ?? 0) * BURST_DECAY;
    const length = Math.min(MAX_BURST, this.#run);
    this.#bursts[length] = (this.#bursts[length] ?? 0) + 1;
    this.#run = 0;
  }

  /** Smoothed share of lost packets, 0..1. */
  get fraction(): number {
    return Math.max(this.#slow, this.#quick * QUICK_SHARE);
  }

  /** Share of lost packets over the last second or so, 0..1. */
  get recentFraction(): number {
    return this.#quick;
  }

  /** Share of lost packets over the last seconds without emphasis, 0..1. */
  get averageFraction(): number {
    return this.#slow;
  }

  /** Time for which packets flowed without any loss, ms. */
  get cleanMs(): Milliseconds {
    return this.#cleanMs;
  }

  /** Mean length of the recent loss bursts in packets, 1 without any. */
  get meanBurst(): number {
    let weight = 0;
    let sum = 0;
    for (let length = 1; length <= MAX_BURST; length++) {
      weight += this.#bursts[length] ?? 0;
      sum += length * (this.#bursts[length] ?? 0);
    }
    return weight > 0 ? sum / weight : 1;
  }

  /** The burst length, in packets, that a share `quantile` (0..1) of recent bursts does not exceed; 1 without any. */
  burstQuantile(quantile: number): number {
    let weight = 0;
    for (let length = 1; length <= MAX_BURST; length++) weight += this.#bursts[length] ?? 0;
    let sum = 0;
    for (let length = 1; length <= MAX_BURST; length++) {
      sum += this.#bursts[length] ?? 0;
      if (sum >= quantile * weight) return length;
    }
    return MAX_BURST;
  }
}
