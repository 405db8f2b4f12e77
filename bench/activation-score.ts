/** Samples per block at 48 kHz (10 ms): the grain of labels. */
export const LABEL_BLOCK = 480;
/** Parts of speech this far below its loud parts (95th percentile of block levels) still count as speech, dB. */
const BELOW_LOUD_DB = 25;
/** A block has to stand this far above the clean recording's own noise floor (5th percentile), dB. */
const ABOVE_FLOOR_DB = 10;
/** Pauses shorter than this belong to the word around them; sounds shorter than this are clicks. Blocks. */
const SHORTEST_PAUSE = 20;
const SHORTEST_SPEECH = 5;
/** A gate that opens with no speech within this many blocks behind it or to come opened falsely: hold and pre-roll are meant to be there. */
const FORGIVEN = 40;

/** How well a gate followed the speech in a recording. */
export type ActivationScore = {
  /** Runs of speech in the clean recording. */
  readonly onsets: number;
  /** Speech missing at the start of a run, ms: 99th percentile and worst. */
  readonly clippedP99Ms: number;
  readonly clippedWorstMs: number;
  /** Share of speech blocks that were not sent, %. */
  readonly lostPercent: number;
  /** Share of speech blocks sent, and share of blocks without speech sent, %. */
  readonly hitPercent: number;
  readonly falseAlarmPercent: number;
  /** Openings away from any speech, per minute of audio without speech. */
  readonly falseOpensPerMinute: number;
  /** Share of all time that the gate was open, %. */
  readonly openPercent: number;
};

/** Which blocks of a clean recording hold speech: 1 or 0 a block. */
export function labelSpeech(clean: Float32Array): Uint8Array {
  const blocks = Math.floor(clean.length / LABEL_BLOCK);
  const levels = Float64Array.from({ length: blocks }, (_, block) => levelDb(clean, block * LABEL_BLOCK));
  const sorted = levels.toSorted();
  const quantile = (share: number): number => sorted[Math.floor(share * (blocks - 1))] ?? -120;
  const threshold = Math.max(quantile(0.95) - BELOW_LOUD_DB, quantile(0.05) + ABOVE_FLOOR_DB);
  const labels = Uint8Array.from(levels, (level) => (level >= threshold ? 1 : 0));
  fillRuns(labels, 0, SHORTEST_PAUSE, 1);
  fillRuns(labels, 1, SHORTEST_SPEECH, 0);
  return labels;
}

/** Which blocks of a chain's output the gate let through: it leaves exact zeros where it is closed. */
export function sentBlocks(processed: Float32Array): Uint8Array {
  const blocks = Math.floor(processed.length / LABEL_BLOCK);
  return Uint8Array.from({ length: blocks }, (_, block) => {
    for (let i = 0; i < LABEL_BLOCK; i++) if (processed[block * LABEL_BLOCK + i] !== 0) return 1;
    return 0;
  });
}

/** Compares what was sent with the labels; the first `skip` blocks, in which everything settles, do not count. */
export function scoreActivation(labels: Uint8Array, sent: Uint8Array, skip = 0): ActivationScore {
  const blocks = Math.min(labels.length, sent.length);
  let speech = 0;
  let hits = 0;
  let falseAlarms = 0;
  let falseOpens = 0;
  const clipped: number[] = [];
  for (let block = skip; block < blocks; block++) {
    if (labels[block] === 1) {
      speech++;
      hits += sent[block] ?? 0;
      if (labels[block - 1] === 0) clipped.push(missingFrom(labels, sent, block) * 10);
    } else {
      falseAlarms += sent[block] ?? 0;
    }
    const opens = sent[block] === 1 && sent[block - 1] === 0;
    if (opens && !hasSpeech(labels, block - FORGIVEN, block + FORGIVEN)) falseOpens++;
  }
  const counted = blocks - skip;
  const quiet = counted - speech;
  clipped.sort((a, b) => a - b);
  const open = hits + falseAlarms;
  return {
    onsets: clipped.length,
    clippedP99Ms: clipped[Math.ceil(0.99 * clipped.length) - 1] ?? 0,
    clippedWorstMs: clipped.at(-1) ?? 0,
    lostPercent: percent(speech - hits, speech),
    hitPercent: percent(hits, speech),
    falseAlarmPercent: percent(falseAlarms, quiet),
    falseOpensPerMinute: quiet === 0 ? 0 : falseOpens / (quiet / 6_000),
    openPercent: percent(open, counted),
  };
}

function missingFrom(labels: Uint8Array, sent: Uint8Array, start: number): number {
  let block = start;
  while (block < labels.length && labels[block] === 1 && sent[block] === 0) block++;
  return block - start;
}

function hasSpeech(labels: Uint8Array, from: number, to: number): boolean {
  for (let block = Math.max(0, from); block < Math.min(labels.length, to); block++)
    if (labels[block] === 1) return true;
  return false;
}

function fillRuns(labels: Uint8Array, value: number, shorterThan: number, replacement: number): void {
  let start = 0;
  for (let block = 0; block <= labels.length; block++) {
    if (block < labels.length && labels[block] === value) continue;
    // A run at either end has no speech on its other side.
    const isInside = start > 0 && block < labels.length;
    if (isInside && block - start < shorterThan) labels.fill(replacement, start, block);
    start = block + 1;
  }
}

function levelDb(samples: Float32Array, from: number): number {
  let energy = 0;
  for (let i = from; i < from + LABEL_BLOCK; i++) energy += (samples[i] ?? 0) ** 2;
  return 10 * Math.log10(energy / LABEL_BLOCK + 1e-12);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}
