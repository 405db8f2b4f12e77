/** Where samples of another clock go on ours, and how many there have to be of them. */
export type ClockPlacement = { readonly position: number; readonly frames: number };

/**
 * Time over which the quickest arrival is looked for, in samples: 4 s. Long enough to hold one that was not late, short enough
 * for the drift within it to stay inaudible: 20 samples at 100 ppm.
 */
const WINDOW = 192_000;

/** The first offset is corrected by jumps for this long, in samples: 2 s. */
const SETTLING = 96_000;

/** Most samples that one batch is stretched or shrunk by: 0.1 % of 50 ms, which nobody hears. */
const MOST_PER_BATCH = 2;

/**
 * Keeps a track of one sample clock in step with another: a microphone's with the playout clock. Two devices' clocks differ by
 * up to some hundred parts per million, which is seconds in a long recording. The offset is the smallest seen, because what
 * arrives is late at times and never early. Pure.
 */
export class ClockFollower {
  #offset: number | undefined;
  #target = 0;
  #smallest = Number.POSITIVE_INFINITY;
  #seen = 0;
  #windowEnd = WINDOW;

  /** Places `frames` samples from `position` of the other clock that are there when ours shows `now`. */
  place(position: number, frames: number, now: number): ClockPlacement {
    const observed = now - (position + frames);
    this.#seen += frames;
    this.#smallest = Math.min(this.#smallest, observed);
    const offset = this.#offset;
    if (offset === undefined || (this.#seen < SETTLING && observed < offset)) {
      this.#offset = observed;
      this.#target = observed;
      return { position: position + observed, frames };
    }
    if (this.#seen >= this.#windowEnd) {
      this.#target = this.#smallest;
      this.#smallest = Number.POSITIVE_INFINITY;
      this.#windowEnd = this.#seen + WINDOW;
    }
    const missing = Math.round(this.#target - offset);
    const change = Math.max(-MOST_PER_BATCH, Math.min(MOST_PER_BATCH, missing));
    this.#offset = offset + change;
    return { position: position + offset, frames: frames + change };
  }

  /** Another source: its positions have nothing to do with those before. */
  reset(): void {
    this.#offset = undefined;
    this.#seen = 0;
    this.#smallest = Number.POSITIVE_INFINITY;
    this.#windowEnd = WINDOW;
  }
}

/** `samples` with `frames` samples instead of as many as there are; linear interpolation, for differences of a few. */
export function refit(samples: Float32Array<ArrayBuffer>, frames: number): Float32Array<ArrayBuffer> {
  if (frames === samples.length || samples.length < 2) return samples;
  const out = new Float32Array(frames);
  const step = (samples.length - 1) / Math.max(1, frames - 1);
  for (let index = 0; index < frames; index += 1) {
    const at = index * step;
    const left = Math.min(samples.length - 2, Math.floor(at));
    const share = at - left;
    out[index] = (samples[left] ?? 0) * (1 - share) + (samples[left + 1] ?? 0) * share;
  }
  return out;
}
