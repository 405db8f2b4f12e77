import type { Milliseconds } from "../media/units.ts";
import { hasQueue, offeredRate, type PathObservation, sentRate } from "./path-observation.ts";

/** The estimate stays within these bounds, bit/s with all overhead. The lower one is 10 kb/s in packets of two frames of 60 ms. */
export const MIN_PATH_RATE = 19_000;
export const MAX_PATH_RATE = 1_000_000;
/** Backing off goes to this share of the measured rate (libwebrtc aimd_rate_control, 2026-07). */
const BACKOFF = 0.85;
/** Growth per second while no congestion is remembered. */
const GROWTH_PER_SECOND = 1.15;
/** Growth in bit/s per second up to this share of the rate that was carried under congestion, and no farther while it is remembered. */
const CAREFUL_GROWTH = 2000;
const CAREFUL_SHARE = 0.95;
/**
 * Time after which a congested rate is forgotten and more is tried, ms: paths change. It doubles each time that the path turns out
 * congested at about the same rate again, so that trying costs ever less.
 */
const FIRST_MEMORY_MS: Milliseconds = 8000;
const MAX_MEMORY_MS: Milliseconds = 120_000;
/** "About the same rate" is this factor up or down. */
const SAME_RATE = 1.3;
/** A queue this long, ms, is drained by leaving frames out at this share of what the path carries: delay must not stay. */
const OVERFULL_MS: Milliseconds = 250;
const OVERFULL_SHARE = 0.5;
const MIN_DRAIN_RATE = 12_000;
/** A standing queue is to be gone within this time, ms; the rate gives up at most this share of what is carried for it. */
const DRAIN_MS: Milliseconds = 2000;
const MAX_DRAIN_SHARE = 0.4;
/** Share of the carried rate that is resumed when the queue is gone. */
const RESUME_SHARE = 0.9;
/** Share of a rate shown by a single packet that is taken at once, the most by which it may raise the estimate, and the least worth a change. */
const PROOF = { share: 0.85, step: 3, gain: 1.1 } as const;
/** Growth never gets farther than this above what the path has shown to carry. */
const HEADROOM = { factor: 1.6, extra: 8000 } as const;
/** A queue that has not been shorter than this for a while is congestion whatever its slope, ms. */
const STANDING_QUEUE_MS: Milliseconds = 100;
/** A queue that has not lost more than this share and this time, ms, this long after a cut is a longer route: no cut shortens it. */
const ROUTE_TEST_MS: Milliseconds = 2000;
const ROUTE_LOSS = { share: 0.15, extra: 8 } as const;
/** No route becomes longer by more than this, ms: over a satellite it is 270. */
const MAX_ROUTE_MS: Milliseconds = 500;
/** Unless it has grown on: above this multiple of what it was, and by this much, it is a queue all the same. */
const GROWN = { factor: 1.4, extra: 30 } as const;
/** Share of frames kept back by our own gate that means the channel cannot carry the rate. */
const MAX_GATE_SHARE = 0.1;
/** Successive reports that must show it: a busy machine keeps frames back in single bursts. */
const GATE_REPORTS = 3;
/**
 * Share of time in which somebody has to talk before loss is put down to the rate, and before a queue is: what next to nothing is sent
 * into is not filled by it, and gets shorter by no cut.
 */
const MIN_ACTIVE_SHARE = { loss: 0.7, queue: 0.4 } as const;
/** Loss without any queue is taken for random up to this share, and tested by backing off once above it. */
const MAX_RANDOM_LOSS = 0.3;
/** Loss that remains at this share of its old value after backing off did not come from our rate. */
const RATE_INDEPENDENT_SHARE = 0.7;
const LOSS_TEST_MS: Milliseconds = 3500;
/** Reports that stay away are congestion until they come and tell otherwise: the rate is halved each time this long has passed, ms. */
const SILENCE_STEP_MS: Milliseconds = 600;
/** After this long without any the path is down, or the peer: going slow helps nobody, and in a group it would slow the others, ms. */
const DOWN_MS: Milliseconds = 4000;
/** Loss at which a queue is no longer route, whatever its length: it is drained while that is being tested. */
const OVERFLOW_LOSS = 0.15;
/** Further connections are there within this time, ms: a few round trips of a long path with some loss. */
const CONNECTING_MS: Milliseconds = 4000;
/** Cuts no farther apart than this have one cause: what shows one of them mistaken takes all of them back, ms. */
const EPISODE_MS: Milliseconds = 6000;
/** A queue seen this recently makes loss look like congestion, ms. */
const QUEUE_MEMORY_MS: Milliseconds = 2000;
/** Successive reports that must show a queue before loss is put down to it: on a jittery path single ones do by chance. */
const QUEUE_REPORTS = 4;

