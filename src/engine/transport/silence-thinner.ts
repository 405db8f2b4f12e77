import { isSilentOpusPacket } from "../codec/packet-inspection.ts";
import type { Milliseconds } from "../media/units.ts";

/** Frames of silence sent after each that is none: should one be lost, the next still says that this is silence, not loss. */
const SENT_AFTER_SOUND = 2;
/** Longest time without a packet; as often as Opus itself renews the background noise. */
const KEEP_ALIVE_MS: Milliseconds = 400;

/**
 * Chooses which frames of silence are sent. One byte of Opus costs more than a hundred on the wire, fifty times a second for every
 * listener; the receiver knows from the first that what follows is silence.
 */
export class SilenceThinner {
  #silent = 0;
  #sentAt: Milliseconds = Number.NEGATIVE_INFINITY;

  /** Whether the next frame, with a packet of `length` bytes, is to be sent at `now`. */
  admit(length: number, now: Milliseconds): boolean {
    this.#silent = isSilentOpusPacket(length) ? this.#silent + 1 : 0;
    if (this.#silent > SENT_AFTER_SOUND && now - this.#sentAt < KEEP_ALIVE_MS) return false;
    this.#sentAt = now;
    return true;
  }
}
