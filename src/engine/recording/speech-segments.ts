/** A run of samples at 48 kHz per channel, `end` not included. */
export type SampleRange = { readonly start: number; readonly end: number };

/** Samples per block that silence is judged in: 10 ms at 48 kHz. */
const BLOCK_SAMPLES = 480;

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
 * Finds the runs of a finished recording that hold sound, by its own noise floor: levels of 10 ms blocks against the
 * tenth percentile. Runs are at block grain, in order and apart; none when all is silence.
 */
export function findSpeech(left: Float32Array, right: Float32Array = left): readonly SampleRange[] {
  const levels = blockLevels(left, right);
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
        ranges.push({ start: from * BLOCK_SAMPLES, end: Math.min(block * BLOCK_SAMPLES, left.length) });
      }
      from = -1;
    }
  }
  return ranges;
}

function blockLevels(left: Float32Array, right: Float32Array): Float32Array {
  const levels = new Float32Array(Math.ceil(left.length / BLOCK_SAMPLES));
  for (let block = 0; block < levels.length; block += 1) {
    const start = block * BLOCK_SAMPLES;
    const end = Math.min(start + BLOCK_SAMPLES, left.length);
    let sum = 0;
    for (let index = start; index < end; index += 1) sum += (left[index] ?? 0) ** 2 + (right[index] ?? 0) ** 2;
    levels[block] = 10 * Math.log10(sum / (2 * (end - start)) + 1e-12);
  }
  return levels;
}
