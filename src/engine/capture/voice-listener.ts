import { powerToDb } from "../media/decibels.ts";
import { RnnoiseSuppressor } from "./rnnoise-suppressor.ts";
import type { VoiceEvidence } from "./voice-detector.ts";

const BLOCK = 480;

/**
 * RNNoise that only listens: gives voice activation a probability where the chosen suppressor has none. What it makes of the
 * sound is discarded; the signal is not delayed. Costs what RNNoise costs as a suppressor. No allocation after construction.
 */
export class VoiceListener {
  readonly #rnnoise: RnnoiseSuppressor;
  readonly #block = new Float32Array(BLOCK);
  readonly #discarded = new Float32Array(BLOCK);
  #filled = 0;
  #suppressionDb = 0;
  /** Level of the block before: RNNoise's answer is about that one. */
  #earlierLevelDb = -120;
  #probability = -1;

  /** `module` is RNNoise's, compiled. @throws Error when it is another build than expected. */
  constructor(module: WebAssembly.Module) {
    this.#rnnoise = new RnnoiseSuppressor(module);
  }

  /** Hears up to 480 samples; both arrays are the same for mono. */
  listen(left: Float32Array, right: Float32Array, frames: number): void {
    const block = this.#block;
    for (let i = 0; i < frames; i++) {
      block[this.#filled++] = 0.5 * ((left[i] as number) + (right[i] as number));
      if (this.#filled === BLOCK) this.#process();
    }
  }

  /** Fills in what the newest whole block says of voice. */
  testify(evidence: VoiceEvidence): void {
    evidence.probability = this.#probability;
    evidence.suppressionDb = this.#suppressionDb;
  }

  /** Forgets the past of the signal. */
  reset(): void {
    this.#filled = 0;
    this.#probability = -1;
    this.#rnnoise.reset();
  }

  /** Frees what is held inside WebAssembly. Idempotent. */
  close(): void {
    this.#rnnoise.close();
  }

  #process(): void {
    this.#filled = 0;
    this.#rnnoise.process(this.#block, this.#discarded);
    this.#probability = this.#rnnoise.voiceProbability;
    this.#suppressionDb = levelDb(this.#discarded) - this.#earlierLevelDb;
    this.#earlierLevelDb = levelDb(this.#block);
  }
}

function levelDb(block: Float32Array): number {
  let energy = 0;
  for (let i = 0; i < BLOCK; i++) energy += (block[i] as number) ** 2;
  return powerToDb(energy / BLOCK);
}
