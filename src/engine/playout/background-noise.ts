import { type RandomSource, seededRandom } from "../media/random.ts";
import type { SyncBuffer } from "./sync-buffer.ts";

/** Background kept to make noise from, 100 ms. */
const STORE = 4800;
/** Least that must be known before noise is made; below that there is silence. */
const LEAST = 960;
const GRAIN = 960;
const FADE = 240;
/** A signal counts as background below this multiple of the noise floor (6 dB), as in NetEQ… */
const FLOOR_FACTOR = 4;
/** …and always below this power, −65 dBFS. */
const SILENCE_POWER = 10 ** -6.5;
/** Power of the floor at the start, −70 dBFS, and how fast it may rise: 3 dB a second, in powers per sample. */
const START_POWER = 1e-7;
const RISE_PER_SAMPLE = 10 ** (0.3 / 48_000);
const LEAST_FLOOR = 1e-12;
/** Weight of a quieter block in the floor: one click of silence must not reset it. */
const FALL = 0.2;

/**
 * Knows what the background of a stream sounds like and makes more of it: random pieces of the last background heard,
 * cross-faded with constant power. Used for comfort noise and behind long concealment. No allocation.
 */
export class BackgroundNoise {
  readonly #left = new Float32Array(STORE);
  readonly #right = new Float32Array(STORE);
  readonly #random: RandomSource = seededRandom(0x5eed);
  #stored = 0;
  #cursor = 0;
  /** Power of the background: one number. */
  readonly #floor = Float64Array.of(START_POWER);
  #grainAt = 0;
  #grainLeft = 0;
  #previousAt = 0;

  /** Whether the `frames` samples before `position` of the buffer are background rather than speech. */
  isBackground(buffer: SyncBuffer, position: number, frames: number): boolean {
    buffer.measure(position, frames);
    return (buffer.energy[0] as number) < Math.max(SILENCE_POWER, (this.#floor[0] as number) * FLOOR_FACTOR);
  }

  /** Takes decoded audio `[from, to)` of the buffer: follows the floor, keeps the signal when it is background. */
  learn(buffer: SyncBuffer, from: number, to: number): void {
    const frames = to - from;
    if (frames <= 0) return;
    buffer.measure(to, frames);
    const power = buffer.energy[0] as number;
    const before = this.#floor[0] as number;
    const ceiling = before * RISE_PER_SAMPLE ** frames;
    const floor = power < before ? before + (power - before) * FALL : Math.min(power, ceiling);
    this.#floor[0] = Math.max(LEAST_FLOOR, floor);
    if (power >= Math.max(SILENCE_POWER, (this.#floor[0] as number) * FLOOR_FACTOR)) return;
    const { left, right } = buffer;
    for (let i = from; i < to; i++) {
      this.#left[this.#cursor] = left[i] ?? 0;
      this.#right[this.#cursor] = right[i] ?? 0;
      this.#cursor = this.#cursor + 1 === STORE ? 0 : this.#cursor + 1;
    }
    this.#stored = Math.min(STORE, this.#stored + frames);
  }

  /** Writes `frames` of background to the buffer's arrays from `position`; silence while none was heard. */
  generate(buffer: SyncBuffer, position: number, frames: number): void {
    const isKnown = this.#stored >= LEAST;
    for (let i = position; i < position + frames; i++) {
      if (this.#grainLeft === 0) this.#nextGrain();
      const into = GRAIN - this.#grainLeft--;
      const weight = into < FADE ? (into + 1) / (FADE + 1) : 1;
      buffer.left[i] = isKnown ? this.#mix(this.#left, into, weight) : 0;
      if (buffer.channels === 2) buffer.right[i] = isKnown ? this.#mix(this.#right, into, weight) : 0;
    }
  }

  /** Forgets everything: another sender. */
  reset(): void {
    this.#stored = 0;
    this.#cursor = 0;
    this.#floor[0] = START_POWER;
    this.#grainLeft = 0;
  }

  #mix(store: Float32Array, into: number, weight: number): number {
    const span = Math.max(1, this.#stored);
    const present = store[(this.#grainAt + into) % span] ?? 0;
    if (weight === 1) return present;
    const previous = store[(this.#previousAt + GRAIN + into) % span] ?? 0;
    return present * Math.sqrt(weight) + previous * Math.sqrt(1 - weight);
  }

  #nextGrain(): void {
    this.#previousAt = this.#grainAt;
    this.#grainAt = Math.floor(this.#random() * Math.max(1, this.#stored - GRAIN));
    this.#grainLeft = GRAIN;
  }
}
