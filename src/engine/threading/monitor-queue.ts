import type { PcmSink } from "../capture/frame-sink.ts";
import type { BlockGiver } from "./context-output.ts";

/** Samples per channel that the queue holds: a power of two above two of the longest frames and a quantum. */
const CAPACITY = 1 << 14;
const MASK = CAPACITY - 1;
/** Length of the fades at the ends of what is heard, samples: 5 ms. */
const FADE = 240;

/**
 * Between the encoder's frames, which come in bursts, and the output, which takes a steady flow: what one hears of oneself.
 * Waits until a frame and a half are there, so that the next one comes in time. Audio thread; allocates nothing.
 */
export class MonitorQueue implements PcmSink, BlockGiver {
  readonly #left = new Float32Array(CAPACITY);
  readonly #right = new Float32Array(CAPACITY);
  #written = 0;
  #read = 0;
  #isOn = false;
  #isPlaying = false;
  #frameSamples = 0;
  #gain = 0;

  /** Lets the signal through, or not, without a click. */
  setOn(isOn: boolean): void {
    this.#isOn = isOn;
  }

  /** Whether `pull` gives only silence, so that it need not be called. */
  get isIdle(): boolean {
    return !this.#isOn && this.#gain === 0;
  }

  pcm(interleaved: Float32Array, frameSamples: number, channels: number): void {
    this.#frameSamples = frameSamples;
    for (let i = 0; i < frameSamples; i++) {
      const at = (this.#written + i) & MASK;
      this.#left[at] = interleaved[i * channels] as number;
      this.#right[at] = interleaved[i * channels + channels - 1] as number;
    }
    this.#written += frameSamples;
    const held = 2 * frameSamples + FADE;
    // A burst of pre-roll, or nobody listening: keep only what makes the sound come soon.
    if (this.#written - this.#read > Math.max(held, 4 * frameSamples)) this.#read = this.#written - held;
  }

  pull(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const available = this.#written - this.#read;
    if (!this.#isPlaying && available >= 1.5 * this.#frameSamples && available > 0) this.#isPlaying = true;
    for (let i = 0; i < frames; i++) {
      const remaining = this.#written - this.#read;
      if (remaining === 0) this.#isPlaying = false;
      const isHeard = this.#isOn && this.#isPlaying && remaining > FADE;
      this.#gain = Math.min(1, Math.max(0, this.#gain + (isHeard ? 1 / FADE : -1 / FADE)));
      const at = this.#read & MASK;
      left[offset + i] = this.#isPlaying ? (this.#left[at] as number) * this.#gain : 0;
      right[offset + i] = this.#isPlaying ? (this.#right[at] as number) * this.#gain : 0;
      if (this.#isPlaying) this.#read += 1;
    }
  }
}
