/**
 * The largest sudden jump in a tone, relative to what a tone of that frequency and the loudest envelope around may do: about 1 for a
 * steady or slowly faded tone, well above for a click. Works on the third difference, which a sine of a low frequency
 * nearly vanishes in and a step does not.
 */
export function clickiness(samples: Float32Array, frequencyHz: number): number {
  const omega = (2 * Math.PI * frequencyHz) / 48_000;
  let peak = 1e-4;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  const expected = peak * omega ** 3;
  let worst = 0;
  for (let i = 3; i < samples.length; i++) {
    const third = (samples[i] ?? 0) - 3 * (samples[i - 1] ?? 0) + 3 * (samples[i - 2] ?? 0) - (samples[i - 3] ?? 0);
    worst = Math.max(worst, Math.abs(third));
  }
  return worst / expected;
}
