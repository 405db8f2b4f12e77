import type { StreamStrip } from "./stream-strip.ts";

/** Length of the fade, 5 ms. */
const FADE = 240;

/**
 * The last 5 ms of streams that were taken out of a mix, fading. A stream that ends between two samples clicks; its tail is pulled
 * when it leaves, so that it may be closed at once. Audio thread; no allocation after construction.
 */
export class FadingTail {
  readonly #left = new Float32Array(FADE);
  readonly #right = new Float32Array(FADE);
  /** First sample still to be heard; FADE when there is none. */
  #at = FADE;

  /** Takes what `strip` would play next. `scratch` arrays of at least `maxFrames`, all that a strip gives at a time, are overwritten. */
  take(strip: StreamStrip, scratchLeft: Float32Array, scratchRight: Float32Array, maxFrames: number): void {
    this.#rewind();
    for (let done = 0; done < FADE; done += maxFrames) {
      const frames = Math.min(maxFrames, FADE - done);
      scratchLeft.fill(0, 0, frames);
      scratchRight.fill(0, 0, frames);
      strip.addTo(scratchLeft, scratchRight, frames, false);
      for (let i = 0; i < frames; i++) {
        const at = done + i;
        const weight = 0.5 + 0.5 * Math.cos((Math.PI * (at + 1)) / (FADE + 1));
        this.#left[at] = (this.#left[at] as number) + (scratchLeft[i] as number) * weight;
        this.#right[at] = (this.#right[at] as number) + (scratchRight[i] as number) * weight;
      }
    }
  }

  /** Adds the next `frames` samples to a bus. */
  addTo(left: Float32Array, right: Float32Array, frames: number): void {
    const count = Math.min(frames, FADE - this.#at);
    for (let i = 0; i < count; i++) {
      left[i] = (left[i] as number) + (this.#left[this.#at + i] as number);
      right[i] = (right[i] as number) + (this.#right[this.#at + i] as number);
    }
    this.#at += count;
  }

  /** Moves what is left of earlier tails to the front. */
  #rewind(): void {
    const left = FADE - this.#at;
    this.#left.copyWithin(0, this.#at);
    this.#right.copyWithin(0, this.#at);
    this.#left.fill(0, left);
    this.#right.fill(0, left);
    this.#at = 0;
  }
}
