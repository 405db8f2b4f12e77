import type { Milliseconds } from "../media/units.ts";
import type { FeedbackReport } from "../packet/feedback-report.ts";
import type { FrameDuration } from "../settings/encoder-settings.ts";
import type { NetworkPins } from "../settings/network-settings.ts";
import { NO_PINS } from "../settings/no-pins.ts";
import { CapacityProbe } from "./capacity-probe.ts";
import { ConnectionCount } from "./connection-count.ts";
import { DEFAULT_PREFERENCES, type DecidedQuantity, type EncoderPreferences } from "./encoder-target.ts";
import { FrameLadder, type LadderStep, overheadRate } from "./frame-ladder.ts";
import { LinkObserver } from "./link-observer.ts";
import type { PathObservation } from "./path-observation.ts";
import { PathRate } from "./path-rate.ts";
import { ProtectionController } from "./protection.ts";
import type { SentPackets } from "./sent-packets.ts";

/** Rate assumed of a path nothing is known about, bit/s, unless the preferences need more. */
const START_RATE = 150_000;
/** Share of the path rate that is spent; the rest absorbs what frames vary in size. */
const SPENDING = 0.95;
/** The encoder is never asked for less, bit/s. */
const MIN_BITRATE = 10_000;
/** Redundant copies are dropped before the encoder goes under this, bit/s. */
const MIN_PROTECTED_BITRATE = 14_000;
/** A new bitrate is taken when it differs by this share … */
const BITRATE_STEP = 0.15;
/** … upwards only after this time without another change, ms. */
const BITRATE_UP_HOLD_MS: Milliseconds = 5000;
const BITRATE_DOWN_HOLD_MS: Milliseconds = 500;
/** A rise that turns out too much within this time is taken back at once, ms. */
const BITRATE_REGRET_MS: Milliseconds = 8000;
/** A cut that is found mistaken later than this is not undone at once but grown out of, ms. */
const CUT_MEMORY_MS: Milliseconds = 6000;
/** On a path this long there and back, ms, shorter frames are not worth their bytes in its windows. */
const LONG_PATH_MS: Milliseconds = 650;
/** Connections that a small call begins with: a path that turns bad leaves no room to make them. */
const SMALL_CALL_CONNECTIONS = 3;
/** Deep redundancy covers this quantile of bursts and never more than the listener may wait for, in units of 10 ms. */
const DRED_QUANTILE = 0.95;
const MAX_DRED = 40;

/** What one link needs of its stream, with the reason for every value. Replaced, never changed, when something moves. */
export interface LinkTarget {
  /** Path rate, bit/s with all overhead. */
  readonly pathRate: number;
  readonly frameDuration: FrameDuration;
  /** Frames that travel together in one packet. */
  readonly framesPerPacket: number;
  /** Opus bit/s. */
  readonly bitrate: number;
  /** How many frames back each redundant copy lies, nearest first; empty = no redundancy. */
  readonly redundancyDistances: readonly number[];
  readonly fec: boolean;
  readonly expectedLossPercent: number;
  readonly dredDuration: number;
  readonly dtx: boolean;
  /** Connections that the packets should be spread over. */
  readonly connections: number;
  /** Why each value is what it is. */
  readonly reasons: Readonly<Record<DecidedQuantity, string>>;
}

/** What governed before a cut that may turn out to be mistaken. */
type Governed = { readonly at: Milliseconds; readonly step: number; readonly bitrate: number };

/** Takes note of a decision. */
export type DecisionSink = (
  quantity: DecidedQuantity,
  from: number,
  to: number,
  reason: string,
  now: Milliseconds,
) => void;

/** Statistics of a {@link LinkController}. */
export interface LinkControllerStatistics {
  readonly fractionLost: number;
  readonly meanBurstLength: number;
  readonly pathRate: number;
  readonly roundTripTimeMs: number | undefined;
  readonly queueDelayMs: number;
  readonly remote: { readonly playoutDelayMs: number; readonly playoutTargetMs: number; readonly concealedMs: number };
}

