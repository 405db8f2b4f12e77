/** Samples at 48 kHz that one stored peak covers: 20 ms, 50 values a second. */
export const PEAK_SAMPLES = 960;

const FIRST_CAPACITY = 1024;

/**
 * The envelope of a recording, gathered while it is made: one peak of 0…255 for every 20 ms, so that a waveform can be
 * drawn, sent and stored without decoding. Grows in place; any thread but the audio thread's.
 */
export class WaveformPeaks {
  #values = new Uint8Array(FIRST_CAPACITY);
  #length = 0;
  #peak = 0;
  #filled = 0;

  /** Takes `frames` samples from `offset` into account. Non-finite samples count as full scale. */
  write(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    for (let index = offset; index < offset + frames; index += 1) {
      const magnitude = Math.max(Math.abs(left[index] ?? 0), Math.abs(right[index] ?? 0));
      if (!(magnitude <= this.#peak)) this.#peak = magnitude;
      this.#filled += 1;
      if (this.#filled === PEAK_SAMPLES) this.#push();
    }
  }

  /** The peaks so far, the incomplete last one included. A copy. */
  values(): Uint8Array<ArrayBuffer> {
    const values = this.#values.slice(0, this.#length + (this.#filled > 0 ? 1 : 0));
    if (this.#filled > 0) values[this.#length] = quantise(this.#peak);
    return values;
  }

  /** The complete peaks from the `index`th on. A copy. */
  since(index: number): Uint8Array<ArrayBuffer> {
    return this.#values.slice(index, Math.max(index, this.#length));
  }

  #push(): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = quantise(this.#peak);
    this.#length += 1;
    this.#peak = 0;
    this.#filled = 0;
  }
}

/** Draws stored peaks as `count` bars: the highest peak under each bar, 0…255. Empty input gives bars of 0. */
export function barsOf(peaks: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  const bars = new Uint8Array(count);
  for (let bar = 0; bar < count && peaks.length > 0; bar += 1) {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    let highest = 0;
    for (let index = from; index < to; index += 1) highest = Math.max(highest, peaks[index] ?? 0);
    bars[bar] = highest;
  }
  return bars;
}

function quantise(peak: number): number {
  return peak >= 1 || Number.isNaN(peak) ? 255 : Math.round(peak * 255);
}
