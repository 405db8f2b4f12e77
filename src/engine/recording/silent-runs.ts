import { PEAK_SAMPLES } from "./waveform-peaks.ts";

/** A stretch of a recording without sound, in seconds. */
export type SilentRun = { readonly start: number; readonly end: number };

const SECONDS_PER_PEAK = PEAK_SAMPLES / 48_000;

/** Peaks under this share of the recording's loud parts are silence. */
const SILENT_SHARE = 0.06;

/** Share of the peaks that the loud level lies over. */
const LOUD_QUANTILE = 0.95;

/** Silence that is left at both sides of a run, so that nothing is cut off and phrases stay apart, in seconds. */
const MARGIN_SECONDS = 0.15;

/** Shorter runs are pauses of speech, in seconds. */
const SHORTEST_SECONDS = 0.6;

/** The silences worth skipping in a recording, in order, from its stored peaks. */
export function silentRuns(peaks: Uint8Array): readonly SilentRun[] {
  const sorted = peaks.slice().sort();
  const loud = sorted[Math.floor((sorted.length - 1) * LOUD_QUANTILE)] ?? 0;
  const threshold = Math.max(2, loud * SILENT_SHARE);
  const runs: SilentRun[] = [];
  let from = -1;
  for (let index = 0; index <= peaks.length; index += 1) {
    const isSilent = index < peaks.length && (peaks[index] ?? 0) < threshold;
    if (isSilent && from < 0) from = index;
    if (!isSilent && from >= 0) {
      const seconds = (index - from) * SECONDS_PER_PEAK;
      if (seconds >= SHORTEST_SECONDS) {
        runs.push({ start: from * SECONDS_PER_PEAK + MARGIN_SECONDS, end: index * SECONDS_PER_PEAK - MARGIN_SECONDS });
      }
      from = -1;
    }
  }
  return runs;
}
