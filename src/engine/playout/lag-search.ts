/** Pitch periods considered: 2.5 ms (400 Hz) to 15 ms (67 Hz), as NetEQ does. */
export const MIN_LAG = 120;
export const MAX_LAG = 720;
const DECIMATION = 12;
/** Length of the compared segment, 10 ms. */
export const LAG_WINDOW = 480;
const COARSE_WINDOW = LAG_WINDOW / DECIMATION;
const COARSE_MIN = MIN_LAG / DECIMATION;
const COARSE_MAX = MAX_LAG / DECIMATION;
const FINE_RANGE = 10;
const FINE_STRIDE = 2;

/**
 * Finds the lag at which a signal resembles itself most, by normalised correlation at 4 kHz, refined at 48 kHz.
 * Reuses its memory; about 15 µs a search.
 */
export class LagSearch {
  /** Lag found by the last search, samples. */
  lag = 0;
  /** Normalised correlation at that lag, −1…1. */
  correlation = 0;
  readonly #fixed = new Float32Array(COARSE_WINDOW);
  readonly #moving = new Float32Array(COARSE_WINDOW + COARSE_MAX);

  /**
   * Compares `signal[start … start + LAG_WINDOW)` with the same segment earlier by each lag up to `maxLag`.
   * All of `signal[start − maxLag …]` must exist; `maxLag` ≥ MIN_LAG.
   */
  search(signal: Float32Array, start: number, maxLag: number): void {
    const coarseMax = Math.min(COARSE_MAX, Math.floor(maxLag / DECIMATION));
    decimate(signal, start, this.#fixed, COARSE_WINDOW);
    decimate(signal, start - coarseMax * DECIMATION, this.#moving, COARSE_WINDOW + coarseMax);
    let best = -2;
    let bestLag = COARSE_MIN;
    for (let lag = COARSE_MIN; lag <= coarseMax; lag++) {
      const value = this.#coarse(coarseMax - lag);
      if (value > best) {
        best = value;
        bestLag = lag;
      }
    }
    this.#refine(signal, start, bestLag * DECIMATION, maxLag);
  }

  #coarse(from: number): number {
    let product = 0;
    let energyA = 1e-12;
    let energyB = 1e-12;
    for (let i = 0; i < COARSE_WINDOW; i++) {
      const a = this.#fixed[i] ?? 0;
      const b = this.#moving[from + i] ?? 0;
      product += a * b;
      energyA += a * a;
      energyB += b * b;
    }
    return product / Math.sqrt(energyA * energyB);
  }

  #refine(signal: Float32Array, start: number, around: number, maxLag: number): void {
    this.correlation = -2;
    const from = Math.max(MIN_LAG, around - FINE_RANGE);
    const to = Math.min(maxLag, around + FINE_RANGE);
    for (let lag = from; lag <= to; lag++) {
      const value = correlationAt(signal, start, lag);
      if (value > this.correlation) {
        this.correlation = value;
        this.lag = lag;
      }
    }
  }
}

function correlationAt(signal: Float32Array, start: number, lag: number): number {
  let product = 0;
  let energyA = 1e-12;
  let energyB = 1e-12;
  for (let i = start; i < start + LAG_WINDOW; i += FINE_STRIDE) {
    const a = signal[i] ?? 0;
    const b = signal[i - lag] ?? 0;
    product += a * b;
    energyA += a * a;
    energyB += b * b;
  }
  return product / Math.sqrt(energyA * energyB);
}

/** Averages DECIMATION samples to one: enough against aliasing to find a pitch. */
function decimate(signal: Float32Array, start: number, into: Float32Array, count: number): void {
  let read = start;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < DECIMATION; k++) sum += signal[read++] ?? 0;
    into[i] = sum / DECIMATION;
  }
}
