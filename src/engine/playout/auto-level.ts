import { dbToPower } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** Level of speech that every stream is brought to, dBFS of its active parts: what our own sender's leveler aims at. */
const TARGET_DB = -21;
const MAX_BOOST_DB = 12;
const MAX_CUT_DB = -12;
/** Quieter blocks are never speech: power of −55 dBFS. */
const ABSOLUTE_GATE = dbToPower(-55);
/** Blocks this much below the level of speech are pauses: −18 dB, as a ratio of powers. */
const RELATIVE_GATE = dbToPower(-18);
/** Time constant of the level, in active seconds; shorter at the start, when nothing is known. */
const SLOW_SECONDS = 6;
const FAST_SECONDS = 0.8;
/** Fastest change of the gain. */
const SLEW_DB_PER_SECOND = 4;

/** Where the mean square of a block before any gain stands in the array given to {@link AutoLevel.add}. */
export const BLOCK_INPUT_POWER = 2;

/** Places in the state. */
const POWER = 0;
const ACTIVE_SECONDS = 1;
const GAIN_DB = 2;

/**
 * Finds the gain that brings a talker to the common loudness: slow, and led by speech only, so that pauses are not pulled up.
 * No allocation.
 */
export class AutoLevel {
  readonly #state = new Float64Array(3);

  /** Gain to apply now, −12…12 dB. */
  get gainDb(): number {
    return this.#state[GAIN_DB] as number;
  }

  /** Takes the levels of a block of `frames`: {@link BLOCK_INPUT_POWER}. */
  add(levels: Float64Array, frames: number): void {
    const state = this.#state;
    const power = levels[BLOCK_INPUT_POWER] as number;
    const speechPower = state[POWER] as number;
    if (power <= ABSOLUTE_GATE || power <= speechPower * RELATIVE_GATE) return;
    const seconds = frames / SAMPLE_RATE;
    const activeSeconds = (state[ACTIVE_SECONDS] as number) + seconds;
    const time = Math.max(FAST_SECONDS, Math.min(SLOW_SECONDS, activeSeconds));
    const weight = activeSeconds === seconds ? 1 : Math.min(1, seconds / time);
    const averaged = speechPower + (power - speechPower) * weight;
    const gainDb = state[GAIN_DB] as number;
    const wanted = Math.max(MAX_CUT_DB, Math.min(MAX_BOOST_DB, TARGET_DB - 10 * Math.log10(averaged)));
    const most = SLEW_DB_PER_SECOND * seconds;
    state[POWER] = averaged;
    state[ACTIVE_SECONDS] = activeSeconds;
    state[GAIN_DB] = gainDb + Math.max(-most, Math.min(most, wanted - gainDb));
  }
}
