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
/** Most samples processed at once. */
const PIECE = 128;
/** An envelope this close to unity has returned: −120 dB. */
const RETURNED = 1e-6;
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
  /** Peaks and gains of the samples of one piece. */
  readonly #peaks = new Float32Array(PIECE);
  readonly #gains = new Float64Array(PIECE);
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
  /** Nothing is turned down, and nothing will be until a peak exceeds the ceiling. */
  #isIdle = false;

  constructor(options: LimiterOptions) {
    this.configure(options);
  }

  /** Changes the settings at once, without a click. */
  configure(options: LimiterOptions): void {
    this.#ceiling = dbToGain(options.ceilingDb) * HEADROOM;
    this.#peakLeft.floor = this.#ceiling;
    this.#peakRight.floor = this.#ceiling;
    this.#releaseCoefficient = 1 - Math.exp(-1000 / (Math.max(1, options.releaseMs) * SAMPLE_RATE));
  }

  /** Lowest gain of the last block in dB, 0 when nothing was turned down. */
  get gainReductionDb(): number {
    return gainToDb(this.#blockMinimum);
  }

  /** Limits `frames` samples in place from `offset`. For mono give the same array twice. */
  process(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    this.#blockMinimum = 1;
    // In pieces and over arrays: a number handed from function to function for every sample would be put on the heap.
    for (let done = 0; done < frames; done += PIECE) {
      this.#processPiece(left, right, offset + done, Math.min(PIECE, frames - done));
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
    this.#isIdle = false;
  }

  #processPiece(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const isMono = left === right;
    sanitize(left, offset, frames);
    if (!isMono) sanitize(right, offset, frames);
    this.#peaks.fill(0, 0, frames);
    this.#peakLeft.process(left, offset, frames, this.#peaks);
    if (!isMono) this.#peakRight.process(right, offset, frames, this.#peaks);
    const start = this.#time;
    if (this.#isIdle && !this.#hasPeak(frames)) {
      this.#gains.fill(1, 0, frames);
      this.#time += frames;
    } else {
      this.#follow(frames);
    }
    this.#delay(left, this.#left, offset, frames, start);
    if (!isMono) this.#delay(right, this.#right, offset, frames, start);
  }

  #hasPeak(frames: number): boolean {
    const ceiling = this.#ceiling;
    const peaks = this.#peaks;
    for (let i = 0; i < frames; i++) if ((peaks[i] as number) > ceiling) return true;
    return false;
  }

  /** Turns the peaks into gains: held at their minimum over the look-ahead, then averaged over the attack. */
  #follow(frames: number): void {
    const ceiling = this.#ceiling;
    const releaseCoefficient = this.#releaseCoefficient;
    const held = this.#held;
    const queueGain = this.#queueGain;
    const queueTime = this.#queueTime;
    let time = this.#time;
    let head = this.#queueHead;
    let tail = this.#queueTail;
    let envelope = this.#envelope;
    let heldSum = this.#heldSum;
    let cursor = this.#heldCursor;
    let blockMinimum = this.#blockMinimum;
    for (let i = 0; i < frames; i++) {
      const peak = this.#peaks[i] ?? 0;
      const wanted = peak > ceiling ? ceiling / peak : 1;
      // Minimum of the wanted gains of the last LIMITER_LATENCY + 1 samples.
      while (tail > head && (queueGain[(tail - 1) & MASK] ?? 0) >= wanted) tail--;
      queueGain[tail & MASK] = wanted;
      queueTime[tail & MASK] = time;
      tail++;
      while ((queueTime[head & MASK] ?? 0) < time - LIMITER_LATENCY) head++;
      const minimum = queueGain[head & MASK] ?? 1;
      envelope = minimum < envelope ? minimum : envelope + (minimum - envelope) * releaseCoefficient;
      if (envelope > 1 - RETURNED) envelope = 1;
      heldSum += envelope - (held[cursor] ?? 0);
      held[cursor] = envelope;
      cursor = cursor + 1 === ATTACK ? 0 : cursor + 1;
      if (cursor === 0) {
        // The running sum is renewed once a turn: rounding would otherwise drift over hours.
        heldSum = 0;
        for (let at = 0; at < ATTACK; at++) heldSum += held[at] ?? 0;
      }
      const gain = Math.min(1, heldSum / ATTACK);
      if (gain < blockMinimum) blockMinimum = gain;
      this.#gains[i] = gain;
      time++;
    }
    this.#time = time;
    this.#queueHead = head;
    this.#queueTail = tail;
    this.#envelope = envelope;
    this.#heldSum = heldSum;
    this.#heldCursor = cursor;
    this.#blockMinimum = blockMinimum;
    // The sum is exact when all of it is ones, after it has been renewed.
    this.#isIdle = envelope === 1 && heldSum === ATTACK && (queueGain[head & MASK] ?? 0) === 1;
    if (this.#isIdle) this.#queueHead = this.#queueTail;
  }

  /** Delays one channel and applies the gains; `start` is the time of the first sample. */
  #delay(samples: Float32Array, ring: Float32Array, offset: number, frames: number, start: number): void {
    const gains = this.#gains;
    for (let i = 0; i < frames; i++) {
      ring[(start + i) & MASK] = samples[offset + i] ?? 0;
      samples[offset + i] = (ring[(start + i - LIMITER_LATENCY) & MASK] ?? 0) * (gains[i] ?? 0);
    }
  }
}

/** Replaces NaN, infinities and absurd values, which would stay in the envelope for good. */
function sanitize(samples: Float32Array, offset: number, frames: number): void {
  for (let i = offset; i < offset + frames; i++) {
    if (!(Math.abs(samples[i] ?? 0) < 1e6)) samples[i] = 0;
  }
}
