import { seededRandom } from "../src/engine/media/random.ts";

const RATE = 48_000;

/** Mean square of samples. */
export function power(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}

/** Repeats `noise` over `length` samples at 48 kHz with cross-fades of 100 ms of equal power. */
export function loopedNoise(noise: Float32Array, length: number): Float32Array {
  const fade = Math.min(4_800, noise.length >> 1);
  const period = noise.length - fade;
  return Float32Array.from({ length }, (_, n) => {
    const at = n % period;
    if (n < period || at >= fade) return noise[at] ?? 0;
    return (noise[at] ?? 0) * Math.sqrt(at / fade) + (noise[at + period] ?? 0) * Math.sqrt(1 - at / fade);
  });
}

/** Kellet's three-pole approximation of pink noise at 48 kHz. */
export function pinkNoise(seconds: number): Float32Array {
  const random = seededRandom(1);
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  return Float32Array.from({ length: seconds * RATE }, () => {
    const white = 2 * random() - 1;
    b0 = 0.99765 * b0 + white * 0.099046;
    b1 = 0.963 * b1 + white * 0.2965164;
    b2 = 0.57 * b2 + white * 1.0526913;
    return 0.1 * (b0 + b1 + b2 + white * 0.1848);
  });
}
