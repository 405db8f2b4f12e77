import { millisecondsToSamples, SAMPLE_RATE, type Samples } from "../media/units.ts";

/** A transit this much below the least of late: the sender's timestamps jumped forward, or our clock slept. */
const EARLY_JUMP = SAMPLE_RATE;
/** A transit this far above what may ever be played: not lateness but another time base. */
const FAR = 3 * SAMPLE_RATE;
/** Slack over the longest delay before a packet counts as unplayable. */
const SLACK = millisecondsToSamples(100);
/** Packets of the new time base that must agree, and for how long all must be unplayable when the jump is small. */
const AGREEING = 3;
const UNPLAYABLE_TIME = millisecondsToSamples(200);
/** How far the transits of agreeing packets may lie apart. */
const AGREEMENT = SAMPLE_RATE;

export type JumpVerdict = "normal" | "suspicious" | "jumped";

/**
 * Tells a sender that restarted, slept or changed its time base from one whose packets are late: several packets in a row, none of
 * the old time base between them, agree on a transit that cannot be played any more.
 */
export class JumpDetector {
  #count = 0;
  #first = 0;
  #transit = 0;
  #isStarted = false;

  /**
   * @param now playout clock, samples
   * @param timestamp unwrapped media time, samples
   * @param minimum smallest transit of late, samples
   * @param longest longest delay above it that may be played, samples
   * @returns `suspicious` packets are not to be used: they may be strays; `jumped` asks to start over with this packet
   */
  examine(now: Samples, timestamp: Samples, minimum: Samples, longest: Samples): JumpVerdict {
    if (!this.#isStarted) {
      this.#isStarted = true;
      return "normal";
    }
    const transit = now - timestamp;
    const excess = transit - minimum;
    if (excess > -EARLY_JUMP && excess <= longest + SLACK) {
      this.#count = 0;
      return "normal";
    }
    if (this.#count === 0 || Math.abs(transit - this.#transit) > AGREEMENT) {
      this.#count = 1;
      this.#first = now;
    } else {
      this.#count++;
    }
    this.#transit = transit;
    const isFar = excess < -EARLY_JUMP || excess > FAR;
    if (this.#count >= AGREEING && (isFar || now - this.#first >= UNPLAYABLE_TIME)) return "jumped";
    // What is merely too late is counted as such by the caller, and tells the delay manager of a stall.
    return isFar ? "suspicious" : "normal";
  }

  /** Takes the next packet as it is. */
  reset(): void {
    this.#count = 0;
    this.#isStarted = true;
  }
}
