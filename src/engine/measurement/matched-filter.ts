import { FourierTransform } from "./fourier-transform.ts";

/** Where a template was found. */
export type TemplateMatch = {
  /** Sample index at which the template starts, with a fraction. */
  readonly position: number;
  /** Normalised correlation there, 0…1: 1 is the template itself at any level. */
  readonly score: number;
};

/** Finds one template in recordings by normalised cross-correlation. Holds tables, keeps nothing of what it searched. */
export class MatchedFilter {
  readonly #length: number;
  readonly #norm: number;
  readonly #transform: FourierTransform;
  readonly #templateReal: Float64Array;
  readonly #templateImaginary: Float64Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  /**
   * @param template the wanted waveform; its level does not matter.
   * @param maxWindow longest range, in samples, that one search will look at.
   */
  constructor(template: Float32Array, maxWindow: number) {
    this.#length = template.length;
    this.#norm = Math.sqrt(template.reduce((sum, sample) => sum + sample * sample, 0));
    if (this.#norm === 0) throw new RangeError("Cannot search for a silent template");
    const size = 2 ** Math.ceil(Math.log2(maxWindow + 2 * template.length));
    this.#transform = new FourierTransform(size);
    this.#templateReal = new Float64Array(size);
    this.#templateReal.set(template);
    this.#templateImaginary = new Float64Array(size);
    this.#transform.forward(this.#templateReal, this.#templateImaginary);
    this.#real = new Float64Array(size);
    this.#imaginary = new Float64Array(size);
  }

  /**
   * The best match whose start lies in `from`…`to` (sample indices, `to` excluded). Undefined where the range is empty
   * or silent.
   */
  search(signal: Float32Array, from: number, to: number): TemplateMatch | undefined {
    const start = Math.max(0, Math.floor(from));
    const end = Math.min(signal.length - this.#length, Math.ceil(to));
    const lags = end - start;
    if (lags <= 0) return undefined;
    const { size } = this.#transform;
    const samples = lags + this.#length;
    if (samples > size) throw new RangeError(`Cannot search ${lags} samples at once: the longest range is shorter`);
    this.#correlate(signal, start, samples);
    const energies = this.#energies(signal, start, lags);
    // Under this energy (−100 dB below the loudest stretch) rounding noise would pass for a perfect match.
    const floor = 1e-10 * energies.reduce((max, energy) => Math.max(max, energy), 0);
    let best = -1;
    let bestScore = 0;
    for (let lag = 0; lag < lags; lag++) {
      const energy = energies[lag] ?? 0;
      const score = energy > floor ? (this.#real[lag] ?? 0) / (this.#norm * Math.sqrt(energy)) : 0;
      if (score > bestScore) {
        bestScore = score;
        best = lag;
      }
    }
    if (best < 0) return undefined;
    return { position: start + best + this.#fraction(best, lags), score: Math.min(1, bestScore) };
  }

  #correlate(signal: Float32Array, start: number, samples: number): void {
    this.#real.fill(0);
    this.#imaginary.fill(0);
    this.#real.set(signal.subarray(start, start + samples));
    this.#transform.forward(this.#real, this.#imaginary);
    for (let k = 0; k < this.#transform.size; k++) {
      const real = this.#real[k] ?? 0;
      const imaginary = this.#imaginary[k] ?? 0;
      const templateReal = this.#templateReal[k] ?? 0;
      const templateImaginary = this.#templateImaginary[k] ?? 0;
      this.#real[k] = real * templateReal + imaginary * templateImaginary;
      this.#imaginary[k] = imaginary * templateReal - real * templateImaginary;
    }
    this.#transform.inverse(this.#real, this.#imaginary);
  }

  #energies(signal: Float32Array, start: number, lags: number): Float64Array {
    const energies = new Float64Array(lags);
    let energy = 0;
    for (let n = 0; n < this.#length; n++) energy += (signal[start + n] ?? 0) ** 2;
    for (let lag = 0; lag < lags; lag++) {
      energies[lag] = Math.max(0, energy);
      energy += (signal[start + lag + this.#length] ?? 0) ** 2 - (signal[start + lag] ?? 0) ** 2;
    }
    return energies;
  }

  /** Vertex of the parabola through the peak and its neighbours, −0.5…0.5 samples. */
  #fraction(peak: number, lags: number): number {
    if (peak === 0 || peak === lags - 1) return 0;
    const before = this.#real[peak - 1] ?? 0;
    const at = this.#real[peak] ?? 0;
    const after = this.#real[peak + 1] ?? 0;
    const curvature = before - 2 * at + after;
    return curvature === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / curvature));
  }
}
