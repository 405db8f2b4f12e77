import type { Milliseconds } from "../media/units.ts";
import type { LadderStep } from "./frame-ladder.ts";
import type { PathObservation } from "./path-observation.ts";

/** Connections for voice, that of the link included. */
const MOST_CONNECTIONS = 6;
/** Loss, round-trip time and share of frames kept back from which one connection may not do. */
const LOSSY = 0.015;
const LONG_MS: Milliseconds = 200;
const KEPT_BACK = 0.05;
/** What one connection carries in each round trip at its worst, after a timeout: one packet of this many bytes (RFC 9260 §7.2.3). */
const WORST_WINDOW_BYTES = 1200;
/** Acknowledgements may stay away for this long besides the round trip, ms (RFC 9260 §6.2). */
const DELAYED_ACKNOWLEDGEMENT_MS: Milliseconds = 100;
/** A lost packet holds its part of the window until three later ones are acknowledged or a timer runs out, ms (RFC 9260 §6.3.1, §7.2.4). */
const LOSS_DETECTION_MS: Milliseconds = 600;
/** Voice of 32 kb/s with two copies and headers, bit/s: what has to pass on a lossy path. */
const PROTECTED_RATE = 120_000;
/** Reports in a row that must ask for more because of loss, about half a second, and because of the path's length, which a queue may be. */
const REPORTS = 3;
const LONG_REPORTS = 16;
/** Packets this long are a narrow path's: what holds them up there is its queue, not a window. */
const NARROW_PACKET_MS: Milliseconds = 60;

/**
 * Over how many connections the packets of a link should be spread. A connection has one congestion window (RFC 9260 §7.2), which each
 * loss shuts down to four packets, or to one after a timeout, and which a long path fills: frames are kept back although the path would carry
 * them. So many windows that they do even at their worst. More are asked for as needed and stay: an idle connection costs a check
 * every few seconds. Pure.
 */
export class ConnectionCount {
  count = 1;
  /** So many are asked for in any case. */
  least = 1;
  /** Why it is what it is. */
  reason = "one connection carries everything";

  /** How many were wanted by the last reports: one alone says nothing of the path. */
  readonly #wanted: number[] = [];
  readonly #roundTrips: Milliseconds[] = [];

  /**
   * Follows what is seen of the path, and the step of the ladder that applies. What is congested (`isCongested`) is the path, and more windows
   * would only fill it. Returns whether more are asked for.
   */
  update(seen: PathObservation, { frameDuration, framesPerPacket }: LadderStep, isCongested: boolean): boolean {
    if (isCongested || frameDuration * framesPerPacket >= NARROW_PACKET_MS) {
      this.#roundTrips.length = 0;
      return false;
    }
    keepLast(this.#roundTrips, seen.roundTripMs, LONG_REPORTS);
    const roundTripMs = Math.min(...this.#roundTrips);
    const isLong = this.#roundTrips.length === LONG_REPORTS && roundTripMs > LONG_MS;
    const need = needOf(seen) ?? (isLong ? "a long path" : undefined);
    const needed = need === undefined ? 1 : Math.ceil(bytesIn(roundTripMs, seen.loss) / WORST_WINDOW_BYTES);
    keepLast(this.#wanted, Math.max(this.least, needed), REPORTS);
    const wanted = Math.min(MOST_CONNECTIONS, ...this.#wanted);
    if (wanted <= this.count || this.#wanted.length < REPORTS) return false;
    this.count = wanted;
    this.reason = `${need ?? "spare ones"}, ${Math.round(roundTripMs)} ms there and back`;
    return true;
  }
}

/** Bytes that windows have to hold at the same time. */
function bytesIn(roundTripMs: Milliseconds, loss: number): number {
  return (PROTECTED_RATE * (roundTripMs + DELAYED_ACKNOWLEDGEMENT_MS + loss * LOSS_DETECTION_MS)) / 8000;
}

function needOf({ loss, gateShare }: PathObservation): string | undefined {
  if (loss > LOSSY) return `${Math.round(loss * 100)} % loss`;
  return gateShare > KEPT_BACK ? `one connection keeps ${Math.round(gateShare * 100)} % of the frames back` : undefined;
}

function keepLast(values: number[], value: number, count: number): void {
  values.push(value);
  if (values.length > count) values.shift();
}
