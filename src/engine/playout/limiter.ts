import { dbToGain, gainToDb } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import { TRUE_PEAK_DELAY, TruePeakInterpolator } from "./true-peak-interpolator.ts";

/** How a {@link Limiter} holds its ceiling. */
export type LimiterOptions = {
  /** Highest true peak that leaves the limiter, −12…0 dBTP. */
  readonly ceilingDb: number;
  /** Time constant of the return to unity gain, 1…1000 ms. */
  readonly releaseMs: number;
};

/** Time over which the gain comes down before a peak, in samples: 1.5 ms, short enough for a call, long enough not to click. */
const ATTACK = 72;
/** Samples by which a limiter delays its signal: the attack, and what the true-peak filter needs to see a peak. */
export const LIMITER_LATENCY = ATTACK + TRUE_PEAK_DELAY;
/** Power of two above LIMITER_LATENCY. */
const RING = 128;
const MASK = RING - 1;
/**
 * The interpolator of BS.1770 reads up to 0.55 dB low near 20 kHz at four times oversampling, far less where speech
 * has its energy; this much is kept below the ceiling.
 */
const HEADROOM = dbToGain(-0.1);

/**
 * Look-ahead true-peak limiter for one or two channels with one common gain: transparent below the ceiling, no overshoot
 * above it. Block core: the caller owns the memory; delays by {@link LIMITER_LATENCY}; allocates nothing after construction.
 *
 * The wanted gain is held at its minimum over the look-ahead, then averaged over the attack, so that it reaches the minimum exactly
 * when the peak leaves; it releases exponentially.
 */
export class Limiter {
  #ceiling = 1;
  #releaseCoefficient = 0;
  readonly #left = new Float32Array(RING);
  readonly #right = new Float32Array(RING);
  readonly #peakLeft = new TruePeakInterpolator();
  readonly #peakRight = new TruePeakInterpolator();
  /** Candidates for the minimum over the look-ahead, as a monotonic queue of gain and time. */
  readonly #queueGain = new Float64Array(RING);
  readonly #queueTime = new Float64Array(RING);
  #queueHead = 0;
  #queueTail = 0;
  /** The held gains of the last ATTACK samples and their sum. */
  readonly #held = new Float64Array(ATTACK).fill(1);
  #heldSum = ATTACK;
  #heldCursor = 0;
  #envelope = 1;
  #time = 0;
  #blockMinimum = 1;

  constructor(options: LimiterOptions) {
    this.configure(options);
  }

  /** Changes the settings at once, without a click. */
  configure(options: LimiterOptions): void {
    this.#ceiling = dbToGain(options.ceilingDb) * HEADROOM;
    this.#releaseCoefficient = 1 - Math.exp(-1000 / (Math.max(1, options.releaseMs) * SAMPLE_RATE));
  }

  /** Lowest gain of the last block in dB, 0 when nothing was turned down. */
  get gainReductionDb(): number {
    return gainToDb(this.#blockMinimum);
  }

  /** Limits `frames` samples in place from `offset`. For mono give the same array twice. */
  process(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const isMono = left === right;
    const end = offset + frames;
    this.#blockMinimum = 1;
    for (let i = offset; i < end; i++) {
      // NaN and infinities would stay in the envelope for good.
      const inLeft = finite(left[i] ?? 0);
      const inRight = isMono ? inLeft : finite(right[i] ?? 0);
      let peak = this.#peakLeft.next(inLeft);
      if (!isMono) peak = Math.max(peak, this.#peakRight.next(inRight));
      const gain = this.#nextGain(peak > this.#ceiling ? this.#ceiling / peak : 1);
      const write = this.#time & MASK;
      const read = (this.#time - LIMITER_LATENCY) & MASK;
      this.#left[write] = inLeft;
      left[i] = (this.#left[read] ?? 0) * gain;
      if (!isMono) {
        this.#right[write] = inRight;
        right[i] = (this.#right[read] ?? 0) * gain;
      }
      this.#time++;
    }
  }

  /** Forgets the signal: silence follows for {@link LIMITER_LATENCY} samples. */
  reset(): void {
    this.#left.fill(0);
    this.#right.fill(0);
    this.#peakLeft.reset();
    this.#peakRight.reset();
    this.#held.fill(1);
    this.#heldSum = ATTACK;
    this.#envelope = 1;
    this.#queueHead = this.#queueTail;
  }

  #nextGain(wanted: number): number {
    const minimum = this.#minimumOverLookAhead(wanted);
    this.#envelope =
      minimum < this.#envelope ? minimum : this.#envelope + (minimum - this.#envelope) * this.#releaseCoefficient;
    const cursor = this.#heldCursor;
    this.#heldSum += this.#envelope - (this.#held[cursor] ?? 0);
    this.#held[cursor] = this.#envelope;
    this.#heldCursor = cursor + 1 === ATTACK ? 0 : cursor + 1;
    // The running sum is renewed once a turn: rounding would otherwise drift over hours.
    if (this.#heldCursor === 0) {
      let sum = 0;
      for (let i = 0; i < ATTACK; i++) sum += this.#held[i] ?? 0;
      this.#heldSum = sum;
    }
    const gain = Math.min(1, this.#heldSum / ATTACK);
    if (gain < this.#blockMinimum) this.#blockMinimum = gain;
    return gain;
  }

  /** Minimum of the wanted gains of the last LIMITER_LATENCY + 1 samples. */
  #minimumOverLookAhead(wanted: number): number {
    while (this.#queueTail > this.#queueHead && (this.#queueGain[(this.#queueTail - 1) & MASK] ?? 0) >= wanted) {
      this.#queueTail--;
    }
    this.#queueGain[this.#queueTail & MASK] = wanted;
    this.#queueTime[this.#queueTail & MASK] = this.#time;
    this.#queueTail++;
    while ((this.#queueTime[this.#queueHead & MASK] ?? 0) < this.#time - LIMITER_LATENCY) this.#queueHead++;
    return this.#queueGain[this.#queueHead & MASK] ?? 1;
  }
}

function finite(sample: number): number {
  return Math.abs(sample) < 1e6 ? sample : 0;
}