/**
 * Congestion control and protection of one stream on one link: feedback in, {@link LinkTarget} out. Pure and clamped: whatever the
 * peer reports, the target stays within the user's preferences and the encoder's limits.
 */
export class LinkController {
  readonly #decision: DecisionSink;
  readonly #observer: LinkObserver;
  readonly #ladder = new FrameLadder();
  readonly #protection = new ProtectionController();
  readonly #probe = new CapacityProbe();
  readonly #connections = new ConnectionCount();
  #pathRate: PathRate;
  #preferences: EncoderPreferences = DEFAULT_PREFERENCES;
  #pins: NetworkPins = NO_PINS;
  #hasNeural = false;
  #hasReports = false;
  #bitrate = DEFAULT_PREFERENCES.bitrate;
  #bitrateMovedAt: Milliseconds;
  #bitrateRaisedAt: Milliseconds = Number.NEGATIVE_INFINITY;
  #bitrateLowSince: Milliseconds | undefined;
  #beforeCut: Governed | undefined;
  #beforeSilence: Governed | undefined;
  #target: LinkTarget;
  /** Rate of an earlier link to the same peer, bit/s. */
  readonly #before: number | undefined;
  readonly #canSpread: boolean;
  /**
   * Whether the call is one of two: frames may be shorter than the user's own where the path is wide, and spare connections stand by. In a
   * larger call both would cost every member.
   */
  isSmallCall = false;

  /**
   * `before` governed an earlier link to the same peer, whose path this one begins with; `canSpread` says whether there can be further
   * connections to it, which is the default.
   */
  constructor(options: {
    readonly now: Milliseconds;
    readonly decision: DecisionSink;
    readonly before?: LinkController | undefined;
    readonly canSpread?: boolean;
  }) {
    const { now, decision, before, canSpread = true } = options;
    this.#canSpread = canSpread;
    this.#decision = decision;
    this.#observer = new LinkObserver(now);
    this.#bitrateMovedAt = now;
    this.#before = before?.knownRate;
    this.#pathRate = new PathRate(this.#before ?? START_RATE);
    this.#target = this.#decide(now);
  }

  /** What this link needs now. */
  get target(): LinkTarget {
    return this.#target;
  }

  /** Rate that the path is known to carry, bit/s; undefined before the first report. */
  get knownRate(): number | undefined {
    return this.#hasReports ? this.#pathRate.known : undefined;
  }

  /** Rate to leave frames out down to while the path's queue is too long, bit/s; undefined while it is not. */
  get drainRate(): number | undefined {
    return this.#pathRate.drainRate;
  }

  /** Smoothed round-trip time, ms; undefined before the first. */
  get roundTripMs(): Milliseconds | undefined {
    return this.#observer.roundTripMs;
  }

  /** Changes what must be respected: the user's preferences and pins, and whether DRED exists. */
  configure(change: {
    readonly preferences: EncoderPreferences;
    readonly pins: NetworkPins;
    readonly hasNeural: boolean;
  }): void {
    this.#preferences = change.preferences;
    this.#pins = change.pins;
    this.#hasNeural = change.hasNeural;
    this.#ladder.configure(change.preferences.frameDuration);
    this.#bitrate = change.preferences.bitrate;
    if (this.#before !== undefined && !this.#hasReports) {
      this.#ladder.start(this.#before);
      this.#bitrate = Math.min(this.#bitrate, this.#ladder.step.maxBitrate);
    } else if (!this.#hasReports) {
      const demand = change.preferences.bitrate + overheadRate(change.preferences.frameDuration);
      this.#pathRate = new PathRate(Math.max(START_RATE, demand * 1.3));
    }
    this.#target = this.#decide(this.#bitrateMovedAt);
  }

