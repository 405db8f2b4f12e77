import type { Milliseconds } from "../media/units.ts";

/** The estimate stays within these bounds, bit/s with all overhead. The lower one is 60 ms frames of 10 kb/s. */
export const MIN_PATH_RATE = 24_000;
export const MAX_PATH_RATE = 1_000_000;
/** Backing off goes to this share of the measured rate (libwebrtc aimd_rate_control, 2026-07). */
const BACKOFF = 0.85;
/** Growth per second away from the rate at which the path was last congested, and bit/s per second close to it. */
const GROWTH_PER_SECOND = 1.15;
const CAREFUL_GROWTH = 2000;
/** "Close to it" is this share around the congested rate. */
const CAREFUL_RANGE = 0.2;
/** A congested rate is forgotten after this time, ms: paths change. */
const CONGESTION_MEMORY_MS: Milliseconds = 30_000;
/** Growth never gets farther than this above what the path has shown to carry. */
const HEADROOM = { factor: 2, extra: 8000 } as const;
/** A delay slope counts only with a queue of at least this, ms: above clock steps and the jitter of an idle path. */
const MIN_QUEUE_MS: Milliseconds = 25;
/** A queue that has not been shorter than this for a while is congestion whatever its slope, ms. */
const STANDING_QUEUE_MS: Milliseconds = 100;
/** Share of frames kept back by our own gate that means the channel cannot carry the rate. */
const MAX_GATE_SHARE = 0.1;
/** Loss without any queue is taken for random up to this share, and tested by backing off once above it. */
const MAX_RANDOM_LOSS = 0.25;
/** Loss that remains at this share of its old value after backing off did not come from our rate. */
const RATE_INDEPENDENT_SHARE = 0.7;
const LOSS_TEST_MS: Milliseconds = 3000;
/** A queue seen this recently makes loss look like congestion, ms. */
const QUEUE_MEMORY_MS: Milliseconds = 2000;

/** What one feedback report says about the path. */
export interface PathObservation {
  readonly now: Milliseconds;
  /** Rate delivered over the last second or so, bit/s with overhead. */
  readonly deliveredRate: number;
  /** Slope of the delay in units of the overuse threshold. */
  readonly delayTrend: number;
  /** Least relative delay over the last reports, ms. */
  readonly queueMs: Milliseconds;
  /** Recent loss without our own drops, 0..1. */
  readonly loss: number;
  /** Share of frames our own gate kept back recently, 0..1. */
  readonly gateShare: number;
  readonly roundTripMs: Milliseconds;
  /** Whether packets flowed during the report's interval. */
  readonly isActive: boolean;
  /** Whether the path was silent for a while just before: everything measured tells of the outage, not of the rate. */
  readonly isAfterOutage: boolean;
}

/**
 * The rate a path carries, from the delay's slope and level, the loss that a queue explains, and what the send gate kept back.
 * Loss that does not depend on our rate is ignored. Additive growth near the last congestion, multiplicative elsewhere.
 */
export class PathRate {
  /** Estimate in bit/s with all overhead. */
  rate: number;
  /** Why the estimate last moved or stayed. */
  reason = "start";
  #congestedRate: number | undefined;
  #congestedAt: Milliseconds = Number.NEGATIVE_INFINITY;
  #queueAt: Milliseconds = Number.NEGATIVE_INFINITY;
  #updated: Milliseconds | undefined;
  #lossTest: { readonly at: Milliseconds; readonly loss: number } | undefined;
  #isLossIndependent = false;

  constructor(startRate: number) {
    this.rate = clampRate(startRate);
  }

  /** Whether the path was found congested within the last `ms`. */
  wasCongestedWithin(ms: Milliseconds, now: Milliseconds): boolean {
    return now - this.#congestedAt < ms;
  }

