import { millisecondsToSamples, type Samples } from "../media/units.ts";

const CAPACITY = 32;
/** A frame is stalled, not jittered, when it comes this much later than the jitter's bound… */
const STALL_EXCESS = millisecondsToSamples(40);
/** …and what was held back with it arrives within this long after it. */
const BURST = millisecondsToSamples(30);
/** After a pause of the sender as long as this, that nothing came is no sign of a stall. */
const PAUSE = millisecondsToSamples(100);

/**
 * Recognises stalls (nothing at all arrives, then everything at once: a Wi-Fi roam, a full queue) and remembers the transit that would
 * have bridged each. Keeps them out of the jitter statistics: how long to provide for a stall is a choice, not a quantile.
 */
export class StallHistory {
  readonly #times = new Float64Array(CAPACITY);
  readonly #transits = new Float64Array(CAPACITY);
  #next = 0;
  #lastArrival = Number.NEGATIVE_INFINITY;
  #burstEnd = Number.NEGATIVE_INFINITY;
  #newestHeld = Number.NEGATIVE_INFINITY;
  #newest = Number.NEGATIVE_INFINITY;
  /** The last silence of the path, when it ended, and the newest frame that had come before it. */
  #silence = 0;
  #silenceEnd = Number.NEGATIVE_INFINITY;
  #newestBefore = Number.NEGATIVE_INFINITY;

  /**
   * Takes the arrival of a packet, before its transit is counted.
   *
   * @param now playout clock, samples
   * @param sentAt unwrapped media time of the frame, and the time for which the sender held it back on purpose
   * @param minimum smallest transit of late, samples
   * @param bound transit that jitter alone stays under, samples
   * @returns whether the frame was held back by a stall and says nothing about jitter
   */
  isHeldBack(now: Samples, sentAt: Samples, minimum: Samples, bound: Samples): boolean {
    const transit = now - sentAt;
    const excess = transit - bound;
    const silence = now - this.#lastArrival;
    this.#lastArrival = now;
    if (silence > BURST) {
      this.#silence = silence;
      this.#silenceEnd = now;
      this.#newestBefore = this.#newest;
    }
    if (sentAt > this.#newest) this.#newest = sentAt;
    const step = sentAt - this.#newestBefore;
    // It was due a step after what came before the silence: what the silence was longer than that, it was held back for.
    const isHeld = this.#silence - Math.max(0, step) > 0.6 * excess;
    if (now <= this.#silenceEnd + BURST && excess > STALL_EXCESS && isHeld) {
      // What was held back may arrive in any order: a frame that follows what came before the silence tells that it was no pause.
      if (step > 0 && step < PAUSE && now > this.#burstEnd) {
        this.#remember(now, transit);
        this.#burstEnd = now + BURST;
        this.#newestHeld = now - minimum;
      } else if (now <= this.#burstEnd) this.#lengthen(transit);
      return true;
    }
    if (!this.isInBurst(now, sentAt)) return false;
    this.#lengthen(transit);
    return true;
  }

  /** Whether a frame comes with what the last stall held back. */
  isInBurst(now: Samples, sentAt: Samples): boolean {
    return now <= this.#burstEnd && sentAt <= this.#newestHeld;
  }

  /**
   * Transit that would have bridged the stalls since `time`, but those over `limit`; −∞ when there was none.
   *
   * @param spared how far the longest of several is left out, 0…1: at 1 the second longest counts
   */
  peakSince(time: Samples, limit: Samples, spared: number): Samples {
    let first = Number.NEGATIVE_INFINITY;
    let second = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < Math.min(this.#next, CAPACITY); i++) {
      const transit = this.#transits[i] ?? 0;
      if ((this.#times[i] ?? 0) < time || transit > limit) continue;
      if (transit > first) {
        second = first;
        first = transit;
      } else if (transit > second) second = transit;
    }
    return second === Number.NEGATIVE_INFINITY ? first : first + (second - first) * spared;
  }

  /** Stalls since `time`. */
  countSince(time: Samples): number {
    let count = 0;
    for (let i = 0; i < Math.min(this.#next, CAPACITY); i++) if ((this.#times[i] ?? 0) >= time) count++;
    return count;
  }

  /** Forgets everything. */
  clear(): void {
    this.#next = 0;
    this.#lastArrival = Number.NEGATIVE_INFINITY;
    this.#burstEnd = Number.NEGATIVE_INFINITY;
    this.#newest = Number.NEGATIVE_INFINITY;
    this.#silenceEnd = Number.NEGATIVE_INFINITY;
    this.#newestBefore = Number.NEGATIVE_INFINITY;
  }

  /** The newest stall would have needed as much as `transit`. */
  #lengthen(transit: Samples): void {
    const newest = (this.#next + CAPACITY - 1) % CAPACITY;
    this.#transits[newest] = Math.max(this.#transits[newest] ?? 0, transit);
  }

  #remember(now: Samples, transit: Samples): void {
    const slot = this.#next % CAPACITY;
    this.#times[slot] = now;
    this.#transits[slot] = transit;
    this.#next++;
  }
}