  /** Where the copies of the next packet lie instead when it is to find out what the path carries; undefined when it is not. */
  probe(now: Milliseconds): readonly number[] | undefined {
    if (!this.#hasReports || this.#pins.redundancy !== null || !this.#pathRate.canBeProven || !this.#wantsMore) {
      return undefined;
    }
    const { redundancyDistances, frameDuration, framesPerPacket, bitrate, pathRate } = this.#target;
    const distances = framesPerPacket > 1 ? [1, ...redundancyDistances] : redundancyDistances;
    return this.#probe.distances({ distances, frameMs: frameDuration, bitrate, pathRate }, now);
  }

  /** Notes a packet of `wireBytes` with a frame of `frameMs` sent, and whether it carried the copies of {@link LinkController.probe}. */
  sent(wireBytes: number, now: Milliseconds, isProbe: boolean, frameMs: Milliseconds): void {
    this.#observer.sent(frameMs);
    this.#probe.sent(wireBytes, now, isProbe);
  }

  /** Notes a frame that waits to travel with the next one. */
  bundled(frameMs: Milliseconds): void {
    this.#observer.bundled(frameMs);
  }

  /** Notes a frame that the send gate kept back because the channel had a backlog. */
  keptBack(frameMs: Milliseconds): void {
    this.#observer.keptBack(frameMs);
  }

  /** Takes the peer's report. False, without effect, when it does not fit what was sent or comes too soon. */
  report(report: FeedbackReport, sent: SentPackets, now: Milliseconds): boolean {
    const probeSentAt = this.#probe.sentAt;
    const observation = this.#observer.report(report, sent, now, probeSentAt);
    if (observation === undefined) return false;
    this.#hasReports = true;
    const before = this.#pathRate.rate;
    const proof = this.#probe.report(observation, this.#observer.watches(probeSentAt), this.#pathRate.rate);
    if (this.#canSpread) this.#countConnections(observation);
    const wasInDoubt = this.#pathRate.isInDoubt;
    const change = this.#pathRate.update(observation);
    const isTold = wasInDoubt && !this.#pathRate.isInDoubt;
    const isProven = proof !== undefined && this.#pathRate.prove(proof);
    if (isProven) this.#probe.raised(now);
    if (change === "cut") this.#probe.cut(now);
    if (change !== undefined || isProven)
      this.#decision("path-rate", before, this.#pathRate.rate, this.#pathRate.reason, now);
    if (change === "cut") this.#beforeCut ??= { at: now, step: this.#ladder.position, bitrate: this.#bitrate };
    if (change === "restored") this.#resume(isTold ? this.#beforeSilence : this.#beforeCut, now);
    if (isTold) this.#beforeSilence = undefined;
    if (change === "restored" && !isTold) this.#beforeCut = undefined;
    if (this.#beforeCut !== undefined && now - this.#beforeCut.at > CUT_MEMORY_MS) this.#beforeCut = undefined;
    this.#retarget(now, isProven);
    return true;
  }

  /** Lets hysteresis run out while nothing is reported, and gives way when reports stay away. */
  tick(now: Milliseconds): void {
    this.#observer.tick(now);
    const before = this.#pathRate.rate;
    const change = this.#pathRate.silence(this.#observer.silenceMs(now), now);
    if (change === "cut") this.#beforeSilence ??= { at: now, step: this.#ladder.position, bitrate: this.#bitrate };
    if (change === "restored") this.#resume(this.#beforeSilence, now);
    if (change !== undefined) this.#decision("path-rate", before, this.#pathRate.rate, this.#pathRate.reason, now);
    this.#retarget(now);
  }

  statistics(): LinkControllerStatistics {
    return {
      fractionLost: this.#observer.loss.fraction,
      meanBurstLength: this.#observer.loss.meanBurst,
      pathRate: this.#pathRate.rate,
      roundTripTimeMs: this.#observer.roundTripMs,
      queueDelayMs: this.#observer.queueMs,
      remote: this.#observer.remote,
    };
  }

  /** Whether the path's rate stands in the way of what the user chose. */
  get #wantsMore(): boolean {
    return this.#ladder.step !== this.#ladder.top || this.#bitrate < this.#preferences.bitrate;
  }

  #countConnections(seen: PathObservation): void {
    this.#connections.least = this.isSmallCall ? SMALL_CALL_CONNECTIONS : 1;
    const isCongested = this.#pathRate.isQueued || this.#pathRate.remembersCongestion;
    if (this.#connections.update(seen, this.#ladder.step, isCongested)) this.#pathRate.expectConnections(seen.now);
  }

  /** The path was mistaken for congested: goes back to what was before at once. */
  #resume(before: Governed | undefined, now: Milliseconds): void {
    if (before === undefined) return;
    this.#ladder.position = Math.min(this.#ladder.position, before.step);
    this.#bitrate = Math.max(this.#bitrate, before.bitrate);
    this.#bitrateMovedAt = now;
  }

