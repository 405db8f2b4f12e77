import { KWeighting, lufsToMeanSquare, meanSquareToLufs } from "./k-weighting.ts";

/** Samples per step of the meter: 100 ms, so that gating blocks overlap by 75 %. */
const STEP = 4_800;
/** Steps in a momentary (400 ms) and a short-term (3 s) window. */
const MOMENTARY_STEPS = 4;
const SHORT_TERM_STEPS = 30;
/** Blocks quieter than this never count, LUFS. */
const ABSOLUTE_GATE = -70;
/** Blocks this much quieter than the rest do not count, LU. */
const RELATIVE_GATE = -10;
/** Integrated loudness is kept as a histogram of 0.05 LU bins from −70 to +10 LUFS: bounded memory at any length. */
const BINS_PER_LU = 20;
const BINS = 80 * BINS_PER_LU;

/**
 * Loudness by ITU-R BS.1770-5 and EBU R 128 at 48 kHz, mono or stereo: momentary, short-term and integrated. Any block sizes; no
 * allocation after construction.
 */
export class LoudnessMeter {
  readonly #left = new KWeighting();
  readonly #right = new KWeighting();
  readonly #steps = new Float64Array(SHORT_TERM_STEPS);
  readonly #histogram = new Float64Array(BINS);
  #stepEnergy = 0;
  #stepFrames = 0;
  #stepCount = 0;

  /** Loudness of the last 400 ms, LUFS. */
  get momentaryLufs(): number {
    return meanSquareToLufs(this.#windowMean(MOMENTARY_STEPS));
  }

  /** Loudness of the last 3 s, LUFS. */
  get shortTermLufs(): number {
    return meanSquareToLufs(this.#windowMean(SHORT_TERM_STEPS));
  }

  /** Gated loudness since the start or `reset`, LUFS; −120 before the first 400 ms of sound. */
  get integratedLufs(): number {
    const ungated = this.#gatedMean(ABSOLUTE_GATE);
    if (ungated === 0) return -120;
    return meanSquareToLufs(this.#gatedMean(meanSquareToLufs(ungated) + RELATIVE_GATE));
  }

  /** Takes `frames` samples from `offset`. For mono give the same array twice: it counts once. */
  process(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    let at = offset;
    const end = offset + frames;
    while (at < end) {
      const count = Math.min(end - at, STEP - this.#stepFrames);
      this.#left.measure(left, at, count);
      this.#stepEnergy += this.#left.energy;
      if (left !== right) {
        this.#right.measure(right, at, count);
        this.#stepEnergy += this.#right.energy;
      }
      this.#stepFrames += count;
      at += count;
      if (this.#stepFrames === STEP) this.#endStep();
    }
  }

  /** Starts over. */
  reset(): void {
    this.#left.reset();
    this.#right.reset();
    this.#steps.fill(0);
    this.#histogram.fill(0);
    this.#stepEnergy = 0;
    this.#stepFrames = 0;
    this.#stepCount = 0;
  }

  #endStep(): void {
    this.#steps[this.#stepCount % SHORT_TERM_STEPS] = this.#stepEnergy / STEP;
    this.#stepCount++;
    this.#stepEnergy = 0;
    this.#stepFrames = 0;
    if (this.#stepCount < MOMENTARY_STEPS) return;
    const lufs = this.momentaryLufs;
    if (lufs < ABSOLUTE_GATE) return;
    const bin = Math.min(BINS - 1, Math.floor((lufs - ABSOLUTE_GATE) * BINS_PER_LU));
    this.#histogram[bin] = (this.#histogram[bin] as number) + 1;
  }

  #windowMean(steps: number): number {
    const count = Math.min(steps, this.#stepCount);
    if (count === 0) return 0;
    let sum = 0;
    for (let i = 1; i <= count; i++) sum += this.#steps[(this.#stepCount - i) % SHORT_TERM_STEPS] as number;
    return sum / count;
  }

  #gatedMean(gateLufs: number): number {
    const first = Math.max(0, Math.ceil((gateLufs - ABSOLUTE_GATE) * BINS_PER_LU));
    let count = 0;
    let sum = 0;
    for (let bin = first; bin < BINS; bin++) {
      const blocks = this.#histogram[bin] as number;
      if (blocks === 0) continue;
      count += blocks;
      sum += blocks * lufsToMeanSquare(ABSOLUTE_GATE + (bin + 0.5) / BINS_PER_LU);
    }
    return count === 0 ? 0 : sum / count;
  }
}
