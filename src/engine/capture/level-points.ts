import { dbToGain, dbToPower, SILENCE_DB } from "../media/decibels.ts";
import { type CaptureTelemetry, LEVEL_POINTS } from "./capture-telemetry.ts";

/** A copy, whose value the compiler knows: see decibels.ts. */
const LEAST_DB = SILENCE_DB;
const SILENT_PEAK = dbToGain(SILENCE_DB);
const SILENT_POWER = dbToPower(SILENCE_DB);

/** Collects peak and energy at every level point of the chain over one tick. No allocation. */
export class LevelPoints {
  readonly #peak = new Float64Array(LEVEL_POINTS);
  readonly #energy = new Float64Array(LEVEL_POINTS);
  /** RMS at each point when it was last rated, dBFS. */
  readonly rmsDb = new Float64Array(LEVEL_POINTS).fill(LEAST_DB);

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

  /** Brings {@link rmsDb} at `point` up to date with the tick so far. */
  rate(point: number, tickFrames: number): void {
    const power = (this.#energy[point] as number) / tickFrames;
    this.rmsDb[point] = power > SILENT_POWER ? 10 * Math.log10(power) : LEAST_DB;
  }

  /** Ends the tick: writes all levels and starts over. */
  publish(telemetry: CaptureTelemetry, tickFrames: number): void {
    for (let point = 0; point < LEVEL_POINTS; point++) {
      const peak = this.#peak[point] as number;
      const power = (this.#energy[point] as number) / tickFrames;
      telemetry.peakDb[point] = peak > SILENT_PEAK ? 20 * Math.log10(peak) : LEAST_DB;
      telemetry.rmsDb[point] = power > SILENT_POWER ? 10 * Math.log10(power) : LEAST_DB;
      this.#peak[point] = 0;
      this.#energy[point] = 0;
    }
  }
}