  #retarget(now: Milliseconds, isProven = false): void {
    const isLong = (this.#observer.roundTripMs ?? 0) > LONG_PATH_MS;
    this.#ladder.allowShort(
      this.isSmallCall && !isLong,
      this.#preferences.bitrate,
      this.#target.redundancyDistances.length,
    );
    this.#ladder.update(this.#pathRate.rate, now, isProven);
    if (isProven) this.#bitrateMovedAt = Number.NEGATIVE_INFINITY;
    const { loss } = this.#observer;
    this.#protection.update(loss.fraction, loss.meanBurst, loss.cleanMs, now);
    const before = this.#target;
    const after = this.#decide(now);
    this.#target = after;
    const log = (quantity: DecidedQuantity, from: number, to: number): void => {
      if (from !== to) this.#decision(quantity, from, to, after.reasons[quantity], now);
    };
    log("frame-duration", before.frameDuration, after.frameDuration);
    log("bitrate", before.bitrate, after.bitrate);
    log("redundancy", spread(before.redundancyDistances), spread(after.redundancyDistances));
    log("fec", Number(before.fec), Number(after.fec));
    log("expected-loss", before.expectedLossPercent, after.expectedLossPercent);
    log("dred", before.dredDuration, after.dredDuration);
    log("dtx", Number(before.dtx), Number(after.dtx));
    log("connections", before.connections, after.connections);
  }

  #decide(now: Milliseconds): LinkTarget {
    const pins = this.#pins;
    const step = this.#ladder.step;
    const loss = this.#observer.loss;
    const rate = `path carries ${Math.round(this.#pathRate.rate / 1000)} kb/s (${this.#pathRate.reason})`;
    const lossText = `${(loss.fraction * 100).toFixed(1)} % loss in bursts of ${loss.meanBurst.toFixed(1)}`;
    const frameDuration = pins.frameDuration ?? step.frameDuration;
    const { framesPerPacket } = step;
    const payloadRate = this.#pathRate.rate * SPENDING - overheadRate(frameDuration * framesPerPacket);
    const isProbing = this.#isProbing(step, payloadRate);
    const wantedCopies = pins.redundancy ?? Math.max(this.#protection.level, isProbing ? 1 : 0);
    const affordable = Math.max(0, Math.floor(payloadRate / MIN_PROTECTED_BITRATE) - 1);
    const copies = pins.redundancy ?? Math.min(wantedCopies, affordable);
    // What travels together anyway is no copy.
    const distances = this.#protection
      .distances(copies, frameDuration)
      .map((distance) => distance + framesPerPacket - 1);
    const bitrate = this.#settleBitrate(payloadRate / (1 + distances.length), step.maxBitrate, now);
    const isLossy = this.#protection.level > 0;
    const needsFec = isLossy && distances.length < wantedCopies;
    const dredDuration = pins.dredDuration ?? this.#dredDuration(needsFec, frameDuration);
    const redundancyReason =
      isProbing && this.#protection.level === 0
        ? "trying what the path carries"
        : distances.length < wantedCopies && pins.redundancy === null
          ? `${lossText}; the rate leaves room for ${distances.length} of ${wantedCopies} copies`
          : lossText;
    return {
      pathRate: this.#pathRate.rate,
      frameDuration,
      framesPerPacket,
      bitrate: pins.bitrate ?? bitrate,
      redundancyDistances: distances,
      fec: pins.fec ?? (needsFec || (this.#preferences.fec && isLossy && distances.length === 0)),
      expectedLossPercent: Math.max(this.#protection.expectedLossPercent, this.#preferences.expectedLossPercent),
      dredDuration,
      dtx: this.#preferences.dtx || step.dtx,
      connections: pins.connections ?? this.#connections.count,
      reasons: {
        "path-rate": this.#pathRate.reason,
        "frame-duration": pins.frameDuration === null ? rate : "pinned by the user",
        bitrate: pins.bitrate === null ? rate : "pinned by the user",
        redundancy: pins.redundancy === null ? redundancyReason : "pinned by the user",
        fec: pins.fec === null ? lossText : "pinned by the user",
        "expected-loss": lossText,
        dred: pins.dredDuration === null ? lossText : "pinned by the user",
        dtx: step.dtx ? rate : "the user's setting",
        connections: pins.connections === null ? this.#connections.reason : "pinned by the user",
      },
    };
  }

  /**
   * Whether to find out, before shorter frames are chosen, if the path carries their rate: a redundant copy costs about as much, is of
   * use, and can be left out again at once.
   */
  #isProbing(step: LadderStep, payloadRate: number): boolean {
    if (step === this.#ladder.top || !this.#hasReports || this.#pathRate.remembersCongestion) return false;
    const hasMost = this.#bitrate >= Math.min(this.#preferences.bitrate, step.maxBitrate);
    return hasMost && payloadRate >= 2 * this.#bitrate;
  }

  /**
   * Deep redundancy only where copies do not reach: it takes its bits from the frames themselves, which costs more quality than the
   * few gaps it closes behind two copies (PLCMOS 4.17 against 4.41 at 10 % loss in bursts of 2, 32 kb/s).
   */
  #dredDuration(isShortOfCopies: boolean, frameDuration: number): number {
    if (!this.#hasNeural) return 0;
    if (this.#protection.level < 2 || !isShortOfCopies) return this.#preferences.dredDuration;
    const burstMs = this.#observer.loss.burstQuantile(DRED_QUANTILE) * frameDuration;
    return Math.max(this.#preferences.dredDuration, Math.min(MAX_DRED, Math.ceil(burstMs / 10) + 2));
  }

  /** Bitrate with hysteresis: steps of 15 % or more, down after half a second, up after five. */
  #settleBitrate(affordable: number, stepMaximum: number, now: Milliseconds): number {
    const ceiling = Math.min(this.#preferences.bitrate, stepMaximum);
    const wanted = Math.round(Math.max(MIN_BITRATE, Math.min(affordable, ceiling)) / 1000) * 1000;
    const change = wanted / this.#bitrate - 1;
    if (change > -BITRATE_STEP && this.#bitrate <= ceiling) this.#bitrateLowSince = undefined;
    else this.#bitrateLowSince ??= now;
    const mayRise = change >= BITRATE_STEP || (change > 0 && wanted === ceiling);
    const rises = mayRise && now - this.#bitrateMovedAt >= BITRATE_UP_HOLD_MS;
    const downHold = now - this.#bitrateRaisedAt < BITRATE_REGRET_MS ? 0 : BITRATE_DOWN_HOLD_MS;
    const falls = this.#bitrateLowSince !== undefined && now - this.#bitrateLowSince >= downHold;
    if (rises || falls) {
      if (wanted > this.#bitrate) this.#bitrateRaisedAt = now;
      this.#bitrate = wanted;
      this.#bitrateMovedAt = now;
      this.#bitrateLowSince = undefined;
    }
    return this.#bitrate;
  }
}

/** Redundancy as one number for the log: copies, and the farthest frame back as its decimals. */
function spread(distances: readonly number[]): number {
  return distances.length + (distances.at(-1) ?? 0) / 10;
}
