/** Level of the tone of `frequency` Hz in 48 kHz audio, dB over full scale (Goertzel's algorithm). */
export function toneLevelDb(samples: Float32Array, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / 48_000);
  let before = 0;
  let last = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
  }
  const power = before * before + last * last - coefficient * before * last;
  return 10 * Math.log10(Math.max(1e-12, (4 * power) / samples.length ** 2));
}
