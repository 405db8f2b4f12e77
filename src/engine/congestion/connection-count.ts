import type { Milliseconds } from "../media/units.ts";
import type { LadderStep } from "./frame-ladder.ts";
import type { PathObservation } from "./path-rate.ts";

/** Connections for voice where one does not do, that of the link included. */
const MOST_CONNECTIONS = 3;
/** Loss, round-trip time and share of frames kept back from which one connection does not do. */
const LOSSY = 0.015;
const LONG_MS: Milliseconds = 200;
const KEPT_BACK = 0.05;
/** Packets this long are a narrow path's: what would hold them up there is its queue, not a window. */
const NARROW_PACKET_MS: Milliseconds = 60;

/**
 * Over how many connections the packets of a link should be spread. A connection has one congestion window (RFC 9260 §7.2), which each
 * loss shuts down to four packets, or to one after a timeout, and which a long path fills: frames are kept back although the path would carry
 * them. Several windows carry them. More are asked for once and stay: an idle connection costs a check every few seconds. Pure.
 */
export class ConnectionCount {
  count = 1;
  /** Why it is what it is. */
  reason = "one connection carries everything";

  /** Follows what is seen of the path, and the step of the ladder that applies. */
  update({ loss, roundTripMs, gateShare }: PathObservation, { frameDuration, framesPerPacket }: LadderStep): void {
    if (this.count > 1 || frameDuration * framesPerPacket >= NARROW_PACKET_MS) return;
    const need =
      loss > LOSSY
        ? `${Math.round(loss * 100)} % loss shuts the window of one connection`
        : roundTripMs > LONG_MS
          ? `${Math.round(roundTripMs)} ms there and back fill the window of one connection`
          : gateShare > KEPT_BACK
            ? `one connection keeps ${Math.round(gateShare * 100)} % of the frames back`
            : undefined;
    if (need === undefined) return;
    this.count = MOST_CONNECTIONS;
    this.reason = need;
  }
}
