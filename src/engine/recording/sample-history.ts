/** Takes a run of samples that starts `position` samples after the first; the arrays are reused. */
export type HistoryReceiver = (position: number, left: Float32Array, right: Float32Array, frames: number) => void;

const CHUNK = 4800;

/** The newest samples of a signal, for decisions that reach into the past. Mono keeps one channel. */
export class SampleHistory {
  readonly #left: Float32Array;
  readonly #right: Float32Array;
  readonly #chunkLeft = new Float32Array(CHUNK);
  readonly #chunkRight: Float32Array;
  #position = 0;

  /** Keeps at least `capacity` samples per channel. */
  constructor(capacity: number, channels: 1 | 2) {
    const length = Math.max(1, Math.ceil(capacity));
    this.#left = new Float32Array(length);
    this.#right = channels === 1 ? this.#left : new Float32Array(length);
    this.#chunkRight = channels === 1 ? this.#chunkLeft : new Float32Array(CHUNK);
  }

  /** Samples pushed so far: the position of the next one. */
  get position(): number {
    return this.#position;
  }

  /** Appends samples; the oldest are forgotten. */
  push(left: Float32Array, right: Float32Array, frames: number): void {
    const { length } = this.#left;
    for (let index = 0; index < frames; index += 1) {
      const at = (this.#position + index) % length;
      this.#left[at] = left[index] ?? 0;
      if (this.#right !== this.#left) this.#right[at] = right[index] ?? 0;
    }
    this.#position += frames;
  }

  /** Hands over the samples from `from` to `to`; what is forgotten already is left out. */
  read(from: number, to: number, receive: HistoryReceiver): void {
    const { length } = this.#left;
    const end = Math.min(to, this.#position);
    let at = Math.max(from, this.#position - length, 0);
    while (at < end) {
      const frames = Math.min(CHUNK, end - at);
      for (let index = 0; index < frames; index += 1) {
        const slot = (at + index) % length;
        this.#chunkLeft[index] = this.#left[slot] ?? 0;
        if (this.#chunkRight !== this.#chunkLeft) this.#chunkRight[index] = this.#right[slot] ?? 0;
      }
      receive(at, this.#chunkLeft, this.#chunkRight, frames);
      at += frames;
    }
  }
}
