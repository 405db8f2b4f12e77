/** Taps of each phase: the shortest filter of ITU-R BS.1770-5 annex 2. */
const TAPS = 12;
const PHASES = 4;

/**
 * Interpolation filter for true peak, 48 kHz to 192 kHz, phase by phase, ITU-R BS.1770-5 annex 2 table 2.
 * Phases 2 and 3 mirror phases 1 and 0.
 */
const PHASE_0 = [
  0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875,
  -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
];
const PHASE_1 = [
  -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625,
  -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
];
const COEFFICIENTS = Float32Array.from([...PHASE_0, ...PHASE_1, ...PHASE_1.toReversed(), ...PHASE_0.toReversed()]);

/** Samples at 48 kHz by which a reported peak comes after the sample that causes it, at most. */
export const TRUE_PEAK_DELAY = TAPS - 1;

/**
 * Finds peaks between the samples of one channel: magnitude of the signal at four times its rate, never less than the
 * sample itself. Block by block, no allocation, any thread.
 */
export class TruePeakInterpolator {
  /** The last TAPS samples twice in a row, so that a window is always contiguous. */
  readonly #history = new Float32Array(TAPS * 2);
  #cursor = 0;

  /** Takes `frames` samples from `offset`; raises each of `peaks`, from its start, to the largest magnitude around the sample. */
  process(samples: Float32Array, offset: number, frames: number, peaks: Float32Array): void {
    const history = this.#history;
    let cursor = this.#cursor;
    for (let i = 0; i < frames; i++) {
      const sample = samples[offset + i] ?? 0;
      cursor = cursor === 0 ? TAPS - 1 : cursor - 1;
      history[cursor] = sample;
      history[cursor + TAPS] = sample;
      let peak = Math.max(peaks[i] ?? 0, Math.abs(sample));
      for (let phase = 0; phase < PHASES; phase++) {
        let sum = 0;
        const row = phase * TAPS;
        for (let tap = 0; tap < TAPS; tap++) sum += (COEFFICIENTS[row + tap] ?? 0) * (history[cursor + tap] ?? 0);
        const magnitude = Math.abs(sum);
        if (magnitude > peak) peak = magnitude;
      }
      peaks[i] = peak;
    }
    this.#cursor = cursor;
  }

  /** Forgets all past samples. */
  reset(): void {
    this.#history.fill(0);
  }
}
