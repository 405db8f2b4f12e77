import type { DriftEstimator } from "../jitter-buffer/drift-estimator.ts";
import { SAMPLE_RATE, type Samples } from "../media/units.ts";

/** Drift that is left to time-stretch: below it resampling costs more than an edit every few minutes. */
const BYPASS_PPM = 5;
/** Drift is followed once it is this many standard deviations of its estimate. */
const SURE = 3;
/** Fastest change of the ratio, ppm a second: inaudible as pitch. */
const SLEW_PPM = 20;

/**
 * Turns the estimated clock drift into the resampler's ratio: slowly, and only when the estimate is sure. It never looks at the
 * delay, which belongs to time-stretch: so the two never work against each other. No allocation.
 */
export class DriftFollower {
  readonly #drift: DriftEstimator;
  #ppm = 0;

  constructor(drift: DriftEstimator) {
    this.#drift = drift;
  }

  /** Samples to consume per sample played, for the next `frames`. */
  next(frames: Samples): number {
    const { ppm, uncertaintyPpm } = this.#drift;
    const isSure = Math.abs(ppm) > Math.max(BYPASS_PPM, SURE * uncertaintyPpm);
    const wanted = isSure ? ppm : 0;
    const most = (SLEW_PPM * frames) / SAMPLE_RATE;
    this.#ppm += Math.max(-most, Math.min(most, wanted - this.#ppm));
    return 1 + this.#ppm * 1e-6;
  }
}
