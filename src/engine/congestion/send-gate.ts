import type { Milliseconds } from "../media/units.ts";

/** Age at which a frame is no longer worth sending, ms: it would arrive after its playout. */
export const MAX_FRAME_AGE_MS: Milliseconds = 60;
/**
 * A send shows in `bufferedAmount` until the network thread has taken it over; bytes handed over within this time are not a
 * backlog. Frames that an audio device delivers in one burst pass because of it.
 */
const HANDOVER_MS: Milliseconds = 8;
/** Sends remembered for the hand-over; 8 ms of 2.5 ms frames from several streams. */
const RECENT_SENDS = 16;

/**
 * On a long path acknowledgements, which let the channel send on, come seldom and together. Waiting for one costs little beside such a
 * path, and a frame kept back is lost: one more packet may wait for each step of round-trip time, ms, up to the limit.
 */
const PATIENCE = { from: 150, step: 120, packets: 3 } as const;

/** What to do with a frame: send it, or drop it for the named reason. */
export type GateDecision = "send" | "stale" | "backlog" | "closed" | "thinned" | "bundled";

/**
 * Decides before each send whether a frame may enter the data channel. Messages in the channel's queue cannot be taken back
 * and never expire, so a frame that would wait behind more than one packet is dropped here. One per link. Allocates nothing.
 */
export class SendGate {
  readonly #times = new Float64Array(RECENT_SENDS).fill(Number.NEGATIVE_INFINITY);
  readonly #sizes = new Float64Array(RECENT_SENDS);
  #next = 0;
  /** Round-trip time of the path, ms; 0 while it is not known. */
  roundTripMs: Milliseconds = 0;

  /** Decides for a packet of `bytes` whose frame is `ageMs` old, with `bufferedAmount` bytes waiting in the channel. */
  decide(bytes: number, ageMs: Milliseconds, bufferedAmount: number, now: Milliseconds): GateDecision {
    if (ageMs > MAX_FRAME_AGE_MS) return "stale";
    const steps = Math.floor((this.roundTripMs - PATIENCE.from) / PATIENCE.step);
    const packets = 1 + Math.max(0, Math.min(PATIENCE.packets - 1, steps));
    if (bufferedAmount - this.#bytesInHandover(now) > packets * bytes) return "backlog";
    return "send";
  }

  /** Notes that a packet was given to the channel. */
  sent(bytes: number, now: Milliseconds): void {
    this.#times[this.#next] = now;
    this.#sizes[this.#next] = bytes;
    this.#next = (this.#next + 1) % RECENT_SENDS;
  }

  #bytesInHandover(now: Milliseconds): number {
    let sum = 0;
    for (let i = 0; i < RECENT_SENDS; i++) {
      if (now - (this.#times[i] ?? 0) < HANDOVER_MS) sum += this.#sizes[i] ?? 0;
    }
    return sum;
  }
}
