import type { ActivationSettings } from "../settings/activation-settings.ts";
import type { NoiseFloor } from "./noise-floor.ts";

/** One block is enough at this probability. */
const CERTAIN = 0.9;
/** Over the noise floor, dB, at sensitivity 0 and 100: what level-based detection asks for. */
const MARGIN_DB = { least: 16, most: 6 };
/** Quieter than this is never voice in automatic mode, dBFS. */
const AUTO_FLOOR_DB = -70;
/** A suppressor that takes more than this off a sound does not itself believe in the voice it reports, dB. */
const DISBELIEF_DB = -20;
/** Closing margin below the opening margin, dB. */
const HYSTERESIS_DB = 3;

/** What is known about one tick (10 ms) of audio. */
export type VoiceEvidence = {
  /** RMS behind the suppressor, dBFS. */
  levelDb: number;
  /** What the suppressor did to the level, dB, ≤ 0 for suppression; 0 when it does nothing. */
  suppressionDb: number;
  /** Voice probability of the suppressor, 0…1; −1 when it has none. */
  probability: number;
  /** Voice probability of the accurate detector, 0…1; −1 when there is none. */
  accurateProbability: number;
};

/** Decides, tick by tick, whether someone speaks. No hold time: that is the gate's. No allocation. */
export class VoiceDetector {
  #settings: ActivationSettings;
  #isVoice = false;
  #recent = 0;
  #probability = -1;

  constructor(settings: ActivationSettings) {
    this.#settings = settings;
  }

  /** The probability that the last decision went by, −1 when it went by level. */
  get probability(): number {
    return this.#probability;
  }

  /** New settings, live. */
  configure(settings: ActivationSettings): void {
    this.#settings = settings;
  }

  /** Takes the evidence of one tick; returns whether it is voice. */
  update(evidence: VoiceEvidence, noise: NoiseFloor): boolean {
    const { detector, openDb, closeDb } = this.#settings;
    if (detector === "level") {
      this.#isVoice = evidence.levelDb >= (this.#isVoice ? closeDb : openDb);
      return this.#isVoice;
    }
    const probability =
      detector === "accurate" && evidence.accurateProbability >= 0
        ? evidence.accurateProbability
        : evidence.probability;
    this.#probability = probability;
    if (probability < 0) this.#isVoice = this.#isOverNoise(evidence, noise);
    else if (detector === "auto") {
      // A bang has half a voice in it for a moment, but is nearly all taken away.
      const isBelieved = this.#isVoice || evidence.suppressionDb > DISBELIEF_DB || probability >= CERTAIN;
      this.#isVoice = this.#isProbable(isBelieved) && evidence.levelDb > AUTO_FLOOR_DB;
    } else this.#isVoice = this.#isProbable(true);
    return this.#isVoice;
  }

  /** Forgets the past. */
  reset(): void {
    this.#isVoice = false;
    this.#recent = 0;
  }

  /** Goes by {@link #probability}, or by none when that is not believed. */
  #isProbable(isBelieved: boolean): boolean {
    const { openProbability, closeProbability } = this.#settings;
    const probability = isBelieved ? this.#probability : 0;
    this.#recent = ((this.#recent << 1) | (probability >= openProbability ? 1 : 0)) & 7;
    if (this.#isVoice) return probability >= closeProbability;
    const count = (this.#recent & 1) + ((this.#recent >> 1) & 1) + (this.#recent >> 2);
    return count >= 2 || probability >= CERTAIN;
  }

  #isOverNoise({ levelDb }: VoiceEvidence, noise: NoiseFloor): boolean {
    const sensitivity = this.#settings.sensitivityPercent / 100;
    const margin = MARGIN_DB.least + (MARGIN_DB.most - MARGIN_DB.least) * sensitivity;
    const threshold = Math.max(AUTO_FLOOR_DB, noise.levelDb + margin) - (this.#isVoice ? HYSTERESIS_DB : 0);
    return levelDb >= threshold;
  }
}
