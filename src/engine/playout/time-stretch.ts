import type { Samples } from "../media/units.ts";
import { LAG_WINDOW, LagSearch, MAX_LAG, MIN_LAG } from "./lag-search.ts";
import { SAMPLE_KIND, type SyncBuffer } from "./sync-buffer.ts";

/** Length of the cross-fade between periods, 5 ms, and the least that is tried, 1.3 ms. */
export const STRETCH_FADE = 240;
export const MIN_STRETCH_FADE = 64;
/** Shortest audio ahead with which accelerating can work: the least period and a fade. */
export const MIN_ACCELERATE_FUTURE = MIN_LAG + MIN_STRETCH_FADE;
/** Segments that resemble each other less are faded like noise. */
const UNVOICED = 0.4;
/** Least background that is removed, 1 ms. */
const MIN_BACKGROUND_LAG = 48;
/** A removed period may be this much longer than what there was too much. */
const OVERSHOOT = 120;

/**
 * Makes the audio still to be heard shorter or longer by a pitch period, by overlap-add in place. Background noise has no period:
 * there any length will do, and uncorrelated segments fade with constant power. No allocation.
 */
export class TimeStretch {
  readonly #search = new LagSearch();
  /** Alternates the length of inserted background, so that repetition has no pitch. */
  #variation = 0;

  /**
   * Repeats the end of the audio, at the write position.
   *
   * @param leastPercent least normalised correlation of speech at the period, 0…100; a whole number, which goes into calls as it is
   * @returns samples inserted, 0 when the signal has no period or too little audio lies ahead
   */
  expand(buffer: SyncBuffer, isBackground: boolean, leastPercent: number): Samples {
    const fade = Math.min(STRETCH_FADE, buffer.future);
    if (fade < MIN_STRETCH_FADE) return 0;
    let lag = 0;
    if (isBackground) {
      this.#variation = (this.#variation * 5 + 3) % 8;
      lag = MAX_LAG - 30 * this.#variation;
    } else {
      this.#search.search(buffer.left, buffer.writePosition - LAG_WINDOW, MAX_LAG);
      if (this.#search.correlation < leastPercent / 100) return 0;
      lag = this.#search.lag;
    }
    buffer.reserve(lag);
    const end = buffer.writePosition;
    const isNoise = isBackground || this.#search.correlation < UNVOICED;
    append(buffer.left, end, lag, fade, isNoise);
    if (buffer.channels === 2) append(buffer.right, end, lag, fade, isNoise);
    buffer.commit(lag, SAMPLE_KIND.audio);
    return lag;
  }

  /**
   * Removes a period from the audio ahead, hardly longer than `wanted`, or from background as much as fits it.
   *
   * @param from position from which on the audio may be changed
   * @returns samples removed, 0 when it is not possible
   */
  accelerate(buffer: SyncBuffer, from: number, isBackground: boolean, leastPercent: number, wanted: Samples): Samples {
    const future = buffer.writePosition - from;
    const fade = Math.min(STRETCH_FADE, future >> 1);
    const maxLag = Math.min(MAX_LAG, future - fade, Math.max(MIN_LAG, Math.floor(wanted) + OVERSHOOT));
    if (fade < MIN_STRETCH_FADE || maxLag < MIN_LAG) return 0;
    let lag = 0;
    if (isBackground) {
      lag = Math.max(MIN_BACKGROUND_LAG, Math.min(maxLag, Math.floor(wanted)));
    } else {
      // The later segment is the fixed one: [from + maxLag + fade − window, from + maxLag + fade).
      this.#search.search(buffer.left, from + maxLag + fade - LAG_WINDOW, maxLag);
      if (this.#search.correlation < leastPercent / 100) return 0;
      lag = this.#search.lag;
    }
    // Cut so late that the fade ends where the compared segment does.
    const at = isBackground ? from : from + maxLag - lag;
    crossFade(buffer.left, at, lag, fade, isBackground);
    if (buffer.channels === 2) crossFade(buffer.right, at, lag, fade, isBackground);
    buffer.cut(at + fade, at + fade + lag);
    return lag;
  }
}

/** Fades the last `fade` samples before `end` into the signal one `lag` earlier, and goes on with it for a `lag`. */
function append(signal: Float32Array, end: number, lag: number, fade: number, isNoise: boolean): void {
  // First the copy of the untouched signal, then the fade over it.
  signal.copyWithin(end, end - lag, end);
  const from = end - fade;
  for (let i = 0; i < fade; i++) {
    const weight = (i + 1) / (fade + 1);
    const present = signal[from + i] ?? 0;
    const earlier = signal[from + i - lag] ?? 0;
    signal[from + i] = isNoise ? noiseFade(present, earlier, weight) : present + (earlier - present) * weight;
  }
}

/** Fades from the signal at `at` to the signal one `lag` later. */
function crossFade(signal: Float32Array, at: number, lag: number, fade: number, isNoise: boolean): void {
  for (let i = 0; i < fade; i++) {
    const weight = (i + 1) / (fade + 1);
    const present = signal[at + i] ?? 0;
    const later = signal[at + i + lag] ?? 0;
    signal[at + i] = isNoise ? noiseFade(present, later, weight) : present + (later - present) * weight;
  }
}

/** Constant power for uncorrelated signals. */
function noiseFade(from: number, to: number, weight: number): number {
  return from * Math.sqrt(1 - weight) + to * Math.sqrt(weight);
}
