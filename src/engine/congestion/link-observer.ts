import type { Milliseconds } from "../media/units.ts";
import type { FeedbackReport } from "../packet/feedback-report.ts";
import { LossEstimator } from "./loss-estimator.ts";
import type { PathObservation } from "./path-observation.ts";
import type { PacketFates, SentPackets } from "./sent-packets.ts";

/** Reports that come faster than this are ignored, ms. */
const MIN_REPORT_INTERVAL_MS: Milliseconds = 50;
/** Without a report for this long while packets were sent, the path is down, ms. */
const OUTAGE_MS: Milliseconds = 600;
/** So unlikely a run of lost reports is taken for silence of the path; the loss that is assumed of their way at most. */
const UNLIKELY = 0.002;
const MAX_REPORT_LOSS = 0.4;
/** A report that covers this much less time than has passed since the last one does not tell of all packets, ms. */
const WHOLE_MS: Milliseconds = 100;
/** What is measured for this long after an outage tells of the outage, ms. */
const RECOVERY_MS: Milliseconds = 1000;
/** Reports over which rate and least delay are taken: about 0.9 s. */
const WINDOW = 4;
/** A report older than this says nothing of the queue any more, ms: on a path that fills up they come late and far apart. */
const QUEUE_WINDOW_MS: Milliseconds = 1000;
/** Round-trip times above this are a peer's nonsense, ms. */
const MAX_ROUND_TRIP_MS: Milliseconds = 10_000;
/** Queues above this count as this, ms. */
const MAX_QUEUE_MS: Milliseconds = 10_000;
const NO_ECHO = 0xffff;

/** Turns feedback reports and our own records into observations of a path. Everything a peer can state is clamped. */
export class LinkObserver implements PacketFates {
  readonly loss = new LossEstimator();
  /** Smoothed round-trip time, ms (RFC 6298 weights); undefined before the first. */
  roundTripMs: Milliseconds | undefined;
  /** Least relative delay over the last reports, ms. */
  queueMs: Milliseconds = 0;
  /** The peer's own account of its playout. */
  remote = { playoutDelayMs: 0, playoutTargetMs: 0, concealedMs: 0 };
  readonly #reportTimes = new Float64Array(WINDOW);
  readonly #reportBytes = new Float64Array(WINDOW);
  readonly #reportQueues = new Float64Array(WINDOW);
  readonly #reportArrivals = new Float64Array(WINDOW);
  readonly #reportSpreads = new Float64Array(WINDOW);
  readonly #reportFrames = new Float64Array(WINDOW);
  readonly #reportKept = new Float64Array(WINDOW);
  readonly #reportPackets = new Float64Array(WINDOW);
  readonly #reportActive = new Float64Array(WINDOW);
  #reports = 0;
  #reportedAt: Milliseconds;
  #recoveryUntil: Milliseconds = Number.NEGATIVE_INFINITY;
  #sentSinceReport = 0;
  #keptSinceReport = 0;
  #deliveredSinceReport = 0;
  #packetsSinceReport = 0;
  /** Packets that the least delay of the last reports is of, and how many reports those are. */
  #queuePackets = 0;
  #queueReports = 0;
  #activeSinceReport: Milliseconds = 0;
  #peerInterval: Milliseconds = 0;
  #watchedMs: Milliseconds | undefined;
  #hasWatched = false;

  constructor(now: Milliseconds) {
    this.#reportedAt = now;
  }

  sent(frameMs: Milliseconds): void {
    this.#sentSinceReport++;
    this.#activeSinceReport += frameMs;
  }

  bundled(frameMs: Milliseconds): void {
    this.#activeSinceReport += frameMs;
  }

  keptBack(frameMs: Milliseconds): void {
    this.#keptSinceReport++;
    this.#activeSinceReport += frameMs;
  }

  judged(isLost: boolean, sentMs: Milliseconds): void {
    this.loss.update(isLost, sentMs);
  }

  delivered(wireBytes: number, sentMs: Milliseconds): void {
    this.#deliveredSinceReport += wireBytes;
    this.#packetsSinceReport++;
    if (sentMs === this.#watchedMs) this.#hasWatched = true;
  }

  /** Whether the newest report was the first to tell of the packet sent at `sentMs`. */
  watches(sentMs: Milliseconds | undefined): boolean {
    return this.#hasWatched && this.#watchedMs === sentMs;
  }

  /** Notices outages. */
  tick(now: Milliseconds): void {
    if (this.silenceMs(now) > 0) this.#recoveryUntil = now + RECOVERY_MS;
  }

  /** For how long reports have stayed away, ms; 0 while they come or nothing was sent that they could tell of. */
  silenceMs(now: Milliseconds): Milliseconds {
    const isSending = this.#sentSinceReport + this.#keptSinceReport > 0;
    const silence = now - this.#reportedAt;
    return this.#reports > 0 && isSending && silence > this.#patience ? silence : 0;
  }

  /** For how long reports may stay away by chance, ms: on a lossy path some in a row are lost, on a jittery one they come unevenly. */
  get #patience(): Milliseconds {
    const loss = Math.min(MAX_REPORT_LOSS, this.loss.fraction);
    const missing = loss > 0 ? Math.log(UNLIKELY) / Math.log(loss) : 0;
    return Math.max(OUTAGE_MS, 2 * this.#peerInterval, (1 + missing) * this.#peerInterval + 2 * this.#meanSpread);
  }

  get #meanSpread(): Milliseconds {
    return this.#sum(this.#reportSpreads) / Math.max(1, Math.min(this.#reports, WINDOW));
  }

