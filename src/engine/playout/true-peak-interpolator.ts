/** Taps of each phase: the shortest filter of ITU-R BS.1770-5 annex 2. */
const TAPS = 12;
const HISTORY = TAPS - 1;

/**
 * Interpolation filter for true peak, 48 kHz to 192 kHz, phase by phase, ITU-R BS.1770-5 annex 2 table 2.
 * Phases 2 and 3 mirror phases 1 and 0.
 */
const PHASE_0 = [
  0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875,
  -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
] as const;
const PHASE_1 = [
  -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625,
  -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
] as const;

/**
 * A phase and its mirror image, taken apart into an even and an odd half: e + o and e − o are their outputs, |e| + |o| is the larger
 * magnitude of the two, and both halves need only six products. Coefficients of the sums and differences of sample k and 11 − k.
 */
const EVEN_0 = PHASE_0.slice(0, TAPS / 2).map((value, k) => (value + (PHASE_0[HISTORY - k] ?? 0)) / 2);
const ODD_0 = PHASE_0.slice(0, TAPS / 2).map((value, k) => ((PHASE_0[HISTORY - k] ?? 0) - value) / 2);
const EVEN_1 = PHASE_1.slice(0, TAPS / 2).map((value, k) => (value + (PHASE_1[HISTORY - k] ?? 0)) / 2);
const ODD_1 = PHASE_1.slice(0, TAPS / 2).map((value, k) => ((PHASE_1[HISTORY - k] ?? 0) - value) / 2);
/** As single constants: the compiler puts these into the code, elements of an array it would load for every sample. */
const [A0 = 0, A1 = 0, A2 = 0, A3 = 0, A4 = 0, A5 = 0] = EVEN_0;
const [B0 = 0, B1 = 0, B2 = 0, B3 = 0, B4 = 0, B5 = 0] = ODD_0;
const [C0 = 0, C1 = 0, C2 = 0, C3 = 0, C4 = 0, C5 = 0] = EVEN_1;
const [D0 = 0, D1 = 0, D2 = 0, D3 = 0, D4 = 0, D5 = 0] = ODD_1;
/** No output exceeds the largest of the samples it is made of by more than this: the sum of the magnitudes of a phase, 2.02. */
const LARGEST_GAIN = PHASE_1.reduce((sum, value) => sum + Math.abs(value), 0);
/** Samples that are looked at together: short, so that one loud sample does not cost much. */
const STRETCH = 32;

/** Samples at 48 kHz by which a reported peak comes after the sample that causes it, at most. */
export const TRUE_PEAK_DELAY = HISTORY;

/**
 * Finds peaks between the samples of one channel: magnitude of the signal at four times its rate, never less than the
 * sample itself. Block by block, no allocation, any thread.
 */
export class TruePeakInterpolator {
  /** The samples before the stretch, then the stretch. */
  readonly #window = new Float64Array(HISTORY + STRETCH);
  #floor = 0;

  /** Peaks up to `magnitude` are of no interest: where none can exceed it, only the samples themselves are reported. */
  set floor(magnitude: number) {
    this.#floor = magnitude;
  }

  /** Takes `frames` samples from `offset`; raises each of `peaks`, from its start, to the largest magnitude around the sample. */
  process(samples: Float32Array, offset: number, frames: number, peaks: Float32Array): void {
    const window = this.#window;
    for (let done = 0; done < frames; done += STRETCH) {
      const count = Math.min(STRETCH, frames - done);
      let largest = 0;
      for (let i = 0; i < HISTORY; i++) {
        const magnitude = Math.abs(window[i] as number);
        if (magnitude > largest) largest = magnitude;
      }
      for (let i = 0; i < count; i++) {
        const sample = samples[offset + done + i] as number;
        const magnitude = Math.abs(sample);
        window[HISTORY + i] = sample;
        if (magnitude > largest) largest = magnitude;
        if (magnitude > (peaks[done + i] as number)) peaks[done + i] = magnitude;
      }
      if (largest * LARGEST_GAIN > this.#floor) interpolate(window, count, peaks, done);
      for (let i = 0; i < HISTORY; i++) window[i] = window[i + count] as number;
    }
  }

  /** Forgets all past samples. */
  reset(): void {
    this.#window.fill(0);
  }
}

/** Raises `peaks[at …]` to the largest magnitude of the four phases at each of `count` samples. */
function interpolate(window: Float64Array, count: number, peaks: Float32Array, at: number): void {
  for (let i = 0; i < count; i++) {
    const w0 = window[i] as number;
    const w1 = window[i + 1] as number;
    const w2 = window[i + 2] as number;
    const w3 = window[i + 3] as number;
    const w4 = window[i + 4] as number;
    const w5 = window[i + 5] as number;
    const w6 = window[i + 6] as number;
    const w7 = window[i + 7] as number;
    const w8 = window[i + 8] as number;
    const w9 = window[i + 9] as number;
    const w10 = window[i + 10] as number;
    const w11 = window[i + 11] as number;
    const s0 = w0 + w11;
    const s1 = w1 + w10;
    const s2 = w2 + w9;
    const s3 = w3 + w8;
    const s4 = w4 + w7;
    const s5 = w5 + w6;
    const d0 = w0 - w11;
    const d1 = w1 - w10;
    const d2 = w2 - w9;
    const d3 = w3 - w8;
    const d4 = w4 - w7;
    const d5 = w5 - w6;
    const even0 = A0 * s0 + A1 * s1 + A2 * s2 + A3 * s3 + A4 * s4 + A5 * s5;
    const odd0 = B0 * d0 + B1 * d1 + B2 * d2 + B3 * d3 + B4 * d4 + B5 * d5;
    const even1 = C0 * s0 + C1 * s1 + C2 * s2 + C3 * s3 + C4 * s4 + C5 * s5;
    const odd1 = D0 * d0 + D1 * d1 + D2 * d2 + D3 * d3 + D4 * d4 + D5 * d5;
    const outer = Math.abs(even0) + Math.abs(odd0);
    const inner = Math.abs(even1) + Math.abs(odd1);
    const peak = Math.max(outer, inner);
    if (peak > (peaks[at + i] as number)) peaks[at + i] = peak;
  }
}
