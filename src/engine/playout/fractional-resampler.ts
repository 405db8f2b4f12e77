/** Taps of the interpolation: flat to 18 kHz. */
const TAPS = 24;
const HALF = TAPS / 2;
/** Fractional positions in the table; in between, coefficients are interpolated linearly. */
const PHASES = 256;
/** Kaiser window, 80 dB. */
const BETA = 8;

/** Places in the motion. */
const PHASE = 0;
const STEP = 1;

/** Samples by which the resampler delays its signal. */
export const RESAMPLER_LATENCY = HALF;

/**
 * Plays a signal slightly faster or slower than it was sampled, to follow the sender's clock: windowed-sinc interpolation at a
 * position that moves by the ratio. At a ratio of exactly 1 and a whole position it copies. No allocation after construction.
 */
export class FractionalResampler {
  readonly #table = coefficientTable();
  /** Position of the next output sample after the start of the pending input, 0 ≤ phase < 1, and the step to the one after it. */
  readonly #motion = Float64Array.of(0, 1);

  /** Input samples consumed per output sample. */
  get step(): number {
    return this.#motion[STEP] as number;
  }

  /** Sets input samples per output sample, close to 1. */
  setStep(step: number): void {
    this.#motion[STEP] = step;
  }

  /**
   * Whether input is copied: the ratio is 1 and the position whole. When only the ratio is 1 the fraction stays as it is; it is
   * inaudible and costs the interpolation.
   */
  get isCopying(): boolean {
    return this.#motion[STEP] === 1 && this.#motion[PHASE] === 0;
  }

  /** Input samples from the read position on that `frames` of output take away. */
  consumed(frames: number): number {
    return Math.floor((this.#motion[PHASE] as number) + frames * (this.#motion[STEP] as number));
  }

  /** Input samples after the read position that must exist for `frames` of output. */
  needed(frames: number): number {
    return this.consumed(frames) + 1;
  }

  /**
   * Writes `frames` samples to `output[offset …]` from input around `position`; input from `position − TAPS` to
   * `position + needed` must exist. Call once a channel, then {@link advance}.
   */
  process(input: Float32Array, position: number, output: Float32Array, offset: number, frames: number): void {
    if (this.isCopying) {
      const from = position - HALF;
      for (let i = 0; i < frames; i++) output[offset + i] = input[from + i] ?? 0;
      return;
    }
    const table = this.#table;
    const phase = this.#motion[PHASE] as number;
    const step = this.#motion[STEP] as number;
    for (let i = 0; i < frames; i++) {
      const exact = phase + i * step;
      const whole = Math.floor(exact);
      const place = (exact - whole) * PHASES;
      const index = Math.floor(place);
      const weight = place - index;
      const row = index * TAPS;
      const from = position + whole - TAPS + 1;
      let lower = 0;
      let upper = 0;
      for (let tap = 0; tap < TAPS; tap++) {
        const sample = input[from + tap] as number;
        lower += (table[row + tap] as number) * sample;
        upper += (table[row + TAPS + tap] as number) * sample;
      }
      output[offset + i] = lower + (upper - lower) * weight;
    }
  }

  /** Moves on after all channels of a block are written. */
  advance(frames: number): void {
    const exact = (this.#motion[PHASE] as number) + frames * (this.#motion[STEP] as number);
    this.#motion[PHASE] = exact - Math.floor(exact);
  }

  /** Starts again at a whole position. */
  reset(): void {
    this.#motion[PHASE] = 0;
    this.#motion[STEP] = 1;
  }
}

/** PHASES + 1 rows of TAPS coefficients; row p interpolates at p / PHASES after tap HALF − 1. */
function coefficientTable(): Float32Array<ArrayBuffer> {
  const table = new Float32Array((PHASES + 1) * TAPS);
  for (let phase = 0; phase <= PHASES; phase++) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) {
      const distance = tap - (HALF - 1) - phase / PHASES;
      const value = sinc(distance) * kaiser(distance / HALF);
      table[phase * TAPS + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < TAPS; tap++) {
      const at = phase * TAPS + tap;
      table[at] = (table[at] ?? 0) / sum;
    }
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 40; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
