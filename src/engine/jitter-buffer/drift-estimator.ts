import { SAMPLE_RATE, type Samples } from "../media/units.ts";

/** Length of a block whose smallest transit is one measurement. The minimum sheds queueing delay; a second holds ≥ 8 frames. */
const BLOCK = SAMPLE_RATE;
/** A block of fewer frames (silence, loss) says too little about the minimum. */
const MIN_FRAMES = 5;
/** A jump of the minimum beyond this many deviations, and beyond JUMP_FLOOR, is a new route, not drift: above the largest quantum. */
const JUMP_DEVIATIONS = 5;
const JUMP_FLOOR = 600;
/** Growth of the measurement's variance with a jump. */
const JUMP_GROWTH = 1.5;
/** Prior deviation of the slope: crystal clocks are within ±100 ppm, audio hardware seen up to ±500. In samples a block. */
const SLOPE_DEVIATION = 300e-6 * BLOCK;
/** Random walk of the slope a block: oscillators wander by about 0.1 ppm a second when they warm up. */
const SLOPE_WALK = (0.1e-6 * BLOCK) ** 2;
/** Random walk of the offset a block, in samples². */
const OFFSET_WALK = 0.05;
/** Bounds of the measurement's variance, samples²: a quantum's granularity below, a bad network above. */
const MIN_VARIANCE = 128 ** 2 / 12;
const MAX_VARIANCE = 480 ** 2;
/** Fastest drift believed. */
const MAX_PPM = 1000;

/** Where {@link DriftEstimator.estimate} holds what. */
export const DRIFT_PPM = 0;
export const DRIFT_UNCERTAINTY_PPM = 1;

/** Places in the filter's state: offset and slope, their covariance, variance of a measurement. */
const OFFSET = 0;
/** Samples by which the transit grows a block; negative when the sender is fast. */
const SLOPE = 1;
const P00 = 2;
const P01 = 3;
const P11 = 4;
const VARIANCE = 5;

/**
 * Estimates how fast the sender's clock runs against the playout clock, from the slope of the minimum-filtered transit: a two-state
 * Kalman filter (offset, slope) over one minimum a second. A sudden change of the path's delay resets the offset and keeps the
 * slope. No allocation.
 */
export class DriftEstimator {
  /** Drift and its standard deviation, ppm, renewed with every block: at {@link DRIFT_PPM} and {@link DRIFT_UNCERTAINTY_PPM}. */
  readonly estimate = new Float64Array(2);
  readonly #state = new Float64Array(6);
  #blockEnd = -1;
  #blockMinimum = 0;
  #blockFrames = 0;
  #blocksSkipped = 0;
  #isStarted = false;

  constructor() {
    this.reset();
  }

  /** Sender's clock against the playout clock in parts per million; positive when the sender is fast. */
  get ppm(): number {
    return this.estimate[DRIFT_PPM] as number;
  }

  /** Standard deviation of {@link ppm}. */
  get uncertaintyPpm(): number {
    return this.estimate[DRIFT_UNCERTAINTY_PPM] as number;
  }

  /** Takes a frame's transit at its arrival; `now` in samples of the playout clock, never decreasing. */
  add(now: Samples, transit: Samples): void {
    if (this.#blockEnd < 0) this.#startBlock(now);
    while (now >= this.#blockEnd) {
      this.#finishBlock();
      // After a long silence the blocks in between are skipped at once, not one by one.
      const behind = Math.floor((now - this.#blockEnd) / BLOCK);
      if (behind > 0) {
        this.#blockEnd += behind * BLOCK;
        this.#blocksSkipped += behind;
      }
    }
    if (this.#blockFrames === 0 || transit < this.#blockMinimum) this.#blockMinimum = transit;
    this.#blockFrames++;
  }

  /** Forgets everything: another sender, or the same one restarted. */
  reset(): void {
    this.#blockEnd = -1;
    this.#blockFrames = 0;
    this.#blocksSkipped = 0;
    this.#isStarted = false;
    this.#state.fill(0);
    this.#state[P11] = SLOPE_DEVIATION ** 2;
    this.#state[VARIANCE] = MIN_VARIANCE;
    this.#publish();
  }

  #startBlock(now: Samples): void {
    this.#blockEnd = now + BLOCK;
    this.#blockFrames = 0;
  }

  #finishBlock(): void {
    if (this.#blockFrames >= MIN_FRAMES) {
      this.#update();
      this.#blocksSkipped = 0;
    } else {
      this.#blocksSkipped++;
    }
    this.#startBlock(this.#blockEnd);
  }

  /** Takes the minimum of the block that has just ended. */
  #update(): void {
    const state = this.#state;
    const measured = this.#blockMinimum;
    const blocks = this.#blocksSkipped + 1;
    const variance = state[VARIANCE] as number;
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#startAt(measured);
      return;
    }
    const slope = state[SLOPE] as number;
    const p11 = (state[P11] as number) + blocks * SLOPE_WALK;
    const p01 = (state[P01] as number) + blocks * (state[P11] as number);
    const spread = 2 * (state[P01] as number) + blocks * (state[P11] as number) + OFFSET_WALK;
    const p00 = (state[P00] as number) + blocks * spread;
    const offset = (state[OFFSET] as number) + slope * blocks;
    const innovation = measured - offset;
    const expected = p00 + variance;
    const jump = JUMP_DEVIATIONS * Math.sqrt(expected);
    state[P11] = p11;
    if (Math.abs(innovation) > Math.max(JUMP_FLOOR, jump)) {
      this.#startAt(measured);
      // A minimum that jumps every time is a coarse clock or a bad network, which the next jump then has to exceed.
      state[VARIANCE] = Math.min(MAX_VARIANCE, variance * JUMP_GROWTH);
    } else {
      const gain0 = p00 / expected;
      const gain1 = p01 / expected;
      const limit = MAX_PPM * 1e-6 * BLOCK;
      state[OFFSET] = offset + gain0 * innovation;
      state[SLOPE] = Math.max(-limit, Math.min(limit, slope + gain1 * innovation));
      const followed = variance + 0.05 * (innovation * innovation - variance);
      state[VARIANCE] = Math.min(MAX_VARIANCE, Math.max(MIN_VARIANCE, followed));
      state[P11] = p11 - gain1 * p01;
      state[P01] = p01 - gain0 * p01;
      state[P00] = p00 - gain0 * p00;
    }
    this.#publish();
  }

  /** The offset is known from one measurement only; the slope stays. */
  #startAt(measured: Samples): void {
    const state = this.#state;
    state[OFFSET] = measured;
    state[P00] = state[VARIANCE] as number;
    state[P01] = 0;
  }

  #publish(): void {
    const state = this.#state;
    const ppm = (-(state[SLOPE] as number) / BLOCK) * 1e6;
    this.estimate[DRIFT_PPM] = Math.max(-MAX_PPM, Math.min(MAX_PPM, ppm));
    this.estimate[DRIFT_UNCERTAINTY_PPM] = (Math.sqrt(state[P11] as number) / BLOCK) * 1e6;
  }
}
