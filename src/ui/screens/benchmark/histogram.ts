/** One bar: the delays from `fromMs` up to the next bar. */
export type HistogramBar = { readonly fromMs: number; readonly count: number };

/** Steps a bar may have, ms. */
const STEPS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50];

/** Sorts delays into at most `maxBars` bars of equal, round width. Empty for no delays. */
export function histogram(delaysMs: readonly number[], maxBars = 24): readonly HistogramBar[] {
  if (delaysMs.length === 0) return [];
  const low = Math.min(...delaysMs);
  const span = Math.max(...delaysMs) - low;
  const step = STEPS.find((candidate) => span / candidate < maxBars - 1) ?? span / (maxBars - 2);
  const first = Math.floor(low / step);
  const last = Math.floor((low + span) / step);
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const delay of delaysMs) {
    const index = Math.min(counts.length - 1, Math.floor(delay / step) - first);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, index) => ({ fromMs: (first + index) * step, count }));
}
