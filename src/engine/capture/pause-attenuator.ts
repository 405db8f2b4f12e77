/** Samples per block. */
const BLOCK = 480;
/** Below this voice probability a block counts as noise. */
const NOISE_PROBABILITY = 0.15;
/** Before the first voice: a probability that a door or a chair does not reach while the model is still finding its feet. */
const FIRST_VOICE_PROBABILITY = 0.55;
/** Where the engine took less than this away (−6 dB, as a power ratio), it may be the start of a word. */
const KEPT = 0.25;
/** Blocks of uninterrupted noise before the gain comes down: pauses inside a phrase keep their room tone. */
const PATIENCE = 30;
/** Extra attenuation in noise, as gain (−26 dB), and where the engine itself keeps the sound (−6 dB). */
const FLOOR = 10 ** (-26 / 20);
const KEPT_FLOOR = 0.5;
/** The way down per block (40 dB/s). */
const FALL = 10 ** (-0.4 / 20);

/**
 * Turns down what a suppressor leaves over while nobody speaks. RNNoise alone takes 15…17 dB off a lively room; this takes it
 * below 25 dB and leaves speech alone. The voice probability leads the audio by a block, so the gain is on its way up
 * before the first sound of a word. Block core in place; no allocation.
 */
export class PauseAttenuator {
  #gain = FLOOR;
  #noiseBlocks = PATIENCE;
  #hasHeardVoice = false;
  #inputEnergy = 0;

  /**
   * @param input the newest input block of 480 samples; `output` belongs to the block before it
   * @param output one suppressed block, changed in place
   * @param heard voice probability of the newest input block
   */
  process(input: Float32Array, output: Float32Array, heard: { readonly voiceProbability: number }): void {
    let energy = 0;
    let inputEnergy = 0;
    for (let i = 0; i < BLOCK; i++) {
      energy += (output[i] as number) * (output[i] as number);
      inputEnergy += (input[i] as number) * (input[i] as number);
    }
    const isKept = energy > this.#inputEnergy * KEPT;
    this.#inputEnergy = inputEnergy;
    const start = this.#gain;
    this.#moveGain(heard, isKept);
    const end = this.#gain;
    if (start === 1 && end === 1) return;
    const step = (end - start) / BLOCK;
    let gain = start;
    for (let i = 0; i < BLOCK; i++) {
      gain += step;
      output[i] = (output[i] as number) * gain;
    }
  }

  /** Forgets the past of the signal. */
  reset(): void {
    this.#gain = FLOOR;
    this.#noiseBlocks = PATIENCE;
    this.#hasHeardVoice = false;
    this.#inputEnergy = 0;
  }

  /** Chooses the gain at the end of the block. */
  #moveGain({ voiceProbability }: { readonly voiceProbability: number }, isKept: boolean): void {
    const isVoice = voiceProbability >= (this.#hasHeardVoice ? NOISE_PROBABILITY : FIRST_VOICE_PROBABILITY);
    this.#noiseBlocks = isVoice ? 0 : Math.min(this.#noiseBlocks + 1, PATIENCE);
    if (isVoice) {
      this.#hasHeardVoice = true;
      this.#gain = 1;
    } else if (this.#noiseBlocks === PATIENCE) {
      this.#gain = Math.max(isKept && this.#hasHeardVoice ? KEPT_FLOOR : FLOOR, this.#gain * FALL);
    }
  }
}
