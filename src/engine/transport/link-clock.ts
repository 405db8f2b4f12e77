import type { Milliseconds } from "../media/units.ts";
import type { FeedbackReport } from "../packet/feedback-report.ts";

/** Exchanges of which the quickest counts: about seven seconds of reports, in which clocks drift by less than a millisecond. */
const WINDOW = 32;
/** Round trips above this are a peer's nonsense, ms. */
const MAX_ROUND_TRIP_MS: Milliseconds = 10_000;
/** No network takes longer one way, ms: what says otherwise is not believed. */
const MAX_ONE_WAY_MS: Milliseconds = 10_000;
/** Weight of a new packet in the mean of the way: half the memory is gone after 11 packets. */
const SMOOTHING = 1 / 16;
const NO_ECHO = 0xffff;

/** A clock as it travels: whole ms modulo 2^32, never 0, which says that none is told. */
export function wireClock(now: Milliseconds): number {
  return Math.floor(now) >>> 0 || 1;
}

/**
 * How the peer's clock stands to ours, and how long its packets are under way, by the four times that every report completes (RFC 5905
 * §8): our packet's sending and arrival, the report's sending and arrival. The exchange with the shortest round trip of a window is
 * believed, so that queues in one direction do not shift the clock. A lasting difference between the two directions cannot be seen: half
 * of it ends up in each way. Pure; everything the peer states is clamped.
 */
export class LinkClock {
  readonly #offsets = new Float64Array(WINDOW);
  readonly #roundTrips = new Float64Array(WINDOW);
  readonly #transits = new Map<number, Milliseconds>();
  #exchanges = 0;
  #offset: Milliseconds | undefined;

  /** The peer's clock minus ours, ms modulo 2^32, −2^31…2^31; undefined before the first exchange. */
  get offsetMs(): Milliseconds | undefined {
    return this.#offset;
  }

  /** Takes a report about a stream of ours that arrived at `now`. */
  report({ echoTimeMs, echoHoldMs, reportTimeMs }: FeedbackReport, now: Milliseconds): void {
    if (echoHoldMs === NO_ECHO || reportTimeMs === 0) return;
    const roundTrip = (wireClock(now) - echoTimeMs - echoHoldMs) | 0;
    if (roundTrip < 0 || roundTrip > MAX_ROUND_TRIP_MS) return;
    // Halves of differences modulo 2^32 are ambiguous: the arrival over there less half the trip is the sending here.
    const arrivedThere = (reportTimeMs - echoHoldMs) | 0;
    const offset = ((arrivedThere - echoTimeMs) | 0) - roundTrip / 2;
    const slot = this.#exchanges % WINDOW;
    this.#exchanges++;
    this.#offsets[slot] = offset;
    this.#roundTrips[slot] = roundTrip;
    this.#offset = this.#quickest();
  }

  /** Takes a packet of the peer's stream `ssrc` that was sent at `sentMs` of its clock and arrived at `now`. */
  packet(ssrc: number, sentMs: number, now: Milliseconds): void {
    if (sentMs < 0) return;
    const transit = (wireClock(now) - sentMs) | 0;
    const mean = this.#transits.get(ssrc);
    const isJump = mean === undefined || Math.abs(transit - mean) > MAX_ONE_WAY_MS;
    this.#transits.set(ssrc, isJump ? transit : mean + (transit - mean) * SMOOTHING);
  }

  /** Forgets a stream. */
  remove(ssrc: number): void {
    this.#transits.delete(ssrc);
  }

  /** Mean time that packets of the peer's stream are under way, ms; undefined before both clocks are known. */
  oneWayMs(ssrc: number): Milliseconds | undefined {
    const transit = this.#transits.get(ssrc);
    if (transit === undefined || this.#offset === undefined) return undefined;
    const way = (transit + this.#offset) % 2 ** 32;
    const wrapped = way >= 2 ** 31 ? way - 2 ** 32 : way < -(2 ** 31) ? way + 2 ** 32 : way;
    return Math.abs(wrapped) > MAX_ONE_WAY_MS ? undefined : Math.max(0, wrapped);
  }

  #quickest(): Milliseconds {
    const count = Math.min(this.#exchanges, WINDOW);
    let best = 0;
    for (let i = 1; i < count; i++) {
      const isQuicker = (this.#roundTrips[i] ?? 0) < (this.#roundTrips[best] ?? 0);
      if (isQuicker) best = i;
    }
    return this.#offsets[best] ?? 0;
  }
}