/**
 * The rate a path carries, from the delay's slope and level, the loss that a queue explains, and what the send gate kept back.
 * Loss that does not depend on our rate is ignored. Growth stops short of a rate that was congested until that is forgotten.
 */
export class PathRate {
  /** Estimate in bit/s with all overhead. */
  rate: number;
  /** Rate to leave frames out down to while the path's queue is too long, bit/s; undefined while it is not. */
  drainRate: number | undefined;
  /** Whether packets waited in the path's queue by the last report, longer route and jitter taken off. */
  isQueued = false;
  /** Why the estimate last moved or stayed. */
  reason = "start";
  #congestedRate: number | undefined;
  #memoryMs: Milliseconds = FIRST_MEMORY_MS;
  #formerRate = 0;
  #isDraining = false;
  #congestedAt: Milliseconds = Number.NEGATIVE_INFINITY;
  #queueAt: Milliseconds = Number.NEGATIVE_INFINITY;
  #queueReports = 0;
  #gateReports = 0;
  #updated: Milliseconds | undefined;
  #lossTest: { readonly at: Milliseconds; readonly loss: number; readonly rate: number } | undefined;
  #isLossIndependent = false;
  #routeTest:
    | { readonly at: Milliseconds; queueMs: Milliseconds; longestMs: Milliseconds; isSingle: boolean }
    | undefined;
  /** Part of the reported queue that is a longer route. */
  #routeMs: Milliseconds = 0;
  /** The rate before reports stayed away, and how often it was halved since. */
  #beforeSilence: number | undefined;
  #silenceSteps = 0;
  #isQuiet = false;
  #isGated = false;
  /** The rate before the first of several cuts in a row. */
  #beforeCuts = 0;
  #gateCountsFrom: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(startRate: number) {
    this.rate = clampRate(startRate);
  }

  /** Whether the path was found congested and more should not be tried yet. */
  get remembersCongestion(): boolean {
    return this.#congestedRate !== undefined;
  }

  /**
   * Whether a single longer packet can show what the path carries: nothing queues, nothing is being judged, and it was not the
   * channel's own window that was too small.
   */
  get canBeProven(): boolean {
    return this.#isQuiet && !this.#isGated && this.#routeTest === undefined && this.#lossTest === undefined;
  }

  /** Takes what a single packet has shown the path to carry, bit/s. Says whether the estimate rose. */
  prove(carried: number): boolean {
    const proven = clampRate(Math.min(PROOF.share * carried, PROOF.step * this.rate));
    if (!this.canBeProven || proven < this.rate * PROOF.gain) return false;
    this.#congestedRate = undefined;
    this.#isDraining = false;
    this.rate = proven;
    this.reason = `raise: a longer packet went through at ${kilobits(carried)} kb/s`;
    return true;
  }

  /** What is known of the path: the estimate, without what was given up only because reports stay away; bit/s. */
  get known(): number {
    return this.#beforeSilence ?? this.rate;
  }

  /** Whether reports stay away, or have not told yet what that meant. */
  get isInDoubt(): boolean {
    return this.#beforeSilence !== undefined;
  }

  /**
   * More connections have been asked for: that the windows of those in use keep frames back says nothing of the path until the others
   * are there.
   */
  expectConnections(now: Milliseconds): void {
    this.#gateCountsFrom = now + CONNECTING_MS;
  }

  /** Takes one report in. Says whether the estimate was cut, or an earlier cut was found mistaken and taken back. */
  update(reported: PathObservation): "cut" | "restored" | undefined {
    this.#routeMs = Math.min(this.#routeMs, reported.queueMs);
    if (this.#judgeSilence(reported) || this.#judgeRoute(reported) || this.#judgeLoss(reported)) return "restored";
    const { queueMs, newestQueueMs } = reported;
    const seen = { ...reported, queueMs: queueMs - this.#routeMs, newestQueueMs: newestQueueMs - this.#routeMs };
    const isQueued = hasQueue(seen);
    const isTested = this.#routeTest !== undefined && seen.loss < OVERFLOW_LOSS;
    const isOverfull = seen.queueMs > OVERFULL_MS && isQueued && !isTested;
    this.drainRate = isOverfull ? Math.max(MIN_DRAIN_RATE, OVERFULL_SHARE * seen.deliveredRate) : undefined;
    const elapsed = Math.min(1000, seen.now - (this.#updated ?? seen.now));
    this.#updated = seen.now;
    // What stands in a queue all the time was not held back by an outage.
    const isAfterOutage = seen.isAfterOutage && seen.newestQueueMs <= STANDING_QUEUE_MS;
    if (!seen.isActive || isAfterOutage) {
      this.#isQuiet = false;
      this.reason = isAfterOutage ? "hold: the path was silent just now" : "hold: nothing is being sent";
      return undefined;
    }
    this.isQueued = isQueued;
    this.#isQuiet = !this.isQueued && seen.delayTrend < 1 && seen.now - this.#congestedAt > 1000;
    this.#gateReports = seen.gateShare > MAX_GATE_SHARE ? this.#gateReports + 1 : 0;
    this.#queueReports = this.isQueued ? this.#queueReports + 1 : 0;
    if (this.#queueReports >= QUEUE_REPORTS) this.#queueAt = seen.now;
    const congestion = this.#congestion(seen);
    if (congestion !== undefined) return this.#backOff(congestion, seen) ? "cut" : undefined;
    this.#grow(seen, elapsed / 1000);
    return undefined;
  }

  /**
   * Gives way while reports stay away: a path that is down loses nothing by it, one that is overfull gets room for them. `silenceMs` is for
   * how long, 0 while they come. Says whether the estimate was cut, or that taken back.
   */
  silence(silenceMs: Milliseconds, now: Milliseconds): "cut" | "restored" | undefined {
    if (silenceMs === 0) return undefined;
    const before = this.#beforeSilence;
    if (before !== undefined && silenceMs >= DOWN_MS) {
      this.#silenceSteps = Number.POSITIVE_INFINITY;
      return this.#giveBack(before, "the path is down") ? "restored" : undefined;
    }
    if (before === undefined) this.#silenceSteps = 0;
    if (silenceMs < SILENCE_STEP_MS * (this.#silenceSteps + 1) || this.rate === MIN_PATH_RATE) return undefined;
    this.#noteEpisode(now);
    this.#beforeSilence ??= this.rate;
    this.#silenceSteps++;
    this.rate = clampRate(this.rate / 2);
    this.#congestedAt = now;
    this.reason = `back off: no report for ${Math.round(silenceMs)} ms`;
    return "cut";
  }

  /** The first report after a silence tells what it was: an overfull path, or one that was down and is back as it was. */
  #judgeSilence(seen: PathObservation): boolean {
    const before = this.#beforeSilence;
    // A listener that got nothing knows nothing of a queue.
    if (before === undefined || seen.packets === 0) return false;
    this.#beforeSilence = undefined;
    const isFull = seen.newestQueueMs - this.#routeMs > STANDING_QUEUE_MS;
    if (!isFull) return this.#giveBack(before, "the path was down, not full");
    this.#remember(clampRate(seen.deliveredRate), seen.now);
    this.#isDraining = true;
    return false;
  }

  /** Says what shows congestion, or undefined. */
  #congestion(seen: PathObservation): string | undefined {
    const queue = `${Math.round(seen.queueMs)} ms queue`;
    // A queue that is draining needs no further cut.
    // While a cut is being judged by what it does to the queue, another would say nothing, unless the queue grows on.
    const test = this.#routeTest;
    const isJudged = test !== undefined && !isGrown(seen.queueMs + this.#routeMs, test.queueMs);
    const isOurs = !isJudged && seen.activeShare >= MIN_ACTIVE_SHARE.queue;
    if (isOurs && seen.delayTrend > 1 && this.isQueued) return `delay grows, ${queue}`;
    // A queue that fills within a second is seen by its newest report alone.
    if (isOurs && seen.delayTrend > 1 && seen.newestQueueMs > OVERFULL_MS) {
      return `delay grows fast, ${Math.round(seen.newestQueueMs)} ms queue`;
    }
    const isStanding = seen.queueMs > STANDING_QUEUE_MS && this.isQueued && seen.delayTrend > -0.2;
    if (isOurs && isStanding) return `standing ${queue}`;
    if (this.#gateReports >= GATE_REPORTS && seen.now >= this.#gateCountsFrom) {
      return `the channel did not take ${Math.round(seen.gateShare * 100)} % of the frames`;
    }
    // In a pause a few packets have to stand for the queue, and what is delivered says nothing of what could be.
    if (seen.loss <= 0.1 || seen.activeShare < MIN_ACTIVE_SHARE.loss) return undefined;
    if (this.#isLossIndependent || this.#lossTest !== undefined) return undefined;
    const loss = `${Math.round(seen.loss * 100)} % loss`;
    if (seen.now - this.#queueAt < QUEUE_MEMORY_MS) return `${loss} with a queue`;
    return seen.loss <= MAX_RANDOM_LOSS ? undefined : `${loss}, testing whether it follows our rate`;
  }

  /** Ends a test of whether loss follows our rate; when it does not, the cut was for nothing and is taken back. */
  #judgeLoss(seen: PathObservation): boolean {
    if (seen.loss < 0.05) this.#isLossIndependent = false;
    const test = this.#lossTest;
    if (test === undefined || seen.now - test.at < LOSS_TEST_MS) return false;
    this.#lossTest = undefined;
    // A full queue loses packets at any rate until it is drained.
    const isQueued = hasQueue(seen) && (seen.delayTrend > 1 || seen.queueMs - this.#routeMs > STANDING_QUEUE_MS);
    this.#isLossIndependent = !isQueued && seen.recentLoss > test.loss * RATE_INDEPENDENT_SHARE;
    if (!this.#isLossIndependent) return false;
    return this.#takeBack(test.rate, "loss does not follow our rate");
  }

  /** A queue that a cut did not shorten, and that was never longer, is a longer route; the cut is taken back. */
  #judgeRoute(reported: PathObservation): boolean {
    const test = this.#routeTest;
    if (test === undefined) return false;
    const { queueMs } = reported;
    // The quickest of one report's few packets may have been slow by chance; that of two is not.
    if (test.isSingle) test.queueMs = Math.min(test.queueMs, reported.newestQueueMs);
    test.isSingle = false;
    test.longestMs = Math.max(test.longestMs, queueMs);
    if (reported.now - test.at < ROUTE_TEST_MS + reported.roundTripMs) return false;
    this.#routeTest = undefined;
    const shortest = test.queueMs * (1 - ROUTE_LOSS.share) - ROUTE_LOSS.extra;
    if (queueMs < shortest || queueMs > MAX_ROUTE_MS || isGrown(test.longestMs, test.queueMs)) return false;
    this.#routeMs = queueMs;
    return this.#takeBack(this.#beforeCuts, `the route is ${Math.round(queueMs)} ms longer`);
  }

  #takeBack(rate: number, finding: string): boolean {
    this.#forgetCongestion();
    return this.#giveBack(rate, finding);
  }

  #giveBack(rate: number, finding: string): boolean {
    this.reason = `resume: ${finding}`;
    if (rate <= this.rate) return false;
    this.rate = rate;
    return true;
  }

  #forgetCongestion(): void {
    this.#congestedRate = undefined;
    this.#formerRate = 0;
    this.#isDraining = false;
  }

  #backOff(congestion: string, seen: PathObservation): boolean {
    const hold = Math.max(300, seen.roundTripMs + 250);
    if (seen.now - this.#congestedAt < hold) return false;
    this.#noteEpisode(seen.now);
    if (seen.loss > 0.1) this.#lossTest ??= { at: seen.now, loss: seen.loss, rate: this.rate };
    const { isQueued } = this;
    if (isQueued || seen.newestQueueMs > OVERFULL_MS) {
      const queueMs = (isQueued ? seen.queueMs : seen.newestQueueMs) + this.#routeMs;
      this.#routeTest ??= { at: seen.now, queueMs, longestMs: 0, isSingle: !isQueued };
    }
    // Without a queue, what was lost on the way was carried up to the loss: it would be counted twice.
    const carried = isQueued ? seen.deliveredRate : offeredRate(seen);
    this.#remember(clampRate(carried), seen.now);
    const drain = seen.queueMs > STANDING_QUEUE_MS ? Math.min(MAX_DRAIN_SHARE, seen.queueMs / DRAIN_MS) : 0;
    const target = clampRate(Math.min(this.rate, (BACKOFF - drain) * carried));
    this.#isGated = this.#gateReports >= GATE_REPORTS;
    this.#isDraining = isQueued;
    this.reason = `back off: ${congestion}, ${kilobits(carried)} kb/s carried`;
    const isCut = target < this.rate;
    this.rate = target;
    return isCut;
  }

  /** A cut is coming: the first of several remembers what to go back to. */
  #noteEpisode(now: Milliseconds): void {
    if (now - this.#congestedAt > EPISODE_MS) this.#beforeCuts = this.rate;
  }

  #remember(carried: number, now: Milliseconds): void {
    const isSame = carried < this.#formerRate * SAME_RATE && carried > this.#formerRate / SAME_RATE;
    // Several cuts in a row are one congestion.
    if (this.#congestedRate === undefined) {
      this.#memoryMs = isSame ? Math.min(MAX_MEMORY_MS, this.#memoryMs * 2) : FIRST_MEMORY_MS;
    }
    this.#congestedRate = carried;
    this.#formerRate = carried;
    this.#congestedAt = now;
  }

  #grow(seen: PathObservation, seconds: number): void {
    if (seen.now - this.#congestedAt > this.#memoryMs) {
      this.#congestedRate = undefined;
      this.#isGated = false;
    }
    if (seen.now - this.#congestedAt < 1000 || (seen.queueMs > STANDING_QUEUE_MS && this.isQueued)) {
      this.reason = "hold: the queue is draining";
      return;
    }
    const congested = this.#congestedRate;
    if (congested !== undefined) {
      const resumed = this.#isDraining && !this.isQueued ? congested * RESUME_SHARE : 0;
      if (resumed > 0) this.#isDraining = false;
      const careful = Math.min(congested * CAREFUL_SHARE, this.rate + CAREFUL_GROWTH * seconds);
      this.rate = clampRate(Math.max(this.rate, resumed, careful));
      this.reason = `grow carefully: congested at ${kilobits(congested)} kb/s of late`;
      return;
    }
    const speed = seen.loss > 0.02 && seen.now - this.#queueAt < QUEUE_MEMORY_MS ? 0.5 : 1;
    const ceiling = Math.max(this.rate, sentRate(seen) * HEADROOM.factor + HEADROOM.extra);
    this.rate = clampRate(Math.min(this.rate * GROWTH_PER_SECOND ** (seconds * speed), ceiling));
    this.reason = "grow: no queue, no congestion";
  }
}

function isGrown(queueMs: Milliseconds, before: Milliseconds): boolean {
  return queueMs > before * GROWN.factor && queueMs > before + GROWN.extra;
}

function clampRate(rate: number): number {
  return Math.min(MAX_PATH_RATE, Math.max(MIN_PATH_RATE, rate));
}

function kilobits(rate: number): number {
  return Math.round(rate / 1000);
}
