import { TimestampUnwrapper32 } from "../media/sequence-number.ts";
import { type Milliseconds, samplesToMilliseconds } from "../media/units.ts";

/** Rise of the reference per ms of clock: covers audio clocks 0.1 % slow against the system clock. */
const LEAK = 0.001;
/** Ages above this are a jump of the timestamps (restart of the capture clock) if they last. */
const JUMP_MS: Milliseconds = 2000;
/** A queue that was stuck is emptied at once; only a real jump still shows after this time. */
const JUMP_CONFIRMATION_MS: Milliseconds = 200;

/**
 * How long ago a frame could have been handed over at the earliest, from its RTP timestamp: its transit from the capture clock to
 * now, less the least transit seen. Works across threads without a shared clock.
 */
export class FrameAge {
  readonly #timestamps = new TimestampUnwrapper32();
  #least = Number.POSITIVE_INFINITY;
  #updated: Milliseconds = 0;
  #jumpSince: Milliseconds | undefined;

  /** Age in ms, 0 or more, of the frame with `rtpTimestamp` (48 kHz) that is handed over at `now`. */
  update(rtpTimestamp: number, now: Milliseconds): Milliseconds {
    const transit = now - samplesToMilliseconds(this.#timestamps.unwrap(rtpTimestamp));
    if (this.#least !== Number.POSITIVE_INFINITY) this.#least += (now - this.#updated) * LEAK;
    this.#updated = now;
    if (transit < this.#least) this.#least = transit;
    const age = transit - this.#least;
    if (age <= JUMP_MS) {
      this.#jumpSince = undefined;
      return age;
    }
    this.#jumpSince ??= now;
    if (now - this.#jumpSince < JUMP_CONFIRMATION_MS) return age;
    this.#least = transit;
    this.#jumpSince = undefined;
    return 0;
  }
}
