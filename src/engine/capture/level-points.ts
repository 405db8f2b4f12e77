import { gainToDb, powerToDb } from "../media/decibels.ts";
import { type CaptureTelemetry, LEVEL_POINTS } from "./capture-telemetry.ts";

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
      telemetry.peakDb[point] = gainToDb(this.#peak[point] as number);
      telemetry.rmsDb[point] = this.rmsDb(point, tickFrames);
      this.#peak[point] = 0;
      this.#energy[point] = 0;
    }
  }
}
