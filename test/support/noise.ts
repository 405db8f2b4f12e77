import { seededRandom } from "../../src/engine/media/random.ts";

/** Spectra of steady noise: flat, −3 dB and −6 dB an octave. */
export type NoiseColour = "white" | "pink" | "brown";

/** Steady noise with an RMS of `levelDb` dBFS, 48 kHz. Same seed, same samples. */
export function createNoise(colour: NoiseColour, seconds: number, levelDb: number, seed = 1): Float32Array {
  const random = seededRandom(seed);
  const next = generators[colour](() => 2 * random() - 1);
  const noise = Float32Array.from({ length: Math.round(seconds * 48_000) }, next);
  const rms = Math.sqrt(noise.reduce((sum, sample) => sum + sample * sample, 0) / noise.length);
  const gain = 10 ** (levelDb / 20) / rms;
  return noise.map((sample) => sample * gain);
}

/** The sum of two signals, as long as the first. */
export function mix(first: Float32Array, second: Float32Array): Float32Array {
  return first.map((sample, index) => sample + (second[index] ?? 0));
}

const generators: Readonly<Record<NoiseColour, (white: () => number) => () => number>> = {
  white: (white) => white,
  // Kellet's three-pole approximation.
  pink: (white) => {
    let b0 = 0;
    let b1 = 0;
    let b2 = 0;
    return () => {
      const w = white();
      b0 = 0.99765 * b0 + w * 0.099046;
      b1 = 0.963 * b1 + w * 0.2965164;
      b2 = 0.57 * b2 + w * 1.0526913;
      return b0 + b1 + b2 + w * 0.1848;
    };
  },
  brown: (white) => {
    let state = 0;
    return () => {
      state = 0.998 * state + 0.02 * white();
      return state;
    };
  },
};
