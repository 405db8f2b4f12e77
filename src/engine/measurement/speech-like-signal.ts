import { seededRandom } from "../media/random.ts";

/** What the synthetic talker is asked to say. */
export type SpeechLikeOptions = {
  /** Hz, at least 8000. */
  readonly sampleRate: number;
  /** Seconds. */
  readonly seconds: number;
  /** Same seed, same samples. Any integer. */
  readonly seed?: number;
  /** Mean voice pitch, Hz; 120 by default. */
  readonly pitchHz?: number;
  /** Share of the time in pauses between phrases, 0…0.8; 0.25 by default. */
  readonly pauseShare?: number;
};

/** Formants of vowels in Hz (Peterson and Barney 1952, men, rounded): the first three resonances of the mouth. */
const VOWELS = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
  [490, 1350, 1690],
] as const;

/** Bandwidths of the three resonances, Hz. */
const BANDWIDTHS = [80, 100, 140] as const;

/** A two-pole resonator (Klatt 1980). */
class Resonator {
  #first = 0;
  #second = 0;

  process(input: number, frequencyHz: number, bandwidthHz: number, sampleRate: number): number {
    const decay = Math.exp((-Math.PI * bandwidthHz) / sampleRate);
    const b = 2 * decay * Math.cos((2 * Math.PI * frequencyHz) / sampleRate);
    const c = -decay * decay;
    const output = (1 - b - c) * input + b * this.#first + c * this.#second;
    this.#second = this.#first;
    this.#first = output;
    return output;
  }
}

/**
 * Synthesises something a speech codec, a voice detector and a correlator treat as speech: phrases of voiced syllables
 * with a moving pitch through three formants, hissed consonants before them, and pauses. Full scale ±1, peak about
 * −4 dBFS. It is not intelligible and comes from no recording.
 */
export function createSpeechLikeSignal(options: SpeechLikeOptions): Float32Array {
  const { sampleRate, seconds, seed = 1, pitchHz = 120, pauseShare = 0.25 } = options;
  const random = seededRandom(seed);
  const length = Math.round(seconds * sampleRate);
  const output = new Float32Array(length);
  const resonators = [new Resonator(), new Resonator(), new Resonator()] as const;
  let phase = 0;
  let at = 0;

  const syllable = (): void => {
    const vowel = VOWELS[Math.floor(random() * VOWELS.length)] ?? VOWELS[0];
    const hiss = Math.round((0.03 + 0.06 * random()) * sampleRate);
    const voiced = Math.round((0.1 + 0.15 * random()) * sampleRate);
    const level = 0.6 + 0.4 * random();
    const glide = 0.85 + 0.3 * random();
    let previousNoise = 0;
    for (let n = 0; n < hiss + voiced && at < length; n++, at++) {
      const noise = 2 * random() - 1;
      if (n < hiss) {
        // First difference of white noise: energy above 3 kHz, as in "s".
        output[at] = 0.15 * level * Math.sin((Math.PI * n) / hiss) * (noise - previousNoise);
        previousNoise = noise;
        continue;
      }
      const progress = (n - hiss) / voiced;
      const pitch =
        pitchHz * (glide + (1 - glide) * progress) * (1 + 0.02 * Math.sin(2 * Math.PI * 5 * (at / sampleRate)));
      phase += pitch / sampleRate;
      if (phase >= 1) phase -= 1;
      // Rosenberg's glottal pulse, differentiated by the radiation at the lips, with a little breath.
      const source = (phase < 0.4 ? Math.sin((Math.PI * phase) / 0.4) : 0) - 0.25 + 0.03 * noise;
      const envelope = level * Math.sin(Math.PI * progress) ** 0.5;
      let voice = source * envelope;
      for (const [index, resonator] of resonators.entries()) {
        voice = resonator.process(voice, vowel[index] ?? 500, BANDWIDTHS[index] ?? 100, sampleRate) * 1.4;
      }
      output[at] = voice;
    }
  };

  while (at < length) {
    const phraseEnd = Math.min(length, at + Math.round((0.8 + 1.6 * random()) * sampleRate));
    const phraseStart = at;
    while (at < phraseEnd) syllable();
    const spoken = at - phraseStart;
    at += Math.round((spoken * pauseShare) / (1 - pauseShare));
  }
  const peak = output.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
  const gain = peak === 0 ? 0 : 0.63 / peak;
  for (let n = 0; n < length; n++) output[n] = (output[n] ?? 0) * gain;
  return output;
}
