import { CodecError, OPUS_BAD_ARG } from "./codec-error.ts";
import type { CodecModule } from "./codec-module.ts";
import { approximateRatio } from "./rational-ratio.ts";

/** Shape of a resampler. */
export type ResamplerOptions = {
  readonly channels: 1 | 2;
  /** Hertz, 1…768 000. */
  readonly inputRate: number;
  /** Hertz, 1…768 000. */
  readonly outputRate: number;
  /** speexdsp quality, 0 (cheap, short) … 10 (steep, long). Default 5. */
  readonly quality?: number;
  /** Most input frames of one call, 1…65 536. */
  readonly capacity: number;
};

/** Room beyond the nominal output, for rounding and for ratios that drift by up to 1 %. */
const OUTPUT_SLACK = 1.01;
const OUTPUT_SLACK_FRAMES = 16;

/**
 * The speexdsp resampler in a codec module: any rate to any rate, with a ratio that can be trimmed while it runs.
 * `process` and `setRatio` do not allocate. Any thread.
 */
export class Resampler {
  /** Interleaved, capacity × channels floats on the module's heap. Write here. */
  readonly input: Float32Array<ArrayBuffer>;
  /** Interleaved, outputCapacity × channels floats on the module's heap. Read here. */
  readonly output: Float32Array<ArrayBuffer>;
  /** Frames that fit into `output`: enough for a full input at the nominal rates and 1 % more. */
  readonly outputCapacity: number;
  readonly #codec: CodecModule;
  #handle: number;

  /**
   * @throws {RangeError} on an option outside its range
   * @throws {CodecError} when the module's memory is full
   */
  constructor(codec: CodecModule, { channels, inputRate, outputRate, quality = 5, capacity }: ResamplerOptions) {
    const { exports } = codec;
    const outputCapacity = Math.ceil(((capacity * outputRate) / inputRate) * OUTPUT_SLACK) + OUTPUT_SLACK_FRAMES;
    const handle = exports.resampler_create(channels, inputRate, outputRate, quality, capacity, outputCapacity);
    if (handle === OPUS_BAD_ARG) {
      throw new RangeError(
        `Cannot resample ${channels} channels from ${inputRate} to ${outputRate} Hz at quality ${quality}, ${capacity} frames a call`,
      );
    }
    if (handle < 0) throw new CodecError("Cannot open a resampler", handle);
    this.#codec = codec;
    this.#handle = handle;
    this.outputCapacity = outputCapacity;
    this.input = codec.floats(exports.resampler_input(handle), capacity * channels);
    this.output = codec.floats(exports.resampler_output(handle), outputCapacity * channels);
  }

  /** Input frames the last `process` took; fewer than given only when the output was full. */
  get consumed(): number {
    return this.#codec.exports.resampler_consumed(this.#handle);
  }

  /** Delay in input frames. */
  get inputLatency(): number {
    return this.#codec.exports.resampler_input_latency(this.#handle);
  }

  /** Delay in output frames. */
  get outputLatency(): number {
    return this.#codec.exports.resampler_output_latency(this.#handle);
  }

  /**
   * Resamples the first `inputFrames` of `input`.
   *
   * @param outputCapacityFrames most frames to write; default all that fit
   * @returns frames written to `output`, or a negative OPUS_ error code
   */
  process(inputFrames: number, outputCapacityFrames: number = this.outputCapacity): number {
    return this.#codec.exports.resampler_process(this.#handle, inputFrames, outputCapacityFrames);
  }

  /**
   * Changes the rates between two calls without resetting the signal; fractions of a hertz count, so that a clock
   * that is off by parts per million can be followed.
   *
   * @throws {RangeError} on a rate that is not positive or above 768 000 Hz
   */
  setRatio(inputRate: number, outputRate: number): void {
    const ratio = approximateRatio(inputRate / outputRate);
    const result = this.#codec.exports.resampler_set_ratio(
      this.#handle,
      ratio.numerator,
      ratio.denominator,
      Math.round(inputRate),
      Math.round(outputRate),
    );
    if (result < 0) throw new RangeError(`Cannot resample from ${inputRate} to ${outputRate} Hz`);
  }

  /** Forgets the signal, keeps the ratio. */
  reset(): void {
    this.#codec.exports.resampler_reset(this.#handle);
  }

  /** Frees the resampler; its views must not be used any more. Idempotent. */
  close(): void {
    this.#codec.exports.resampler_close(this.#handle);
    this.#handle = 0;
  }
}
