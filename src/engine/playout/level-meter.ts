import { gainToDb, powerToDb } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** A peak fades with this time constant, so that a reader at a few hertz does not miss it. */
const PEAK_RELEASE_SECONDS = 0.15;
/** The mean of the squares is over this time. */
const RMS_SECONDS = 0.05;

/** Peak and RMS level of audio as it passes. No allocation. */
export class LevelMeter {
  #peak = 0;
  #power = 0;

  /** Peak with a short memory, dBFS. */
  get peakDb(): number {
    return gainToDb(this.#peak);
  }

  /** RMS over 50 ms, louder channel, dBFS. */
  get rmsDb(): number {
    return powerToDb(this.#power);
  }

  /** Takes a block: its largest magnitude and the mean square of its louder channel. */
  add(peak: number, power: number, frames: number): void {
    const decay = Math.exp(-frames / (PEAK_RELEASE_SECONDS * SAMPLE_RATE));
    this.#peak = Math.max(peak, this.#peak * decay);
    this.#power += (power - this.#power) * (1 - Math.exp(-frames / (RMS_SECONDS * SAMPLE_RATE)));
  }

  /** Falls to silence at once. */
  reset(): void {
    this.#peak = 0;
    this.#power = 0;
  }
}
