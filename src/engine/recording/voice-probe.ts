import { NoiseFloor } from "../capture/noise-floor.ts";
import { RnnoiseSuppressor } from "../capture/rnnoise-suppressor.ts";
import { SILENCE_DB } from "../media/decibels.ts";

/** Samples that one probability stands for: 10 ms at 48 kHz. */
export const PROBE_SAMPLES = 480;

/** Level over the noise floor at which a block is surely voice, and at which it surely is not, dB. */
const SURE_DB = 12;
const NEVER_DB = 3;

/** Quieter blocks are never voice, dBFS. */
const SILENT_DB = -65;

/** A probability from the accurate detector counts for as long as this, in blocks. It speaks every 32 ms. */
const ACCURATE_BLOCKS = 20;

/**
 * Tells the probability of voice in blocks of raw microphone audio, for the voice trigger. Goes by the accurate detector
 * while that speaks, else by RNNoise's voice probability, else by level over the noise floor. Worker thread or Node.
 */
export class VoiceProbe {
  readonly #rnnoise: RnnoiseSuppressor | undefined;
  readonly #noise = new NoiseFloor();
  readonly #discarded = new Float32Array(PROBE_SAMPLES);
  #accurate = 0;
  #accurateBlocks = 0;

  /** `rnnoise` is `rnnoise_simd.wasm`, compiled. */
  constructor(rnnoise: WebAssembly.Module | undefined) {
    this.#rnnoise = rnnoise === undefined ? undefined : new RnnoiseSuppressor(rnnoise);
  }

  /** Takes a verdict of the accurate detector, 0…1. */
  setAccurate(probability: number): void {
    this.#accurate = probability;
    this.#accurateBlocks = ACCURATE_BLOCKS;
  }

  /** The probability that the next {@link PROBE_SAMPLES} samples are voice. */
  probability(block: Float32Array): number {
    let energy = 0;
    for (let index = 0; index < PROBE_SAMPLES; index += 1) energy += (block[index] ?? 0) ** 2;
    const levelDb = Math.max(SILENCE_DB, 10 * Math.log10(energy / PROBE_SAMPLES + 1e-12));
    this.#noise.update({ levelDb });
    const overNoise = (levelDb - this.#noise.levelDb - NEVER_DB) / (SURE_DB - NEVER_DB);
    const byLevel = levelDb < SILENT_DB ? 0 : Math.max(0, Math.min(1, overNoise));
    this.#rnnoise?.process(block, this.#discarded);
    const byNetwork = this.#rnnoise?.voiceProbability;
    if (this.#accurateBlocks > 0) {
      this.#accurateBlocks -= 1;
      return this.#accurate;
    }
    if (byNetwork === undefined) return byLevel;
    return levelDb < SILENT_DB ? 0 : byNetwork;
  }

  /** Frees the network. Idempotent. */
  close(): void {
    this.#rnnoise?.close();
  }
}
