import { gainToDb, powerToDb } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** A peak fades with this time constant, so that a reader at a few hertz does not miss it. */
const PEAK_RELEASE_SECONDS = 0.15;
/** The mean of the squares is over this time. */
const RMS_SECONDS = 0.05;

/** Where the levels of a block stand in the array given to {@link LevelMeter.add}. */
export const BLOCK_PEAK = 0;
export const BLOCK_POWER = 1;

/** Places in a meter's state. */
const PEAK = 0;
const POWER = 1;
const DECAY = 2;
const WEIGHT = 3;

/** Peak and RMS level of audio as it passes. No allocation. */
export class LevelMeter {
  readonly #state = new Float64Array(4);
  /** Length of the blocks that decay and weight are for. */
  #frames = 0;

  /** Peak with a short memory, dBFS. */
  get peakDb(): number {
    return gainToDb(this.#state[PEAK] as number);
  }

  /** RMS over 50 ms, louder channel, dBFS. */
  get rmsDb(): number {
    return powerToDb(this.#state[POWER] as number);
  }

  /**
   * Takes a block of `frames`.
   *
   * @param levels its largest magnitude at {@link BLOCK_PEAK}, the mean square of its louder channel at {@link BLOCK_POWER}
   */
  add(levels: Float64Array, frames: number): void {
    const state = this.#state;
    if (frames !== this.#frames) {
      this.#frames = frames;
      state[DECAY] = Math.exp(-frames / (PEAK_RELEASE_SECONDS * SAMPLE_RATE));
      state[WEIGHT] = 1 - Math.exp(-frames / (RMS_SECONDS * SAMPLE_RATE));
    }
    const power = state[POWER] as number;
    state[PEAK] = Math.max(levels[BLOCK_PEAK] as number, (state[PEAK] as number) * (state[DECAY] as number));
    state[POWER] = power + ((levels[BLOCK_POWER] as number) - power) * (state[WEIGHT] as number);
  }

  /** Falls to silence at once. */
  reset(): void {
    this.#state[PEAK] = 0;
    this.#state[POWER] = 0;
  }
}
