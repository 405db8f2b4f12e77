import { DRIFT_PPM, DRIFT_UNCERTAINTY_PPM, type DriftEstimator } from "../jitter-buffer/drift-estimator.ts";
import { SAMPLE_RATE, type Samples } from "../media/units.ts";
import type { FractionalResampler } from "./fractional-resampler.ts";

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
  /** Drift followed now, ppm. */
  readonly #ppm = new Float64Array(1);

  constructor(drift: DriftEstimator) {
    this.#drift = drift;
  }

  /** Sets the ratio for the next `frames`. */
  steer(resampler: FractionalResampler, frames: Samples): void {
    const { estimate } = this.#drift;
    const ppm = estimate[DRIFT_PPM] as number;
    const uncertaintyPpm = estimate[DRIFT_UNCERTAINTY_PPM] as number;
    const isSure = Math.abs(ppm) > Math.max(BYPASS_PPM, SURE * uncertaintyPpm);
    const wanted = isSure ? ppm : 0;
    const most = (SLEW_PPM * frames) / SAMPLE_RATE;
    const followed = this.#ppm[0] as number;
    const next = followed + Math.max(-most, Math.min(most, wanted - followed));
    this.#ppm[0] = next;
    resampler.setStep(1 + next * 1e-6);
  }
}
