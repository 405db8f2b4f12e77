import type { CodecModule } from "../codec/codec-module.ts";
import { Resampler } from "../codec/resampler.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** Most 48 kHz samples asked for at once: one block of 10 ms. */
const MAX_PULL = 480;

/** Gives 48 kHz audio on demand. Called on the audio thread. */
export interface BlockGiver {
  /** Fills `frames` (1…480) samples from `offset` of both arrays. */
  pull(left: Float32Array, right: Float32Array, offset: number, frames: number): void;
}

/**
 * From 48 kHz to an audio context's output. Asks for no more than the quantum needs, so that it adds no delay but the
 * converter's own. Allocates only in the constructor.
 */
export class ContextOutput {
  readonly #resampler: Resampler | undefined;
  readonly #inputPerOutput: number;
  readonly #pulledLeft = new Float32Array(MAX_PULL);
  readonly #pulledRight = new Float32Array(MAX_PULL);
  /** Converted and not yet played: a few frames. */
  readonly #restLeft: Float32Array;
  readonly #restRight: Float32Array;
  #rest = 0;

  /**
   * @param contextRate Hz
   * @throws {CodecError} when the codec module's memory is full
   */
  constructor(codec: CodecModule, contextRate: number) {
    if (contextRate !== SAMPLE_RATE) {
      this.#resampler = new Resampler(codec, {
        channels: 2,
        inputRate: SAMPLE_RATE,
        outputRate: contextRate,
        capacity: MAX_PULL,
      });
    }
    this.#inputPerOutput = SAMPLE_RATE / contextRate;
    const room = this.#resampler?.outputCapacity ?? 0;
    this.#restLeft = new Float32Array(room);
    this.#restRight = new Float32Array(room);
  }

  /** Delay of the conversion, samples at 48 kHz. */
  get latencySamples(): number {
    return this.#resampler?.inputLatency ?? 0;
  }

  /** Fills `frames` context frames from the start of both arrays. */
  render(giver: BlockGiver, left: Float32Array, right: Float32Array, frames: number): void {
    if (this.#resampler === undefined) {
      for (let at = 0; at < frames; at += MAX_PULL) giver.pull(left, right, at, Math.min(MAX_PULL, frames - at));
      return;
    }
    let at = 0;
    for (;;) {
      const count = Math.min(this.#rest, frames - at);
      this.#play(left, right, at, count);
      at += count;
      if (at === frames) return;
      this.#convert(this.#resampler, giver, frames - at);
    }
  }

  /** Frees the converter. Idempotent. */
  close(): void {
    this.#resampler?.close();
  }

  #play(left: Float32Array, right: Float32Array, at: number, count: number): void {
    for (let i = 0; i < count; i++) {
      left[at + i] = this.#restLeft[i] as number;
      right[at + i] = this.#restRight[i] as number;
    }
    this.#rest -= count;
    for (let i = 0; i < this.#rest; i++) {
      this.#restLeft[i] = this.#restLeft[count + i] as number;
      this.#restRight[i] = this.#restRight[count + i] as number;
    }
  }

  /** Called with nothing left over: makes about as many frames as are missing. */
  #convert(resampler: Resampler, giver: BlockGiver, missing: number): void {
    const count = Math.max(1, Math.min(MAX_PULL, Math.round(missing * this.#inputPerOutput)));
    giver.pull(this.#pulledLeft, this.#pulledRight, 0, count);
    const { input, output } = resampler;
    for (let i = 0; i < count; i++) {
      input[2 * i] = this.#pulledLeft[i] as number;
      input[2 * i + 1] = this.#pulledRight[i] as number;
    }
    const frames = resampler.process(count);
    for (let i = 0; i < frames; i++) {
      this.#restLeft[i] = output[2 * i] as number;
      this.#restRight[i] = output[2 * i + 1] as number;
    }
    this.#rest = Math.max(0, frames);
  }
}
