/**
 * The loudest click in 48 kHz audio that should hold nothing above a few hundred hertz: the highest level of the audio above
 * about 6 kHz over 1 ms, dB over full scale, and where.
 */
export function loudestClick(samples: Float32Array): { readonly levelDb: number; readonly atSeconds: number } {
  let loudest = 0;
  let at = 0;
  let energy = 0;
  const squares = new Float64Array(samples.length);
  for (let i = 4; i < samples.length; i++) {
    // Fourth difference: −2 dB at 12 kHz relative to its top, −100 dB at 400 Hz.
    const difference =
      ((samples[i] ?? 0) -
        4 * (samples[i - 1] ?? 0) +
        6 * (samples[i - 2] ?? 0) -
        4 * (samples[i - 3] ?? 0) +
        (samples[i - 4] ?? 0)) /
      16;
    squares[i] = difference * difference;
    energy += (squares[i] ?? 0) - (squares[i - 48] ?? 0);
    if (energy > loudest) {
      loudest = energy;
      at = i;
    }
  }
  return { levelDb: 10 * Math.log10(Math.max(1e-12, loudest / 48)), atSeconds: at / 48_000 };
}
