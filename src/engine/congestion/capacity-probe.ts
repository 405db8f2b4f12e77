import { type Milliseconds, samplesToMilliseconds } from "../media/units.ts";
import { MAX_RED_TIMESTAMP_OFFSET } from "../packet/red-payload.ts";
import type { PathObservation } from "./path-observation.ts";

/** Time between two probes, ms. It doubles with each raise that had to be taken back, up to the limit. */
const INTERVAL_MS: Milliseconds = 1500;
const MAX_INTERVAL_MS: Milliseconds = 30_000;
/** After a probe that showed more, the next one follows this soon, ms. */
const NEXT_MS: Milliseconds = 300;
/** A raise that is cut within this time was wrong, ms. */
const REGRET_MS: Milliseconds = 6000;
/** A probe that no report has told of after this time is lost, ms. */
const LOST_MS: Milliseconds = 1500;
/** A probe may hold up what follows it by this long at the rate assumed, ms … */
const MAX_HOLD_UP_MS: Milliseconds = 30;
/** … and by fewer extra bytes nothing is measured. */
const MIN_EXTRA_BYTES = 50;
const MAX_COPIES = 3;
/** Frames back that a copy may lie at most: what the history of frames holds. */
const MAX_DISTANCE = 8;
/** Weight of one packet in the usual size, and of one report in the usual jitter. */
const SIZE_WEIGHT = 0.1;
const JITTER_WEIGHT = 0.25;
/** Reports whose least mean delay is the usual one: a queue that drains meanwhile must not hide what a probe adds. */
const USUAL_REPORTS = 3;
/** Packets that came this much sooner than before tell of another reference, not of the probe, ms beyond the doubt. */
const SOONER_MS: Milliseconds = 3;
/** What a probe shows is worth a second one, and believed if that shows it too, above this multiple of the rate assumed. */
const WORTHWHILE = 1.3;
/** Standard deviation of uniform jitter as a share of its mean above the quickest packet. */
const DEVIATION = 0.6;

/** What a probe is made for. */
export type ProbePlan = {
  /** How many frames back the copies lie that every packet carries. */
  readonly distances: readonly number[];
  readonly frameMs: Milliseconds;
  /** Opus bit/s. */
  readonly bitrate: number;
  /** Rate assumed of the path, bit/s. */
  readonly pathRate: number;
};

/**
 * Finds out what a narrow path carries without filling it: one packet, made longer by redundant copies that are of use anyway, takes as much
 * longer through a bottleneck as its extra bytes need there. So a path that has widened is noticed within seconds, at the cost of one
 * packet up to 30 ms late. What a report says of its packets together is enough: nothing else held them up. Pure.
 */
export class CapacityProbe {
  #interval: Milliseconds = INTERVAL_MS;
  #nextAt: Milliseconds = Number.NEGATIVE_INFINITY;
  #sentAt: Milliseconds | undefined;
  #extraBytes = 0;
  #usualBytes: number | undefined;
  readonly #usualDelays: Milliseconds[] = [];
  #usualJitter: Milliseconds = 0;
  #raisedAt: Milliseconds = Number.NEGATIVE_INFINITY;
  /** What the last probe has shown, bit/s; 0 when that was not worthwhile. */
  #shown = 0;

  /** When the probe under way was sent, ms; undefined while none is. */
  get sentAt(): Milliseconds | undefined {
    return this.#sentAt;
  }

  /** Copies for the next packet, as frames back, when it should be a probe. */
  distances({ distances, frameMs, bitrate, pathRate }: ProbePlan, now: Milliseconds): readonly number[] | undefined {
    if (this.#sentAt !== undefined && now - this.#sentAt > LOST_MS) this.#sentAt = undefined;
    if (this.#sentAt !== undefined || now < this.#nextAt || this.#usualDelays.length < USUAL_REPORTS) {
      return undefined;
    }
    const copyBytes = Math.max(1, (bitrate * frameMs) / 8000);
    const fitting = Math.floor((pathRate * MAX_HOLD_UP_MS) / 8000 / copyBytes);
    const first = (distances.at(-1) ?? 0) + 1;
    const farthest = Math.min(MAX_DISTANCE, Math.floor(samplesToMilliseconds(MAX_RED_TIMESTAMP_OFFSET) / frameMs));
    const copies = Math.min(MAX_COPIES, Math.max(1, fitting), farthest - first + 1);
    return copies < 1 ? undefined : [...distances, ...Array.from({ length: copies }, (_, i) => first + i)];
  }

  /** Notes a packet of `wireBytes` sent at `now`. */
  sent(wireBytes: number, now: Milliseconds, isProbe: boolean): void {
    const usual = this.#usualBytes ?? wireBytes;
    if (!isProbe) {
      this.#usualBytes = usual + SIZE_WEIGHT * (wireBytes - usual);
      return;
    }
    const extra = wireBytes - usual;
    if (extra < MIN_EXTRA_BYTES) return;
    this.#sentAt = now;
    this.#extraBytes = extra;
    this.#nextAt = now + this.#interval;
  }

  /** Takes what a report says. Returns the rate that two probes in a row have shown the path to carry, bit/s, or undefined. */
  report(seen: PathObservation, hasProbe: boolean, pathRate: number): number | undefined {
    if (!seen.isActive || seen.packets === 0) return undefined;
    if (this.#sentAt === undefined || !hasProbe) {
      this.#usualDelays.push(seen.meanDelayMs);
      if (this.#usualDelays.length > USUAL_REPORTS) this.#usualDelays.shift();
      this.#usualJitter += JITTER_WEIGHT * (seen.jitterMs - this.#usualJitter);
      return undefined;
    }
    this.#sentAt = undefined;
    // Where a report was lost, what it told of the probe is lost with it.
    if (!seen.isWhole) return undefined;
    const heldUpMs = seen.packets * (seen.meanDelayMs - Math.min(...this.#usualDelays));
    const doubtMs = DEVIATION * Math.sqrt(seen.packets) * this.#usualJitter;
    if (heldUpMs < -doubtMs - SOONER_MS) return undefined;
    const before = this.#shown;
    const shown = (this.#extraBytes * 8000) / (Math.max(1, heldUpMs) + doubtMs);
    this.#shown = shown > WORTHWHILE * pathRate ? shown : 0;
    if (this.#shown > 0) this.#nextAt = seen.now + NEXT_MS;
    return before > 0 && this.#shown > 0 ? Math.min(before, shown) : undefined;
  }

  /** The rate was raised because of probes: the next may show more. */
  raised(now: Milliseconds): void {
    if (now - this.#raisedAt > MAX_INTERVAL_MS) this.#interval = INTERVAL_MS;
    this.#raisedAt = now;
  }

  /** The rate had to be cut. A path that lets single packets through faster than it carries many is not asked as often. */
  cut(now: Milliseconds): void {
    this.#sentAt = undefined;
    this.#shown = 0;
    if (now - this.#raisedAt < REGRET_MS) this.#interval = Math.min(MAX_INTERVAL_MS, this.#interval * 2);
    this.#raisedAt = Number.NEGATIVE_INFINITY;
    this.#nextAt = now + this.#interval;
  }
}
