/**
 * A tone with moving pitch and noise on top, made of integer arithmetic and exactly rounded operations only: the same
 * bits on every engine, which Math.sin does not promise. For tests that hash what comes of it. Full scale ±1, peak
 * about −7 dBFS.
 */
export function deterministicSignal(samples: number): Float32Array {
  const output = new Float32Array(samples);
  let noise = 1;
  let phase = 0;
  for (let index = 0; index < samples; index++) {
    // 65 536 units a period: 100 to 150 Hz at 48 kHz, gliding.
    phase = (phase + 136 + ((index >> 6) % 68)) & 0xffff;
    const triangle = Math.abs(phase - 32_768) / 16_384 - 1;
    const curved = triangle * (1.5 - 0.5 * triangle * triangle);
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) | 0;
    const envelope = ((index >> 8) % 64) / 64;
    output[index] = curved * 0.35 * envelope + (noise / 2 ** 31) * 0.06;
  }
  return output;
}
