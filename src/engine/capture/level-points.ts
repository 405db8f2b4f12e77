import { dbToGain, dbToPower, powerToDb, SILENCE_DB } from "../media/decibels.ts";
import { type CaptureTelemetry, LEVEL_POINTS } from "./capture-telemetry.ts";

const SILENT_PEAK = dbToGain(SILENCE_DB);
const SILENT_POWER = dbToPower(SILENCE_DB);

/** Collects peak and energy at every level point of the chain over one tick. No allocation. */
export class LevelPoints {
  readonly #peak = new Float64Array(LEVEL_POINTS);
  readonly #energy = new Float64Array(LEVEL_POINTS);

  /** Adds a block at `point`. */
  measure(point: number, left: Float32Array, right: Float32Array, frames: number, channels: number): void {
    let peak = this.#peak[point] as number;
    let energy = 0;
    for (let i = 0; i < frames; i++) {
      const sample = left[i] as number;
      energy += sample * sample;
      const magnitude = Math.abs(sample);
      if (magnitude > peak) peak = magnitude;
    }
    for (let i = 0; i < frames && channels > 1; i++) {
      const sample = right[i] as number;
      energy += sample * sample;
      const magnitude = Math.abs(sample);
      if (magnitude > peak) peak = magnitude;
    }
    this.#peak[point] = peak;
    this.#energy[point] = (this.#energy[point] as number) + energy / channels;
  }

  /** RMS at `point` over the tick so far, dBFS. */
  rmsDb(point: number, tickFrames: number): number {
    return powerToDb((this.#energy[point] as number) / tickFrames);
  }

  /** Ends the tick: writes all levels and starts over. */
  publish(telemetry: CaptureTelemetry, tickFrames: number): void {
    for (let point = 0; point < LEVEL_POINTS; point++) {
      // Written out: fourteen numbers handed over by functions would be fourteen objects on the heap, a hundred times a second.
      const peak = this.#peak[point] as number;
      const power = (this.#energy[point] as number) / tickFrames;
      telemetry.peakDb[point] = peak > SILENT_PEAK ? 20 * Math.log10(peak) : SILENCE_DB;
      telemetry.rmsDb[point] = power > SILENT_POWER ? 10 * Math.log10(power) : SILENCE_DB;
      this.#peak[point] = 0;
      this.#energy[point] = 0;
    }
  }
}
