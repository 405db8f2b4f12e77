import { powerToDb } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** Level of speech that every stream is brought to, dBFS of its active parts: what our own sender's leveler aims at. */
const TARGET_DB = -21;
const MAX_BOOST_DB = 12;
const MAX_CUT_DB = -12;
/** Quieter blocks are never speech. */
const ABSOLUTE_GATE_DB = -55;
/** Blocks this much below the level of speech are pauses. */
const RELATIVE_GATE_DB = 18;
/** Time constant of the level, in active seconds; shorter at the start, when nothing is known. */
const SLOW_SECONDS = 6;
const FAST_SECONDS = 0.8;
/** Fastest change of the gain. */
const SLEW_DB_PER_SECOND = 4;

/**
 * Finds the gain that brings a talker to the common loudness: slow, and led by speech only, so that pauses are not pulled up.
 * No allocation.
 */
export class AutoLevel {
  #power = 0;
  #activeSeconds = 0;
  #gainDb = 0;

  /** Gain to apply now, −12…12 dB. */
  get gainDb(): number {
    return this.#gainDb;
  }

  /** Takes the mean square of a block before any gain. */
  add(power: number, frames: number): void {
    const seconds = frames / SAMPLE_RATE;
    const levelDb = powerToDb(power);
    const speechDb = powerToDb(this.#power);
    const gate = this.#activeSeconds === 0 ? ABSOLUTE_GATE_DB : Math.max(ABSOLUTE_GATE_DB, speechDb - RELATIVE_GATE_DB);
    if (levelDb <= gate) return;
    this.#activeSeconds += seconds;
    const time = Math.max(FAST_SECONDS, Math.min(SLOW_SECONDS, this.#activeSeconds));
    const weight = this.#activeSeconds === seconds ? 1 : Math.min(1, seconds / time);
    this.#power += (power - this.#power) * weight;
    const wanted = Math.max(MAX_CUT_DB, Math.min(MAX_BOOST_DB, TARGET_DB - powerToDb(this.#power)));
    const most = SLEW_DB_PER_SECOND * seconds;
    this.#gainDb += Math.max(-most, Math.min(most, wanted - this.#gainDb));
  }
}
