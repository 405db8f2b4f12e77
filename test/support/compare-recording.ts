import { MatchedFilter } from "../../src/engine/measurement/matched-filter.ts";

/** How a recording at the receiver compares with what was spoken. */
export type RecordingComparison = {
  /** Segments of half a second of speech that were looked for. */
  readonly segments: number;
  /** Median of the segments' normalised correlations, 0…1. */
  readonly medianCorrelation: number;
  /** Lowest of them. */
  readonly lowestCorrelation: number;
  /** Correlation of the two levels over time, window by window, −1…1: unlike the others it survives clocks that differ. */
  readonly levelCorrelation: number;
  /** Longest stretch, in ms, in which the talker spoke and the recording was silent. */
  readonly longestGapMs: number;
  /** Sum of all such stretches, ms. */
  readonly missingMs: number;
  /** Seconds of the talker's signal that were compared. */
  readonly comparedSeconds: number;
};

/** What to compare. Both signals have one sample rate. */
export type RecordingToCompare = {
  /** Hz. */
  readonly sampleRate: number;
  /** What the talker's microphone played, from its beginning. */
  readonly source: Float32Array;
  /** What the receiver put out. It may start and end anywhere within the source. */
  readonly recording: Float32Array;
};

const SEGMENT_SECONDS = 0.5;
/** A first match this good is the right one; synthesised vowels at a wrong place reach 0.7. */
const SURE = 0.8;
/** Window of the level comparison, ms. */
const WINDOW_MS = 5;
/** A window of the source counts as speech above this level, linear RMS (−40 dBFS). */
const SPEECH_RMS = 0.01;
/** The recording counts as silent under this share of the source's level (−26 dB). */
const SILENT_SHARE = 0.05;
/** How far the delay may move within a segment, ms: the jitter buffer stretches time in steps of a pitch period. */
const SLACK_MS = 10;
/** How far the delay may move between two segments, seconds: time-stretching moves it. */
const DRIFT_SECONDS = 0.25;

const rms = (signal: Float32Array, from: number, length: number): number => {
  let sum = 0;
  for (let n = from; n < from + length; n++) sum += (signal[n] ?? 0) ** 2;
  return Math.sqrt(sum / length);
};

/** Lowest level of the windows up to `slack` samples before and after one: what is spoken there wherever exactly it belongs. */
const quietestAround = (signal: Float32Array, from: number, window: number, slack: number): number => {
  let lowest = Number.POSITIVE_INFINITY;
  for (let n = from - slack; n <= from + slack; n += window) lowest = Math.min(lowest, rms(signal, n, window));
  return lowest;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's correlation. */
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const [x, y] = [value - meanA, (b[index] ?? 0) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
};

/**
 * Aligns a recording with its source half a second at a time and measures how alike they are and what is missing.
 * @throws Error when no second of the source can be found in the recording.
 */
export function compareRecording({ sampleRate, source, recording }: RecordingToCompare): RecordingComparison {
  const length = SEGMENT_SECONDS * sampleRate;
  const window = Math.round((WINDOW_MS / 1_000) * sampleRate);
  const slack = Math.round((SLACK_MS / 1_000) * sampleRate);
  const drift = Math.round(DRIFT_SECONDS * sampleRate);
  const firstLag = align(source, recording, sampleRate);
  const firstSegment = length * Math.ceil(Math.max(0, drift - firstLag) / length);

  const scores: number[] = [];
  const spokenLevels: number[] = [];
  const heardLevels: number[] = [];
  let lag = firstLag;
  let gap = 0;
  let longest = 0;
  let missing = 0;
  for (let at = firstSegment; at + length <= source.length; at += length) {
    if (at + lag + length + drift > recording.length) break;
    const segment = source.subarray(at, at + length);
    if (rms(segment, 0, length) > SPEECH_RMS) {
      const match = new MatchedFilter(segment, 2 * drift + length).search(
        recording,
        at + lag - drift,
        at + lag + drift,
      );
      if (match !== undefined) {
        scores.push(match.score);
        // A segment that is mostly missing says nothing about the delay: the last known one stays.
        if (match.score > 0.3) lag = Math.round(match.position) - at;
      } else scores.push(0);
    }
    for (let n = 0; n + window <= length; n += window) {
      const spoken = quietestAround(source, at + n, window, slack);
      const heard = rms(recording, at + lag + n, window);
      const isSilent = spoken > SPEECH_RMS && heard < SILENT_SHARE * spoken;
      spokenLevels.push(rms(source, at + n, window));
      heardLevels.push(heard);
      gap = isSilent ? gap + WINDOW_MS : 0;
      if (isSilent) missing += WINDOW_MS;
      longest = Math.max(longest, gap);
    }
  }
  scores.sort((a, b) => a - b);
  return {
    segments: scores.length,
    medianCorrelation: scores[Math.floor(scores.length / 2)] ?? 0,
    lowestCorrelation: scores[0] ?? 0,
    levelCorrelation: correlation(spokenLevels, heardLevels),
    longestGapMs: longest,
    missingMs: missing,
    comparedSeconds: scores.length * SEGMENT_SECONDS,
  };
}

/** Sampling for the first, coarse alignment: one sample in six is enough for its few milliseconds. */
const COARSE = 6;

/** Finds the second of speech that the recording holds best, and how much later it is there, in samples. */
function align(source: Float32Array, recording: Float32Array, sampleRate: number): number {
  const spoken = decimate(source);
  const heard = decimate(recording);
  const second = Math.floor(sampleRate / COARSE);
  let best = { lag: 0, score: 0 };
  for (let at = 0; at + second <= spoken.length; at += second) {
    const segment = spoken.subarray(at, at + second);
    if (rms(segment, 0, second) <= SPEECH_RMS) continue;
    const match = new MatchedFilter(segment, heard.length).search(heard, 0, heard.length - second);
    if (match !== undefined && match.score > best.score)
      best = { lag: COARSE * (Math.round(match.position) - at), score: match.score };
    if (best.score > SURE) return best.lag;
  }
  if (best.score < 0.3)
    throw new Error(`Cannot find the speech in the recording: best correlation ${best.score.toFixed(2)}`);
  return best.lag;
}

/** Means of six samples each. */
function decimate(signal: Float32Array): Float32Array {
  const output = new Float32Array(Math.floor(signal.length / COARSE));
  for (let n = 0; n < output.length; n++) {
    let sum = 0;
    for (let i = 0; i < COARSE; i++) sum += signal[n * COARSE + i] ?? 0;
    output[n] = sum / COARSE;
  }
  return output;
}
