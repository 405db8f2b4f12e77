/** From 48 kHz to the model's 16 kHz. */
const RATIO = 3;
/** Taps of the low-pass in front of the decimation: −6 dB at 7.4 kHz, under −60 dB from 8.6 kHz on; half of it is delay (1 ms). */
const TAPS = 97;
const CUTOFF = 7_400 / 48_000;
/** New samples the model takes at a time, 32 ms at 16 kHz. */
const HOP = 512;
/** Samples of the time before, which the model wants in front of them; without them its verdicts are noise. */
const CONTEXT = 64;

/** Samples per window of the model, 16 kHz. */
export const SILERO_WINDOW = CONTEXT + HOP;

/** Samples at 48 kHz from one window to the next (32 ms). */
export const SILERO_HOP_SAMPLES = HOP * RATIO;

/**
 * Cuts 48 kHz audio into the windows that Silero (v5, v6) takes: 16 kHz, 512 new samples behind the last 64 of the window
 * before. No allocation after construction.
 */
export class SileroFrames {
  /** The newest complete window; overwritten by the next. */
  readonly window = new Float32Array(SILERO_WINDOW);
  readonly #taps = lowPass();
  /** The newest TAPS samples, twice in a row, so that they are always contiguous. */
  readonly #history = new Float32Array(TAPS * 2);
  readonly #hop = new Float32Array(HOP);
  #cursor = 0;
  #phase = 0;
  #filled = 0;

  /**
   * Takes samples from `offset` on until a window is complete or all are taken.
   * @returns the offset behind the last sample taken; `window` is new when it is complete, see `isComplete`
   */
  push(samples: Float32Array, offset: number, end: number): number {
    if (this.#filled === HOP) this.#filled = 0;
    for (let at = offset; at < end; at++) {
      this.#cursor = this.#cursor === 0 ? TAPS - 1 : this.#cursor - 1;
      const sample = samples[at] as number;
      // What a device delivers may be anything; a NaN would stay in the model's state for good.
      const safe = sample - sample === 0 ? sample : 0;
      this.#history[this.#cursor] = safe;
      this.#history[this.#cursor + TAPS] = safe;
      if (++this.#phase < RATIO) continue;
      this.#phase = 0;
      this.#hop[this.#filled++] = this.#filtered();
      if (this.#filled < HOP) continue;
      this.window.copyWithin(0, HOP);
      this.window.set(this.#hop, CONTEXT);
      return at + 1;
    }
    return end;
  }

  /** Whether the last `push` completed a window. */
  get isComplete(): boolean {
    return this.#filled === HOP;
  }

  /** Forgets the past of the signal. */
  reset(): void {
    this.window.fill(0);
    this.#history.fill(0);
    this.#phase = 0;
    this.#filled = 0;
  }

  #filtered(): number {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) {
      sum += (this.#taps[tap] as number) * (this.#history[this.#cursor + tap] as number);
    }
    return sum;
  }
}

/** Windowed sinc (Blackman), unity at DC. */
function lowPass(): Float64Array {
  const middle = (TAPS - 1) / 2;
  const taps = Float64Array.from({ length: TAPS }, (_, n) => {
    const x = n - middle;
    const sinc = x === 0 ? 2 * CUTOFF : Math.sin(2 * Math.PI * CUTOFF * x) / (Math.PI * x);
    const phase = (2 * Math.PI * n) / (TAPS - 1);
    return sinc * (0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
