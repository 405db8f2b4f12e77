import { powerToDb } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** Centres of the bands, Hz: the first harmonics, the formants, the hiss of consonants. */
const CENTRES_HZ = [300, 1_100, 3_800] as const;
const BANDS = CENTRES_HZ.length;
/** Damping of the band-pass filters, 1/Q. */
const DAMPING = 1.2;
/** Smoothing of the band power, per block. */
const SMOOTHING = 0.2;
/**
 * How far a band rises over its own minimum when it is not just noise, dB. In 10 minutes of white, pink and brown noise the
 * largest rises are 4.6, 2.5 and 1.2 dB; the rest is room for noise that is not quite steady.
 */
const RISE_DB = [6, 3.5, 2.2] as const;
/** Blocks (1 s) after the last rise that count as lively: the longest that speech goes without one. */
const LIVELY_BLOCKS = 100;
/** The minimum is taken over the last two windows of this many blocks: 1…2 s. */
const WINDOW = 100;

/**
 * Tells steady noise — a fan, rain, hiss — from everything that lives: speech rises over its own background in some band many
 * times a second. A second opinion for neural detectors, which take some steady noises for voice. One block = 10 ms of one channel;
 * no allocation.
 */
export class SteadyNoise {
  readonly #coefficients = new Float64Array(BANDS * 3);
  /** Two integrators a band. */
  readonly #state = new Float64Array(BANDS * 2);
  readonly #power = new Float64Array(BANDS);
  /** Energy of the newest block. */
  readonly #energy = new Float64Array(BANDS);
  readonly #minimum = new Float64Array(BANDS);
  readonly #previousMinimum = new Float64Array(BANDS);
  #windowBlocks = 0;
  #blocks = 0;
  #sinceRise = LIVELY_BLOCKS;

  constructor() {
    for (const [band, centre] of CENTRES_HZ.entries()) {
      const g = Math.tan((Math.PI * centre) / SAMPLE_RATE);
      const a1 = 1 / (1 + g * (g + DAMPING));
      this.#coefficients.set([a1, g * a1, g * g * a1], band * 3);
    }
    this.reset();
  }

  /** Whether nothing but steady noise has been heard for a second; true until something else is. */
  get isSteady(): boolean {
    return this.#sinceRise >= LIVELY_BLOCKS;
  }

  /** Takes one block of 480 samples. */
  update(samples: Float32Array): void {
    let hasRisen = false;
    for (let band = 0; band < BANDS; band++) {
      this.#measure(band, samples);
      const energy = this.#energy[band] as number;
      const power = this.#blocks === 0 ? energy : (this.#power[band] as number);
      const smoothed = power + SMOOTHING * (energy - power);
      this.#power[band] = smoothed;
      // The filters ring up and the average settles first.
      if (this.#blocks < 8) continue;
      if (smoothed < (this.#minimum[band] as number)) this.#minimum[band] = smoothed;
      const floor = Math.min(this.#minimum[band] as number, this.#previousMinimum[band] as number);
      const level = powerToDb(smoothed / samples.length);
      if (level - powerToDb(floor / samples.length) > (RISE_DB[band] as number) && level > -80) hasRisen = true;
    }
    this.#blocks++;
    this.#sinceRise = hasRisen ? 0 : Math.min(LIVELY_BLOCKS, this.#sinceRise + 1);
    if (++this.#windowBlocks < WINDOW) return;
    this.#windowBlocks = 0;
    this.#previousMinimum.set(this.#minimum);
    this.#minimum.set(this.#power);
  }

  /** Forgets the past of the signal. */
  reset(): void {
    this.#state.fill(0);
    this.#minimum.fill(Number.POSITIVE_INFINITY);
    this.#previousMinimum.fill(Number.POSITIVE_INFINITY);
    this.#windowBlocks = 0;
    this.#blocks = 0;
    this.#sinceRise = LIVELY_BLOCKS;
  }

  #measure(band: number, samples: Float32Array): void {
    const a1 = this.#coefficients[band * 3] as number;
    const a2 = this.#coefficients[band * 3 + 1] as number;
    const a3 = this.#coefficients[band * 3 + 2] as number;
    let s1 = this.#state[band * 2] as number;
    let s2 = this.#state[band * 2 + 1] as number;
    let energy = 0;
    for (let i = 0; i < samples.length; i++) {
      const v3 = (samples[i] as number) - s2;
      const v1 = a1 * s1 + a2 * v3;
      const v2 = s2 + a2 * s1 + a3 * v3;
      s1 = 2 * v1 - s1;
      s2 = 2 * v2 - s2;
      energy += v1 * v1;
    }
    // Denormals are slow; below this a state is one in the making.
    this.#state[band * 2] = Math.abs(s1) < 1e-20 ? 0 : s1;
    this.#state[band * 2 + 1] = Math.abs(s2) < 1e-20 ? 0 : s2;
    this.#energy[band] = energy;
  }
}
