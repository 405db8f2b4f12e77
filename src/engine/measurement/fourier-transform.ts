/**
 * In-place complex fast Fourier transform of one fixed size (radix 2, decimation in time; Cooley and Tukey 1965). Tables
 * are made once; a transform allocates nothing.
 */
export class FourierTransform {
  /** Number of complex points, a power of two. */
  readonly size: number;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #reversed: Uint32Array;

  /** @throws RangeError when `size` is not a power of two of at least 2. */
  constructor(size: number) {
    if (!Number.isInteger(Math.log2(size)) || size < 2) {
      throw new RangeError(`Cannot transform ${size} points: the size must be a power of two`);
    }
    this.size = size;
    const half = size / 2;
    this.#cosine = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sine = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    const bits = Math.log2(size);
    this.#reversed = new Uint32Array(size);
    for (let i = 0; i < size; i++) {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
      this.#reversed[i] = reversed;
    }
  }

  /** Replaces `size` samples by their spectrum, unscaled. */
  forward(real: Float64Array, imaginary: Float64Array): void {
    this.#transform(real, imaginary, -1);
  }

  /** Replaces a spectrum by its samples, scaled by 1 / size, so that it undoes `forward`. */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    this.#transform(real, imaginary, 1);
    for (let i = 0; i < this.size; i++) {
      real[i] = (real[i] ?? 0) / this.size;
      imaginary[i] = (imaginary[i] ?? 0) / this.size;
    }
  }

  #transform(real: Float64Array, imaginary: Float64Array, sign: 1 | -1): void {
    const { size } = this;
    for (let i = 0; i < size; i++) {
      const j = this.#reversed[i] ?? 0;
      if (j <= i) continue;
      const swappedReal = real[i] ?? 0;
      const swappedImaginary = imaginary[i] ?? 0;
      real[i] = real[j] ?? 0;
      imaginary[i] = imaginary[j] ?? 0;
      real[j] = swappedReal;
      imaginary[j] = swappedImaginary;
    }
    for (let span = 1; span < size; span *= 2) {
      const stride = size / (2 * span);
      for (let start = 0; start < size; start += 2 * span) {
        for (let k = 0; k < span; k++) {
          const cosine = this.#cosine[k * stride] ?? 0;
          const sine = sign * (this.#sine[k * stride] ?? 0);
          const low = start + k;
          const high = low + span;
          const highReal = real[high] ?? 0;
          const highImaginary = imaginary[high] ?? 0;
          const turnedReal = highReal * cosine - highImaginary * sine;
          const turnedImaginary = highReal * sine + highImaginary * cosine;
          const lowReal = real[low] ?? 0;
          const lowImaginary = imaginary[low] ?? 0;
          real[low] = lowReal + turnedReal;
          imaginary[low] = lowImaginary + turnedImaginary;
          real[high] = lowReal - turnedReal;
          imaginary[high] = lowImaginary - turnedImaginary;
        }
      }
    }
  }
}
