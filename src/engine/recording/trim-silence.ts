import type { SampleRange } from "./speech-segments.ts";

/** How much silence a trimmed recording keeps. */
export type TrimSettings = {
  /** Kept before the first and after the last sound, in milliseconds. */
  readonly edgeMs: number;
  /** Longest pause inside; what is longer loses its middle. In milliseconds; Infinity keeps every pause. */
  readonly maxPauseMs: number;
};

/** What trimming a voice note keeps unless the user says otherwise. */
export const DEFAULT_TRIM: TrimSettings = { edgeMs: 200, maxPauseMs: 800 };

const SAMPLES_PER_MS = 48;

/**
 * Decides what of a recording stays: the runs of sound with their edges, pauses shortened to `maxPauseMs`. Ranges are in
 * order and apart. Without any sound everything stays: an empty note is never what was meant.
 */
export function planTrim(
  speech: readonly SampleRange[],
  totalSamples: number,
  { edgeMs, maxPauseMs }: TrimSettings = DEFAULT_TRIM,
): readonly SampleRange[] {
  if (speech.length === 0) return totalSamples > 0 ? [{ start: 0, end: totalSamples }] : [];
  const edge = edgeMs * SAMPLES_PER_MS;
  const halfPause = (maxPauseMs * SAMPLES_PER_MS) / 2;
  const kept: SampleRange[] = [];
  speech.forEach(({ start, end }, index) => {
    const from = Math.max(0, Math.floor(start - (index === 0 ? edge : halfPause)));
    const to = Math.min(totalSamples, Math.ceil(end + (index === speech.length - 1 ? edge : halfPause)));
    const previous = kept.at(-1);
    if (previous !== undefined && from <= previous.end) kept[kept.length - 1] = { start: previous.start, end: to };
    else kept.push({ start: from, end: to });
  });
  return kept;
}

/** Samples that stay: the sum of the ranges, exactly. */
export function trimmedLength(ranges: readonly SampleRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
