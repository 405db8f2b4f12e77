import type { Samples } from "../media/units.ts";
import type { BackgroundNoise } from "./background-noise.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import { SAMPLE_KIND, type SyncBuffer } from "./sync-buffer.ts";

/** Made-up audio begins to give way to background noise after 80 ms and has done so after 200 ms. */
const FADE_START = 3840;
const FADE_END = 9600;
/** Length of the fade from audio to comfort noise, and back. */
const NOISE_FADE = 480;
const RETURN_FADE = 240;

/**
 * Makes audio up where there is none: the decoder's concealment, which gives way to background noise in a long gap, and comfort
 * noise in a pause of the sender. Appends to the buffer. No allocation.
 */
export class Concealment {
  readonly #decoder: FrameDecoder;
  readonly #noise: BackgroundNoise;
  readonly #buffer: SyncBuffer;
  readonly #left = new Float32Array(RETURN_FADE);
  readonly #right = new Float32Array(RETURN_FADE);
  #run = 0;
  /** Share of background noise at the end of the audio ahead, 0…1. */
  #noiseShare = 1;

  constructor(decoder: FrameDecoder, noise: BackgroundNoise, buffer: SyncBuffer) {
    this.#decoder = decoder;
    this.#noise = noise;
    this.#buffer = buffer;
  }

  /** Whether nothing but background noise is left at the end of the audio ahead. */
  get isNoise(): boolean {
    return this.#noiseShare === 1;
  }

  /**
   * Appends concealment of `samples`, a length that Opus can conceal.
   *
   * @param isSilent whether it counts as concealed silence
   */
  conceal(samples: Samples, isSilent: boolean): void {
    const buffer = this.#buffer;
    const from = this.#noiseShare;
    const to = Math.min(1, Math.max(from, (this.#run + samples - FADE_START) / (FADE_END - FADE_START)));
    if (from < 1) this.#decodeLoss(samples);
    const at = buffer.reserve(samples);
    if (from === 1) this.#noise.generate(buffer, at, samples);
    else if (to > 0) this.#blendNoise(at, samples, from, to);
    this.#noiseShare = to;
    this.#run += samples;
    buffer.commit(samples, isSilent || from === 1 ? SAMPLE_KIND.silentConcealed : SAMPLE_KIND.concealed);
  }

  /** Appends `samples` of comfort noise, fading out what was heard before. */
  comfort(samples: Samples): void {
    const buffer = this.#buffer;
    if (this.#noiseShare < 1) {
      this.#decodeLoss(NOISE_FADE);
      this.#blendNoise(buffer.reserve(NOISE_FADE), NOISE_FADE, this.#noiseShare, 1);
      buffer.commit(NOISE_FADE, SAMPLE_KIND.noise);
      this.#noiseShare = 1;
      return;
    }
    this.#noise.generate(buffer, buffer.reserve(samples), samples);
    buffer.commit(samples, SAMPLE_KIND.noise);
  }

  /** Fades from the noise into a frame that is at the write position, not committed. Ends the concealment. */
  finish(frames: Samples): void {
    const share = this.#noiseShare;
    this.#run = 0;
    this.#noiseShare = 0;
    if (share === 0) return;
    const buffer = this.#buffer;
    const at = buffer.writePosition;
    const fade = Math.min(RETURN_FADE, frames);
    const isStereo = buffer.channels === 2;
    for (let i = 0; i < fade; i++) {
      this.#left[i] = buffer.left[at + i] ?? 0;
      if (isStereo) this.#right[i] = buffer.right[at + i] ?? 0;
    }
    this.#noise.generate(buffer, at, fade);
    for (let i = 0; i < fade; i++) {
      const weight = (i + 1) / (fade + 1);
      const old = share * Math.sqrt(1 - weight);
      const fresh = Math.sqrt(1 - share * (1 - weight));
      buffer.left[at + i] = (buffer.left[at + i] ?? 0) * old + (this.#left[i] ?? 0) * fresh;
      if (isStereo) buffer.right[at + i] = (buffer.right[at + i] ?? 0) * old + (this.#right[i] ?? 0) * fresh;
    }
  }

  /** Ends the concealment without a fade: the frame was joined. */
  reset(): void {
    this.#run = 0;
    this.#noiseShare = 0;
  }

  /** The audio ahead was dropped: what comes next fades in. */
  silence(): void {
    this.#run = 0;
    this.#noiseShare = 1;
  }

  #decodeLoss(samples: Samples): void {
    if (this.#decoder.conceal(samples) === samples) return;
    const buffer = this.#buffer;
    const at = buffer.reserve(samples);
    buffer.left.fill(0, at, at + samples);
    buffer.right.fill(0, at, at + samples);
  }

  /** Mixes noise into `samples` at `at`, its share moving from `from` to `to`. */
  #blendNoise(at: number, samples: Samples, from: number, to: number): void {
    for (let start = 0; start < samples; start += RETURN_FADE) {
      const length = Math.min(RETURN_FADE, samples - start);
      this.#blendPiece(at + start, length, from + ((to - from) * start) / samples, (to - from) / samples);
    }
  }

  #blendPiece(at: number, length: number, from: number, slope: number): void {
    const buffer = this.#buffer;
    const isStereo = buffer.channels === 2;
    for (let i = 0; i < length; i++) {
      this.#left[i] = buffer.left[at + i] ?? 0;
      if (isStereo) this.#right[i] = buffer.right[at + i] ?? 0;
    }
    this.#noise.generate(buffer, at, length);
    for (let i = 0; i < length; i++) {
      const share = Math.min(1, from + slope * i);
      const old = Math.sqrt(1 - share);
      const noise = Math.sqrt(share);
      buffer.left[at + i] = (buffer.left[at + i] ?? 0) * noise + (this.#left[i] ?? 0) * old;
      if (isStereo) buffer.right[at + i] = (buffer.right[at + i] ?? 0) * noise + (this.#right[i] ?? 0) * old;
    }
  }
}
