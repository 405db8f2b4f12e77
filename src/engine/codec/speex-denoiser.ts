import { CodecError } from "./codec-error.ts";
import type { CodecModule } from "./codec-module.ts";

/** Samples of one block, 10 ms at 48 kHz. */
export const SPEEX_DENOISER_FRAME = 480;

/**
 * The speexdsp noise suppressor in a codec module: mono, 48 kHz, 10 ms blocks, in place, one block of delay.
 * `process` does not allocate. Any thread.
 */
export class SpeexDenoiser {
  /** 480 floats around ±1 on the module's heap: write a block, `process`, read it back. */
  readonly block: Float32Array<ArrayBuffer>;
  readonly #codec: CodecModule;
  #handle: number;

  /** @throws {CodecError} when the module's memory is full */
  constructor(codec: CodecModule) {
    const { exports } = codec;
    const handle = exports.denoiser_create();
    if (handle < 0) throw new CodecError("Cannot open a denoiser", handle);
    this.#codec = codec;
    this.#handle = handle;
    this.block = codec.floats(exports.denoiser_block(handle), SPEEX_DENOISER_FRAME);
  }

  /**
   * Suppresses noise in `block`.
   *
   * @returns the probability of speech in percent, or a negative OPUS_ error code
   */
  process(): number {
    return this.#codec.exports.denoiser_process(this.#handle);
  }

  /**
   * Deepest attenuation of noise.
   *
   * @param decibels 0…60, whole
   * @throws {RangeError} outside that
   */
  setMaxReduction(decibels: number): void {
    if (this.#codec.exports.denoiser_set_reduction(this.#handle, decibels) < 0) {
      throw new RangeError(`The denoiser does not take a reduction of ${decibels} dB`);
    }
  }

  /** Forgets the noise estimate and the signal. Allocates within the module's heap. */
  reset(): void {
    this.#codec.exports.denoiser_reset(this.#handle);
  }

  /** Frees the denoiser; its view must not be used any more. Idempotent. */
  close(): void {
    this.#codec.exports.denoiser_close(this.#handle);
    this.#handle = 0;
  }
}
