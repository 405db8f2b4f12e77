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

/**
 * Estimates how fast the sender's clock runs against the playout clock, from the slope of the minimum-filtered transit: a two-state
 * Kalman filter (offset, slope) over one minimum a second. A sudden change of the path's delay resets the offset and keeps the
 * slope. No allocation.
 */
export class DriftEstimator {
  #blockEnd = -1;
  #blockMinimum = 0;
  #blockFrames = 0;
  #blocksSkipped = 0;
  #isStarted = false;
  #offset = 0;
  /** Samples by which the transit grows a block; negative when the sender is fast. */
  #slope = 0;
  #p00 = 0;
  #p01 = 0;
  #p11 = SLOPE_DEVIATION ** 2;
  #variance = MIN_VARIANCE;

  /** Sender's clock against the playout clock in parts per million; positive when the sender is fast. */
  get ppm(): number {
    return clamp((-this.#slope / BLOCK) * 1e6, MAX_PPM);
  }

  /** Standard deviation of {@link ppm}. */
  get uncertaintyPpm(): number {
    return (Math.sqrt(this.#p11) / BLOCK) * 1e6;
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
    this.#slope = 0;
    this.#p11 = SLOPE_DEVIATION ** 2;
    this.#variance = MIN_VARIANCE;
  }

  #startBlock(now: Samples): void {
    this.#blockEnd = now + BLOCK;
    this.#blockFrames = 0;
  }

  #finishBlock(): void {
    if (this.#blockFrames >= MIN_FRAMES) {
      this.#update(this.#blockMinimum, this.#blocksSkipped + 1);
      this.#blocksSkipped = 0;
    } else {
      this.#blocksSkipped++;
    }
    this.#startBlock(this.#blockEnd);
  }

  #update(measured: Samples, blocks: number): void {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#offset = measured;
      this.#p00 = this.#variance;
      this.#p01 = 0;
      return;
    }
    this.#offset += this.#slope * blocks;
    this.#p00 += blocks * (2 * this.#p01 + blocks * this.#p11 + OFFSET_WALK);
    this.#p01 += blocks * this.#p11;
    this.#p11 += blocks * SLOPE_WALK;
    const innovation = measured - this.#offset;
    const expected = this.#p00 + this.#variance;
    const jump = JUMP_DEVIATIONS * Math.sqrt(expected);
    if (Math.abs(innovation) > Math.max(JUMP_FLOOR, jump)) {
      this.#offset = measured;
      this.#p00 = this.#variance;
      this.#p01 = 0;
      // A minimum that jumps every time is a coarse clock or a bad network, which the next jump then has to exceed.
      this.#variance = Math.min(MAX_VARIANCE, this.#variance * JUMP_GROWTH);
      return;
    }
    const gain0 = this.#p00 / expected;
    const gain1 = this.#p01 / expected;
    this.#offset += gain0 * innovation;
    this.#slope = clamp(this.#slope + gain1 * innovation, MAX_PPM * 1e-6 * BLOCK);
    const variance = this.#variance + 0.05 * (innovation * innovation - this.#variance);
    this.#variance = Math.min(MAX_VARIANCE, Math.max(MIN_VARIANCE, variance));
    this.#p11 -= gain1 * this.#p01;
    this.#p01 -= gain0 * this.#p01;
    this.#p00 -= gain0 * this.#p00;
  }
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
