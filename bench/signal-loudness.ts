import { LoudnessMeter } from "../src/engine/capture/loudness-meter.ts";
import { gainToDb } from "../src/engine/media/decibels.ts";
import { TruePeakInterpolator } from "../src/engine/playout/true-peak-interpolator.ts";

/** Integrated loudness of one or two channels at 48 kHz, LUFS. */
export function integratedLufs([left = new Float32Array(0), right = left]: readonly Float32Array[]): number {
  const meter = new LoudnessMeter();
  meter.process(left, right, 0, left.length);
  return meter.integratedLufs;
}

/** True peak over all channels at 48 kHz, dBTP. */
export function truePeakDb(channels: readonly Float32Array[]): number {
  let peak = 0;
  for (const samples of channels) {
    const peaks = new Float32Array(samples.length);
    new TruePeakInterpolator().process(samples, 0, samples.length, peaks);
    peak = peaks.reduce((highest, value) => Math.max(highest, value), peak);
  }
  return gainToDb(peak);
}
