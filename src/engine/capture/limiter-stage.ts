import { LIMITER_LATENCY, Limiter } from "../playout/limiter.ts";
import type { LimiterSettings } from "../settings/capture-settings.ts";

/** Largest block. */
const BLOCK = 480;
/** Length of the cross-fade in and out of bypass, samples (10 ms). */
const FADE_SAMPLES = 480;

/**
 * The true-peak limiter with a bypass that adds no delay: switching cross-fades between the limited signal and the
 * undelayed original. Block core in place; no allocation.
 */
export class LimiterStage {
  readonly #limiter: Limiter;
  readonly #original: readonly [Float32Array, Float32Array] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  #isEnabled: boolean;
  /** 0 = bypassed … 1 = limited. */
  #wet: number;
  /** Samples the limiter has taken since it was last idle. */
  #primed = 0;
  #channels = 1;

  constructor(settings: LimiterSettings) {
    this.#limiter = new Limiter(settings);
    this.#isEnabled = settings.isEnabled;
    this.#wet = settings.isEnabled ? 1 : 0;
  }

  /** Delay of the stage, samples. */
  get latencySamples(): number {
    return this.#wet === 0 ? 0 : LIMITER_LATENCY;
  }

  /** Gain reduction in the last block, ≤ 0 dB. */
  get gainDb(): number {
    return this.#wet === 0 ? 0 : this.#limiter.gainReductionDb;
  }

  /** New settings, live. */
  configure(settings: LimiterSettings): void {
    this.#isEnabled = settings.isEnabled;
    this.#limiter.configure(settings);
  }

  /** In place; at most 480 frames; 1 or 2 channels. */
  process(left: Float32Array, right: Float32Array, frames: number, channels: number): void {
    if (this.#wet === 0 && !this.#isEnabled) {
      this.#primed = 0;
      return;
    }
    if (this.#primed === 0 && this.#wet < 1) this.#limiter.reset();
    // Until its delay is filled the limiter gives silence, which would be a hole with an edge.
    const isPrimed = this.#primed >= LIMITER_LATENCY;
    this.#primed += frames;
    const target = this.#isEnabled ? (isPrimed ? 1 : this.#wet) : 0;
    const isFading = this.#wet < 1 || target < 1;
    if (isFading) this.#keep(left, right, frames, channels);
    // A channel that was silent in the limiter until now starts from silence: no click.
    this.#limiter.process(left, channels > 1 ? right : left, 0, frames);
    this.#channels = channels;
    if (isFading) this.#fade(left, right, frames, target);
  }

  /** Forgets the past of the signal. */
  reset(): void {
    this.#limiter.reset();
    this.#primed = 0;
    this.#wet = this.#isEnabled ? 1 : 0;
  }

  #keep(left: Float32Array, right: Float32Array, frames: number, channels: number): void {
    for (let i = 0; i < frames; i++) {
      this.#original[0][i] = left[i] as number;
      if (channels > 1) this.#original[1][i] = right[i] as number;
    }
  }

  #fade(left: Float32Array, right: Float32Array, frames: number, target: number): void {
    const change = frames / FADE_SAMPLES;
    const end = target > this.#wet ? Math.min(target, this.#wet + change) : Math.max(target, this.#wet - change);
    const step = (end - this.#wet) / frames;
    for (let channel = 0; channel < this.#channels; channel++) {
      const samples = channel === 0 ? left : right;
      const original = this.#original[channel] as Float32Array;
      let wet = this.#wet;
      for (let i = 0; i < frames; i++) {
        wet += step;
        const dry = original[i] as number;
        samples[i] = dry + wet * ((samples[i] as number) - dry);
      }
    }
    this.#wet = end;
  }
}
