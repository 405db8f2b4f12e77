import { SAMPLE_RATE } from "../media/units.ts";

/** Damping of a second-order Butterworth response, 1/Q. */
const DAMPING = Math.SQRT2;
/** Share of the way to a new cutoff per block, so that turning the knob does not step the filter. */
const GLIDE = 0.3;
/** Length of the cross-fade in and out of bypass, samples (10 ms). */
const FADE_SAMPLES = 480;

/**
 * Second-order Butterworth high-pass. A state-variable structure with trapezoidal integrators (Simper, "Solving the
 * continuous SVF equations using trapezoidal integration", 2013): the same response as the biquad, but its state stays
 * valid when the cutoff moves. Block core; two channels; no allocation.
 */
export class HighPass {
  /** Per channel: the states of both integrators. */
  readonly #state = new Float64Array(4);
  #cutoffHz = 80;
  #targetCutoffHz = 80;
  #isEnabled = false;
  /** 0 = bypassed … 1 = filtered, now and at the end of the block. */
  #wet = 0;
  #wetEnd = 0;
  /** Integrator gain of the cutoff. */
  #g = 0;

  /** Cutoff in Hz, 10…1000; both take effect without a click. */
  configure(isEnabled: boolean, cutoffHz: number): void {
    if (this.#wet === 0) this.#cutoffHz = cutoffHz;
    this.#targetCutoffHz = cutoffHz;
    this.#isEnabled = isEnabled;
  }

  /** In place. `channels` is 1 or 2. */
  process(left: Float32Array, right: Float32Array, frames: number, channels: number): void {
    const target = this.#isEnabled ? 1 : 0;
    if (this.#wet === 0 && target === 0) return;
    this.#cutoffHz += (this.#targetCutoffHz - this.#cutoffHz) * GLIDE;
    this.#g = Math.tan((Math.PI * this.#cutoffHz) / SAMPLE_RATE);
    const step = frames / FADE_SAMPLES;
    this.#wetEnd = this.#wet < target ? Math.min(target, this.#wet + step) : Math.max(target, this.#wet - step);
    this.#channel(left, frames, 0);
    if (channels > 1) this.#channel(right, frames, 2);
    this.#wet = this.#wetEnd;
    if (this.#wet === 0) this.#state.fill(0);
  }

  /** Forgets the past of the signal and ends any fade. */
  reset(): void {
    this.#state.fill(0);
    this.#wet = this.#isEnabled ? 1 : 0;
    this.#cutoffHz = this.#targetCutoffHz;
  }

  #channel(samples: Float32Array, frames: number, at: number): void {
    const state = this.#state;
    const g = this.#g;
    const a1 = 1 / (1 + g * (g + DAMPING));
    const a2 = g * a1;
    const a3 = g * a2;
    let s1 = state[at] as number;
    let s2 = state[at + 1] as number;
    let wet = this.#wet;
    const step = (this.#wetEnd - wet) / frames;
    for (let i = 0; i < frames; i++) {
      const x = samples[i] as number;
      const v3 = x - s2;
      const v1 = a1 * s1 + a2 * v3;
      const v2 = s2 + a2 * s1 + a3 * v3;
      s1 = 2 * v1 - s1;
      s2 = 2 * v2 - s2;
      wet += step;
      samples[i] = x - wet * (DAMPING * v1 + v2);
    }
    state[at] = Math.abs(s1) < 1e-20 ? 0 : s1;
    state[at + 1] = Math.abs(s2) < 1e-20 ? 0 : s2;
  }
}
