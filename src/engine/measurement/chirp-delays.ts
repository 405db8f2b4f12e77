import { createChirp } from "./chirp.ts";
import { MatchedFilter } from "./matched-filter.ts";

/** A sent and a received recording on one sample clock. */
export type ChirpRecording = {
  /** Hz, of both. */
  readonly sampleRate: number;
  readonly sent: Float32Array;
  readonly received: Float32Array;
};

/** How a chirp train was played, and how long a chirp may be under way. */
export type ChirpSearch = {
  /** Distance between chirps, ms; 500 by default. */
  readonly periodMs?: number;
  /** Longest delay looked for, ms, below the period; 450 by default. */
  readonly maxDelayMs?: number;
  /** Lowest normalised correlation that counts as the chirp, 0…1; 0.5 by default. */
  readonly minScore?: number;
};

/** Delays of the chirps of a recording. */
export type ChirpDelays = {
  /** One delay in ms per chirp that arrived, in the order sent. */
  readonly delaysMs: readonly number[];
  /** Chirps that were sent early enough to arrive within the recording. */
  readonly sent: number;
  /** Chirps of these that were not found. */
  readonly lost: number;
};

/**
 * Measures how long each chirp of a train was under way: the chirp is located in the sent and in the received recording
 * by the same matched filter, so the filter's own delay cancels.
 */
export function measureChirpDelays(recording: ChirpRecording, search: ChirpSearch = {}): ChirpDelays {
  const { sampleRate, sent, received } = recording;
  const { periodMs = 500, maxDelayMs = 450, minScore = 0.5 } = search;
  const toSamples = (ms: number): number => Math.round((ms / 1_000) * sampleRate);
  const period = toSamples(periodMs);
  const maxDelay = toSamples(maxDelayMs);
  const chirp = createChirp({ sampleRate });
  const filter = new MatchedFilter(chirp, period + chirp.length);

  const delaysMs: number[] = [];
  let count = 0;
  let lost = 0;
  for (const onset of chirpOnsets(sent, filter, period)) {
    if (onset + maxDelay + chirp.length > received.length) break;
    count += 1;
    const match = filter.search(received, onset, onset + maxDelay);
    if (match === undefined || match.score < minScore) lost += 1;
    else delaysMs.push(((match.position - onset) / sampleRate) * 1_000);
  }
  return { delaysMs, sent: count, lost };
}

/** Positions of the chirps of a clean train: the first in any place, each next one period after the one before. */
function* chirpOnsets(sent: Float32Array, filter: MatchedFilter, period: number): Generator<number> {
  /** A clean chirp correlates with itself at 1; the rest is the interpolation between samples. */
  const clean = 0.95;
  let at = 0;
  while (at < sent.length) {
    const match = filter.search(sent, at, at + period);
    if (match !== undefined && match.score >= clean) {
      yield match.position;
      // The next search starts half a period later, so that a chirp on the edge of a window is found whole.
      at = Math.round(match.position) + Math.round(period / 2);
    } else at += period;
  }
}
