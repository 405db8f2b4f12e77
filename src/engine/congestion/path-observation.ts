import type { Milliseconds } from "../media/units.ts";

/** A delay slope counts only with a queue of at least this, ms: above clock steps and the jitter of an idle path. */
const MIN_QUEUE_MS: Milliseconds = 25;
/** On a jittery path the quickest of a second's packets is late by chance, rarely by more than this share of the mean jitter. */
const JITTER_SHARE = 0.6;
/** So seldom are the quickest of some packets, whose delays vary evenly up to twice their mean, slower than what counts as jitter. */
const UNLIKELY = 0.001;

/** What one feedback report says about the path. */
export interface PathObservation {
  readonly now: Milliseconds;
  /** Rate delivered over the last second or so, bit/s with overhead. */
  readonly deliveredRate: number;
  /** The same over the time in which somebody talked, bit/s. */
  readonly activeRate: number;
  /** Slope of the delay in units of the overuse threshold. */
  readonly delayTrend: number;
  /** Least relative delay over the last reports, ms. */
  readonly queueMs: Milliseconds;
  /** Packets of which that is the least, and the reports that told of them. */
  readonly queuePackets: number;
  readonly queueReports: number;
  /** The same of the newest report alone, ms. */
  readonly newestQueueMs: Milliseconds;
  /** Mean delay of packets above the quickest of the same report, ms. */
  readonly jitterMs: Milliseconds;
  /** Loss of the last seconds without our own drops, 0..1. */
  readonly loss: number;
  /** Loss of the last second or so, 0..1: noisy, but it tells soon what a change of our rate did. */
  readonly recentLoss: number;
  /** Share of frames our own gate kept back recently, 0..1. */
  readonly gateShare: number;
  readonly roundTripMs: Milliseconds;
  /** Whether packets flowed during the report's interval. */
  readonly isActive: boolean;
  /** Share of the last second or so for which frames were made, 0..1: low in a pause of the talker. */
  readonly activeShare: number;
  /** Whether the path was silent for a while just before: everything measured tells of the outage, not of the rate. */
  readonly isAfterOutage: boolean;
  /** Packets whose arrival this report was the first to tell of, and their mean relative delay. */
  readonly packets: number;
  readonly meanDelayMs: Milliseconds;
  /** Whether it covers all the time since the last report that came. */
  readonly isWhole: boolean;
}

/** What was sent, from what arrived and the share that did not. */
export function sentRate(seen: PathObservation): number {
  return seen.activeRate / (1 - Math.min(0.6, seen.loss));
}

/** What was sent, and what would have been sent had the channel taken it: how deep it is stuck is chance, not the path's rate. */
export function offeredRate(seen: PathObservation): number {
  return sentRate(seen) / (1 - Math.min(0.6, seen.gateShare));
}

/** Whether the quickest packets wait longer than jitter explains: of few even the quickest may be slow. */
export function hasQueue({ queueMs, jitterMs, queuePackets, queueReports }: PathObservation): boolean {
  // The quickest of n packets is not at the lower end of the jitter, so the others are farther above that end than above it.
  const each = queuePackets / Math.max(1, queueReports);
  const widthMs = each > 1 ? (2 * jitterMs * (each + 1)) / (each - 1) : Number.POSITIVE_INFINITY;
  const chanceMs = jitterMs > 0 ? widthMs * (1 - UNLIKELY ** (1 / Math.max(1, queuePackets))) : 0;
  return queueMs > Math.max(MIN_QUEUE_MS, jitterMs * JITTER_SHARE, chanceMs);
}
