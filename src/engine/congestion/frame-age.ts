import { TimestampUnwrapper32 } from "../media/sequence-number.ts";
import { type Milliseconds, samplesToMilliseconds } from "../media/units.ts";

/** Rise of the reference per ms of clock: covers audio clocks 0.1 % slow against the system clock. */
const LEAK = 0.001;
/** Ages above this, ms, are a shift of the capture clock if they last: an audio thread that stood still has lost time for good. */
const SHIFT_MS: Milliseconds = 30;
/** A queue that was stuck is emptied at once, and the next frame is young again; only a shift still shows after this time, ms. */
const CONFIRMATION_MS: Milliseconds = 40;

/**
 * How long ago a frame could have been handed over at the earliest, from its RTP timestamp: its transit from the capture clock to
 * now, less the least transit seen. Works across threads without a shared clock.
 */
export class FrameAge {
  readonly #timestamps = new TimestampUnwrapper32();
  #least = Number.POSITIVE_INFINITY;
  #updated: Milliseconds = 0;
  #shiftSince: Milliseconds | undefined;
  #leastSince = Number.POSITIVE_INFINITY;

  /** Age in ms, 0 or more, of the frame with `rtpTimestamp` (48 kHz) that is handed over at `now`. */
  update(rtpTimestamp: number, now: Milliseconds): Milliseconds {
    const transit = now - samplesToMilliseconds(this.#timestamps.unwrap(rtpTimestamp));
    if (this.#least !== Number.POSITIVE_INFINITY) this.#least += (now - this.#updated) * LEAK;
    this.#updated = now;
    if (transit < this.#least) this.#least = transit;
    const age = transit - this.#least;
    if (age <= SHIFT_MS) {
      this.#shiftSince = undefined;
      return age;
    }
    if (this.#shiftSince === undefined) {
      this.#shiftSince = now;
      this.#leastSince = transit;
    }
    this.#leastSince = Math.min(this.#leastSince, transit);
    if (now - this.#shiftSince < CONFIRMATION_MS) return age;
    this.#least = this.#leastSince;
    this.#shiftSince = undefined;
    return transit - this.#least;
  }
}
