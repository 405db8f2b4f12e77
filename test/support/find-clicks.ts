/** A place where a signal breaks. */
export type Click = {
  /** Index of the sample. */
  readonly at: number;
  /** Jump beyond what the signal does around it, linear full scale. */
  readonly size: number;
};

/** Samples around a place that tell what is normal there: 4 ms on each side, less the closest ones. */
const AROUND = 192;
const CLOSE = 6;

/**
 * Finds breaks in a signal: places where the second difference stands out by `threshold` (linear full scale) over six times the largest
 * second difference within 4 ms before and after, the closest samples left out. A step of the waveform, a slot of zeros and a cut
 * are found; speech, tones, noise and their onsets are not.
 */
export function findClicks(signal: ArrayLike<number>, threshold = 0.02): readonly Click[] {
  const bend = new Float32Array(signal.length);
  for (let i = 2; i < signal.length; i++) {
    bend[i] = Math.abs((signal[i] ?? 0) - 2 * (signal[i - 1] ?? 0) + (signal[i - 2] ?? 0));
  }
  const clicks: Click[] = [];
  for (let i = 2; i < signal.length; i++) {
    const size = bend[i] ?? 0;
    if (size <= threshold) continue;
    const before = largest(bend, i - AROUND, i - CLOSE);
    const after = largest(bend, i + CLOSE, i + AROUND);
    const excess = size - 6 * Math.max(before, after);
    if (excess > threshold) clicks.push({ at: i, size: excess });
  }
  return clicks;
}

function largest(values: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let i = Math.max(0, from); i < Math.min(values.length, to); i++) most = Math.max(most, values[i] ?? 0);
  return most;
}
