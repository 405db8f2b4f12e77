import { dbToGain } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** Pole of the DC blocker: −3 dB at 3 Hz, far below any voice, settles within 0.2 s. */
const DC_POLE = 1 - (2 * Math.PI * 3) / SAMPLE_RATE;
/** Finite samples beyond this are clamped: +18 dBFS leaves room for resampler overshoot and keeps the filters in range. */
const CLAMP = 8;

/**
 * First stage: makes whatever a device delivers safe for the rest of the chain, then applies the trim. NaN and ±Inf become
 * silence, DC is removed, gain changes are ramped over one block. Block core; two channels; no allocation.
 */
export class InputConditioner {
  readonly #dcInput = new Float64Array(2);
  readonly #dcOutput = new Float64Array(2);
  #gain = 1;
  #targetGain = 1;
  #invalidSamples = 0;

  /** Samples that were NaN or infinite since the start. */
  get invalidSamples(): number {
    return this.#invalidSamples;
  }

  /** Gain applied at the end of the last block. */
  get gain(): number {
    return this.#gain;
  }

  /** Trim in dB; takes effect over the next block. */
  configure(trimDb: number): void {
    this.#targetGain = dbToGain(trimDb);
  }

  /** In place. `channels` is 1 or 2; the right channel is not touched for 1. */
  process(left: Float32Array, right: Float32Array, frames: number, channels: number): void {
    this.#channel(left, frames, 0);
    if (channels > 1) this.#channel(right, frames, 1);
    this.#gain = this.#targetGain;
  }

  /** Forgets the past of the signal; the trim stays. */
  reset(): void {
    this.#dcInput.fill(0);
    this.#dcOutput.fill(0);
    this.#gain = this.#targetGain;
  }

  #channel(samples: Float32Array, frames: number, channel: number): void {
    let previousInput = this.#dcInput[channel] as number;
    let previousOutput = this.#dcOutput[channel] as number;
    let gain = this.#gain;
    const step = (this.#targetGain - gain) / frames;
    for (let i = 0; i < frames; i++) {
      let x = samples[i] as number;
      if (!(x <= CLAMP && x >= -CLAMP)) {
        if (x - x !== 0) {
          x = 0;
          this.#invalidSamples++;
        } else {
          x = x > 0 ? CLAMP : -CLAMP;
        }
      }
      previousOutput = x - previousInput + DC_POLE * previousOutput;
      previousInput = x;
      gain += step;
      samples[i] = previousOutput * gain;
    }
    this.#dcInput[channel] = previousInput;
    // Below this the state is a denormal in the making, and denormals are slow.
    this.#dcOutput[channel] = Math.abs(previousOutput) < 1e-20 ? 0 : previousOutput;
  }
}