  /** Takes a report; undefined when it comes too soon or does not fit `sent`. */
  report(
    report: FeedbackReport,
    sent: SentPackets,
    now: Milliseconds,
    watchedMs?: Milliseconds,
  ): PathObservation | undefined {
    if (this.#reports > 0 && now - this.#reportedAt < MIN_REPORT_INTERVAL_MS) return undefined;
    this.tick(now);
    this.#watchedMs = watchedMs;
    this.#hasWatched = false;
    this.#packetsSinceReport = 0;
    this.#peerInterval = Math.min(OUTAGE_MS, report.intervalMs);
    if (!sent.apply(report, this)) return undefined;
    this.#measureRoundTrip(report, now);
    this.remote = {
      playoutDelayMs: report.playoutDelayMs,
      playoutTargetMs: report.playoutTargetMs,
      concealedMs: report.concealedMs,
    };
    const isActive = this.#deliveredSinceReport > 0 || this.#keptSinceReport > 0;
    const interval = this.#reports === 0 ? report.intervalMs : now - this.#reportedAt;
    if (isActive) this.#push(report, Math.max(1, interval), now);
    this.#reportedAt = now;
    this.queueMs = this.#leastQueue(now);
    const frames = this.#sum(this.#reportFrames);
    const bits = this.#sum(this.#reportBytes) * 8000;
    const elapsed = Math.max(1, this.#sum(this.#reportTimes));
    // In a pause of the talker little is sent, which says nothing about the path.
    const active = Math.min(elapsed, Math.max(elapsed / 4, this.#sum(this.#reportActive)));
    return {
      now,
      deliveredRate: bits / elapsed,
      activeRate: bits / active,
      delayTrend: report.delayTrend,
      queueMs: this.queueMs,
      queuePackets: this.#queuePackets,
      queueReports: this.#queueReports,
      newestQueueMs: Math.min(MAX_QUEUE_MS, report.minRelativeDelayMs),
      loss: this.loss.averageFraction,
      recentLoss: this.loss.recentFraction,
      jitterMs: this.#meanSpread,
      gateShare: frames > 0 ? this.#sum(this.#reportKept) / frames : 0,
      roundTripMs: this.roundTripMs ?? 100,
      isActive,
      activeShare: Math.min(1, this.#sum(this.#reportActive) / elapsed),
      isAfterOutage: now < this.#recoveryUntil,
      packets: this.#packetsSinceReport,
      meanDelayMs: Math.min(MAX_QUEUE_MS, report.meanRelativeDelayMs),
      isWhole: interval <= report.intervalMs + WHOLE_MS,
    };
  }

  #push(report: FeedbackReport, interval: Milliseconds, now: Milliseconds): void {
    const slot = this.#reports % WINDOW;
    this.#reports++;
    this.#reportTimes[slot] = interval;
    this.#reportArrivals[slot] = now;
    this.#reportBytes[slot] = this.#deliveredSinceReport;
    this.#reportQueues[slot] = Math.min(MAX_QUEUE_MS, report.minRelativeDelayMs);
    this.#reportSpreads[slot] = Math.max(
      0,
      Math.min(MAX_QUEUE_MS, report.meanRelativeDelayMs - report.minRelativeDelayMs),
    );
    this.#reportFrames[slot] = this.#sentSinceReport + this.#keptSinceReport;
    this.#reportKept[slot] = this.#keptSinceReport;
    this.#reportPackets[slot] = this.#packetsSinceReport;
    this.#reportActive[slot] = this.#activeSinceReport;
    this.#deliveredSinceReport = 0;
    this.#sentSinceReport = 0;
    this.#keptSinceReport = 0;
    this.#activeSinceReport = 0;
  }

  #measureRoundTrip(report: FeedbackReport, now: Milliseconds): void {
    if (report.echoHoldMs === NO_ECHO) return;
    const roundTrip = ((Math.floor(now) >>> 0) - report.echoTimeMs - report.echoHoldMs) | 0;
    if (roundTrip < 0 || roundTrip > MAX_ROUND_TRIP_MS) return;
    this.roundTripMs = this.roundTripMs === undefined ? roundTrip : this.roundTripMs * 0.875 + roundTrip * 0.125;
  }

  /** The newest two reports count however old they are: one alone may be chance. */
  #leastQueue(now: Milliseconds): Milliseconds {
    const count = Math.min(this.#reports, WINDOW);
    let least = count > 0 ? Number.POSITIVE_INFINITY : 0;
    this.#queuePackets = 0;
    this.#queueReports = 0;
    for (let back = 1; back <= count; back++) {
      const slot = (this.#reports - back) % WINDOW;
      if (back > 2 && now - (this.#reportArrivals[slot] ?? 0) > QUEUE_WINDOW_MS) break;
      least = Math.min(least, this.#reportQueues[slot] ?? least);
      this.#queuePackets += this.#reportPackets[slot] ?? 0;
      this.#queueReports++;
    }
    return least;
  }

  #sum(values: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < WINDOW; i++) sum += values[i] ?? 0;
    return sum;
  }
}
