import { distributionOf } from "../src/engine/measurement/distribution.ts";
import { MatchedFilter } from "../src/engine/measurement/matched-filter.ts";
import type { TimedRecording } from "./network-taps.ts";

/** Rate at which recordings are compared, Hz: speech codecs keep the waveform up to 8 kHz. */
const RATE = 16_000;
/** Longest delay looked for, ms. */
const MAX_DELAY_MS = 3000;
/** Level under which a stretch of speech is a pause, of full scale. */
const SILENCE = 0.01;

/** A stretch of speech found again. */
export type HeardStretch = {
  /** When it was spoken, ms since 1970. */
  readonly spokenMs: number;
  /** How much later it was heard, ms. */
  readonly delayMs: number;
};

/** How long the stretches are, how often they are looked for, and how alike they must be. */
export type StretchSearch = {
  readonly lengthMs: number;
  readonly everyMs: number;
  /** Lowest normalised correlation, 0…1. */
  readonly minScore: number;
};

/** Stretches for the delay of a call … */
export const DELAY_SEARCH: StretchSearch = { lengthMs: 400, everyMs: 200, minScore: 0.6 };
/** … and for the moment at which speech is back after an outage. */
const RECOVERY_SEARCH: StretchSearch = { lengthMs: 120, everyMs: 40, minScore: 0.7 };

/** Finds what was spoken between the times (ms since 1970) in what was heard; pauses and what was not found are left out. */
export function findSpeech(
  spoken: TimedRecording,
  heard: TimedRecording,
  range: { readonly fromMs: number; readonly toMs: number },
  search: StretchSearch,
): HeardStretch[] {
  const source = toComparisonRate(spoken);
  const output = toComparisonRate(heard);
  const length = Math.round((search.lengthMs * RATE) / 1000);
  const found: HeardStretch[] = [];
  for (let time = range.fromMs; time + search.lengthMs <= range.toMs; time += search.everyMs) {
    const at = Math.round(((time - spoken.startMs) * RATE) / 1000);
    if (at < 0 || at + length > source.length) continue;
    const stretch = source.subarray(at, at + length);
    const power = stretch.reduce((sum, sample) => sum + sample * sample, 0) / length;
    if (power < SILENCE * SILENCE) continue;
    const filter = new MatchedFilter(stretch, (MAX_DELAY_MS * RATE) / 1000 + length);
    const from = ((time - heard.startMs) * RATE) / 1000;
    const match = filter.search(output, from, from + (MAX_DELAY_MS * RATE) / 1000);
    if (match === undefined || match.score < search.minScore) continue;
    const heardAt = heard.startMs + (match.position * 1000) / RATE;
    found.push({ spokenMs: time, delayMs: heardAt - time });
  }
  return found;
}

/** Median delay of the last third of a call less that of the first third, ms; null without enough speech. */
export function delayGrowth(found: readonly HeardStretch[]): number | null {
  const third = Math.floor(found.length / 3);
  if (third < 3) return null;
  const median = (part: readonly HeardStretch[]): number =>
    distributionOf(part.map(({ delayMs }) => delayMs))?.p50 ?? 0;
  return median(found.slice(-third)) - median(found.slice(0, third));
}

/**
 * Time from the end of each outage (ms since 1970) until speech is heard again as it was spoken, less the talker's own pauses.
 */
export function recoveryTimes(
  spoken: TimedRecording,
  heard: TimedRecording,
  outageEnds: readonly number[],
): readonly number[] {
  const times: number[] = [];
  for (const end of outageEnds) {
    const range = { fromMs: end - 1500, toMs: end + 2000 };
    const back = findSpeech(spoken, heard, range, RECOVERY_SEARCH)
      .filter(({ spokenMs, delayMs }) => spokenMs + delayMs >= end)
      .reduce<HeardStretch | undefined>(
        (first, next) => (first === undefined || heardMs(next) < heardMs(first) ? next : first),
        undefined,
      );
    if (back !== undefined) times.push(spokenTime(spoken, back.spokenMs - (heardMs(back) - end), back.spokenMs));
  }
  return times;
}

function heardMs({ spokenMs, delayMs }: HeardStretch): number {
  return spokenMs + delayMs;
}

/** How much of the time between `fromMs` and `toMs` was spoken in: what is silent cannot be missed. */
function spokenTime({ sampleRate, samples, startMs }: TimedRecording, fromMs: number, toMs: number): number {
  const step = 20;
  let spokenMs = 0;
  for (let time = fromMs; time < toMs; time += step) {
    const at = Math.max(0, Math.round(((time - startMs) * sampleRate) / 1000));
    const piece = samples.subarray(at, at + (step * sampleRate) / 1000);
    const power = piece.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, piece.length);
    if (power >= SILENCE * SILENCE) spokenMs += Math.min(step, toMs - time);
  }
  return spokenMs;
}

/** Averages and interpolates to the rate of comparison. */
function toComparisonRate({ sampleRate, samples }: TimedRecording): Float32Array {
  const step = sampleRate / RATE;
  const length = Math.floor(samples.length / step);
  const output = new Float32Array(length);
  for (let n = 0; n < length; n++) {
    const from = Math.floor(n * step);
    const to = Math.max(from + 1, Math.floor((n + 1) * step));
    let sum = 0;
    for (let i = from; i < to; i++) sum += samples[i] ?? 0;
    output[n] = sum / (to - from);
  }
  return output;
}
