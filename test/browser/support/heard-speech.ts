import { MatchedFilter } from "../../../src/engine/measurement/matched-filter.ts";

/** How what was heard compares with speech that was played in a loop. */
export type HeardSpeech = {
  /** Seconds of the recording that hold speech and were looked for in the loop. */
  readonly seconds: number;
  /** Lowest and median of the normalised correlations of quarters of these seconds. */
  readonly lowestCorrelation: number;
  readonly medianCorrelation: number;
  /** Longest stretch in which the loop speaks and the recording is silent, ms. */
  readonly longestGapMs: number;
};

const SECOND = 48_000;
/** Looked for at once: short enough that following the sender's clock and stretching do not shift it against itself. */
const PIECE = SECOND / 4;
/** Window of the level comparison, 5 ms. */
const WINDOW = 240;
/** A window of the loop counts as speech above this RMS level (−40 dBFS). */
const SPEECH_RMS = 0.01;
/** The recording counts as silent under this share of the loop's level (−26 dB). */
const SILENT_SHARE = 0.05;

/** Looks for every quarter of a second of a recording that holds speech, from `from` seconds on, in the loop. Both 48 kHz. */
export function compareWithLoop(loop: Float32Array, recording: Float32Array, from = 1): HeardSpeech {
  const twice = new Float32Array(2 * loop.length + SECOND);
  for (let i = 0; i < twice.length; i++) twice[i] = loop[i % loop.length] ?? 0;
  const scores: number[] = [];
  let gap = 0;
  let longest = 0;
  for (let at = from * SECOND; at + PIECE <= recording.length; at += PIECE) {
    const piece = recording.subarray(at, at + PIECE);
    const match = isSilence(piece) ? undefined : new MatchedFilter(piece, twice.length).search(twice, 0, loop.length);
    if (match === undefined) {
      scores.push(0);
      gap += 250;
      longest = Math.max(longest, gap);
      continue;
    }
    const start = Math.round(match.position);
    // The end of a word in an otherwise silent quarter is found anywhere.
    if (isMostlyPause(twice, start)) continue;
    scores.push(match.score);
    for (let i = 0; i + WINDOW <= PIECE; i += WINDOW) {
      const spoken = rms(twice, start + i);
      const isSilent = spoken > SPEECH_RMS && rms(piece, i) < SILENT_SHARE * spoken;
      gap = isSilent ? gap + 5 : 0;
      longest = Math.max(longest, gap);
    }
  }
  scores.sort((a, b) => a - b);
  return {
    seconds: (scores.length * PIECE) / SECOND,
    lowestCorrelation: scores[0] ?? 0,
    medianCorrelation: scores[Math.floor(scores.length / 2)] ?? 0,
    longestGapMs: longest,
  };
}

function isMostlyPause(signal: Float32Array, from: number): boolean {
  let spoken = 0;
  for (let i = 0; i + WINDOW <= PIECE; i += WINDOW) if (rms(signal, from + i) > SPEECH_RMS) spoken += WINDOW;
  return spoken < PIECE / 2;
}

function isSilence(signal: Float32Array): boolean {
  return signal.every((sample) => Math.abs(sample) < 1e-6);
}

function rms(signal: Float32Array, at: number): number {
  let sum = 0;
  for (let i = at; i < at + WINDOW; i++) sum += (signal[i] ?? 0) ** 2;
  return Math.sqrt(sum / WINDOW);
}
