import type { SampleRange } from "./speech-segments.ts";

/** Length of the cross-fade over a cut: 5 ms, too short to hear as a fade and too long for a click. */
const FADE_SAMPLES = 240;

/** Takes samples as they leave; the arrays are reused. */
export type SampleReceiver = (left: Float32Array, right: Float32Array, offset: number, frames: number) => void;

/**
 * Lets the given ranges of a recording through and drops the rest, in one pass. Around each cut the sound that is dropped
 * fades under the sound that stays, over 5 ms, so that nothing clicks and no sample is lost or added.
 */
export class RangeCutter {
  readonly #ranges: readonly SampleRange[];
  readonly #receive: SampleReceiver;
  /** What follows the range before: the sound that fades out under the next range. */
  readonly #tailLeft = new Float32Array(FADE_SAMPLES);
  readonly #tailRight = new Float32Array(FADE_SAMPLES);
  #tailLength = 0;
  #range = 0;
  #position = 0;

  /** `ranges` are in order and apart. */
  constructor(ranges: readonly SampleRange[], receive: SampleReceiver) {
    this.#ranges = ranges;
    this.#receive = receive;
  }

  /** Takes the next `frames` samples. They may be changed in place. */
  write(left: Float32Array, right: Float32Array, frames: number): void {
    let at = 0;
    while (at < frames) {
      const range = this.#ranges[this.#range];
      const position = this.#position + at;
      if (range === undefined) {
        at = frames;
      } else if (position < range.start) {
        const skipped = Math.min(frames - at, range.start - position);
        this.#keepTail(left, right, at, skipped, position);
        at += skipped;
      } else {
        const kept = Math.min(frames - at, range.end - position);
        this.#fadeIn(left, right, at, kept, position - range.start);
        this.#receive(left, right, at, kept);
        at += kept;
        if (position + kept === range.end) {
          this.#range += 1;
          this.#tailLength = 0;
        }
      }
    }
    this.#position += frames;
  }

  #keepTail(left: Float32Array, right: Float32Array, offset: number, frames: number, position: number): void {
    const previous = this.#ranges[this.#range - 1];
    if (previous === undefined) return;
    const from = position - previous.end;
    for (let index = 0; index < frames && from + index < FADE_SAMPLES; index += 1) {
      this.#tailLeft[from + index] = left[offset + index] ?? 0;
      this.#tailRight[from + index] = right[offset + index] ?? 0;
      this.#tailLength = from + index + 1;
    }
  }

  #fadeIn(left: Float32Array, right: Float32Array, offset: number, frames: number, into: number): void {
    const length = this.#tailLength;
    for (let index = into; index < into + frames && index < length; index += 1) {
      const gain = (index + 0.5) / length;
      const at = offset + index - into;
      left[at] = (left[at] ?? 0) * gain + (this.#tailLeft[index] ?? 0) * (1 - gain);
      if (right !== left) right[at] = (right[at] ?? 0) * gain + (this.#tailRight[index] ?? 0) * (1 - gain);
    }
  }
}