  /** Takes one report in. Returns whether the estimate was cut. */
  update(seen: PathObservation): boolean {
    const elapsed = Math.min(1000, seen.now - (this.#updated ?? seen.now));
    this.#updated = seen.now;
    if (!seen.isActive || seen.isAfterOutage) {
      this.reason = seen.isAfterOutage ? "hold: the path was silent just now" : "hold: nothing is being sent";
      return false;
    }
    if (seen.queueMs > MIN_QUEUE_MS) this.#queueAt = seen.now;
    this.#judgeLoss(seen);
    const congestion = this.#congestion(seen);
    if (congestion !== undefined) return this.#backOff(congestion, seen);
    this.#grow(seen, elapsed / 1000);
    return false;
  }

  /** Says what shows congestion, or undefined. */
  #congestion(seen: PathObservation): string | undefined {
    const queue = `${Math.round(seen.queueMs)} ms queue`;
    // A queue that is draining needs no further cut.
    if (seen.queueMs > STANDING_QUEUE_MS && seen.delayTrend > -0.2) return `standing ${queue}`;
    if (seen.delayTrend > 1 && seen.queueMs > MIN_QUEUE_MS) return `delay grows, ${queue}`;
    if (seen.gateShare > MAX_GATE_SHARE) {
      return `the channel did not take ${Math.round(seen.gateShare * 100)} % of the frames`;
    }
    if (seen.loss <= 0.1 || this.#isLossIndependent) return undefined;
    const loss = `${Math.round(seen.loss * 100)} % loss`;
    if (seen.now - this.#queueAt < QUEUE_MEMORY_MS) return `${loss} with a queue`;
    return seen.loss > MAX_RANDOM_LOSS ? `${loss}, testing whether it follows our rate` : undefined;
  }

  #judgeLoss(seen: PathObservation): void {
    if (seen.loss < 0.05) this.#isLossIndependent = false;
    const test = this.#lossTest;
    if (test === undefined || seen.now - test.at < LOSS_TEST_MS) return;
    this.#isLossIndependent = seen.loss > test.loss * RATE_INDEPENDENT_SHARE;
    this.#lossTest = undefined;
  }

  #backOff(congestion: string, seen: PathObservation): boolean {
    const hold = Math.max(300, seen.roundTripMs + 250);
    if (seen.now - this.#congestedAt < hold) return false;
    if (seen.loss > 0.1) this.#lossTest ??= { at: seen.now, loss: seen.loss };
    // What was lost on the way was carried up to the loss: with rate-independent loss it would be counted twice.
    const carried = this.#isLossIndependent ? seen.deliveredRate / (1 - Math.min(0.6, seen.loss)) : seen.deliveredRate;
    const target = clampRate(Math.min(this.rate, BACKOFF * carried));
    this.#congestedRate = clampRate(carried);
    this.#congestedAt = seen.now;
    this.reason = `back off: ${congestion}, ${kilobits(carried)} kb/s carried`;
    const isCut = target < this.rate;
    this.rate = target;
    return isCut;
  }

  #grow(seen: PathObservation, seconds: number): void {
    if (seen.now - this.#congestedAt > CONGESTION_MEMORY_MS) this.#congestedRate = undefined;
    if (seen.now - this.#congestedAt < 1000 || seen.queueMs > STANDING_QUEUE_MS) {
      this.reason = "hold: the queue is draining";
      return;
    }
    const speed = seen.loss > 0.02 ? 0.5 : 1;
    const near = this.#congestedRate !== undefined && Math.abs(this.rate / this.#congestedRate - 1) < CAREFUL_RANGE;
    const grown = near
      ? this.rate + CAREFUL_GROWTH * seconds * speed
      : this.rate * GROWTH_PER_SECOND ** (seconds * speed);
    const carried = seen.deliveredRate / (1 - Math.min(0.6, seen.loss));
    const ceiling = Math.max(this.rate, carried * HEADROOM.factor + HEADROOM.extra);
    this.rate = clampRate(Math.min(grown, ceiling));
    this.reason = near ? "grow carefully near the last congestion" : "grow: no queue, no congestion";
  }
}

function clampRate(rate: number): number {
  return Math.min(MAX_PATH_RATE, Math.max(MIN_PATH_RATE, rate));
}

function kilobits(rate: number): number {
  return Math.round(rate / 1000);
}
