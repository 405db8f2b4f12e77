import { LEVEL_SAMPLES } from "./block-levels.ts";

/** A run of samples at 48 kHz per channel, `end` not included. */
export type SampleRange = { readonly start: number; readonly end: number };

/** A block counts as sound this far above the recording's noise floor, in decibels. */
const ABOVE_FLOOR_DB = 8;

/** A block counts as silence this far below the loud parts even when the floor lies lower, in decibels. */
const BELOW_LOUD_DB = 42;

/** Share of the blocks that lie under the noise floor, and share that lie under the loud level. */
const FLOOR_QUANTILE = 0.1;
const LOUD_QUANTILE = 0.95;

/** Below this a block is silent whatever surrounds it, in dBFS. */
const SILENCE_DB = -65;

/** Bursts of sound shorter than this are clicks, in blocks. */
const MIN_BURST_BLOCKS = 3;

/**
 * Finds the runs of a finished recording that hold sound, by its own noise floor: levels of 10 ms blocks (see
 * block-levels.ts) against their tenth percentile. Runs are at block grain, in order and apart, none past
 * `totalSamples`; none at all when all is silence.
 */
export function findSpeech(levels: Float32Array, totalSamples: number): readonly SampleRange[] {
  if (levels.length === 0) return [];
  const sorted = levels.slice().sort();
  const floor = sorted[Math.floor((sorted.length - 1) * FLOOR_QUANTILE)] ?? SILENCE_DB;
  const loud = sorted[Math.floor((sorted.length - 1) * LOUD_QUANTILE)] ?? SILENCE_DB;
  // A recording without any pause has its floor in the speech: the loud level then bounds what may be called silence.
  const threshold = Math.max(SILENCE_DB, Math.min(floor + ABOVE_FLOOR_DB, loud - 12), loud - BELOW_LOUD_DB);
  const ranges: SampleRange[] = [];
  let from = -1;
  for (let block = 0; block <= levels.length; block += 1) {
    const isSound = block < levels.length && (levels[block] ?? SILENCE_DB) > threshold;
    if (isSound && from < 0) from = block;
    if (!isSound && from >= 0) {
      if (block - from >= MIN_BURST_BLOCKS) {
        ranges.push({ start: from * LEVEL_SAMPLES, end: Math.min(block * LEVEL_SAMPLES, totalSamples) });
      }
      from = -1;
    }
  }
  return ranges;
}
