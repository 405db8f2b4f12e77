/** Samples per level: 10 ms at 48 kHz. */
export const LEVEL_SAMPLES = 480;

const FIRST_CAPACITY = 4096;

/** RMS levels of a recording's 10 ms blocks in dBFS, gathered chunk by chunk. */
export class BlockLevels {
  #levels = new Float32Array(FIRST_CAPACITY);
  #length = 0;
  #energy = 0;
  #filled = 0;

  /** Takes the next `frames` samples. */
  write(left: Float32Array, right: Float32Array, frames: number): void {
    for (let index = 0; index < frames; index += 1) {
      this.#energy += (left[index] ?? 0) ** 2 + (right[index] ?? 0) ** 2;
      this.#filled += 1;
      if (this.#filled === LEVEL_SAMPLES) this.#push();
    }
  }

  /** The levels of all blocks, a shorter last one included. Ends the gathering. */
  finish(): Float32Array {
    if (this.#filled > 0) this.#push();
    return this.#levels.subarray(0, this.#length);
  }

  #push(): void {
    if (this.#length === this.#levels.length) {
      const larger = new Float32Array(this.#length * 2);
      larger.set(this.#levels);
      this.#levels = larger;
    }
    this.#levels[this.#length] = 10 * Math.log10(this.#energy / (2 * this.#filled) + 1e-12);
    this.#length += 1;
    this.#energy = 0;
    this.#filled = 0;
  }
}
