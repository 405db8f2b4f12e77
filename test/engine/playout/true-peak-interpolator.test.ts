import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { TRUE_PEAK_DELAY, TruePeakInterpolator } from "../../../src/engine/playout/true-peak-interpolator.ts";

/** ITU-R BS.1770-5 annex 2 table 2, phases 0 and 1; the other two mirror them. */
const PHASE_0 = [
  0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875,
  -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
];
const PHASE_1 = [
  -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625,
  -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
];
const PHASES = [PHASE_0, PHASE_1, PHASE_1.toReversed(), PHASE_0.toReversed()];
const FRAMES = 2_000;

/** The table applied as the recommendation says: every phase at every sample. */
function writtenOut(signal: Float32Array): readonly number[] {
  return Array.from(signal, (sample, n) => {
    const phases = PHASES.map((phase) => phase.reduce((sum, value, tap) => sum + value * (signal[n - tap] ?? 0), 0));
    return Math.max(Math.abs(sample), ...phases.map(Math.abs));
  });
}

/** In blocks of uneven lengths, as quanta of other rates are. */
function measured(signal: Float32Array, floor: number): Float32Array {
  const interpolator = new TruePeakInterpolator();
  interpolator.floor = floor;
  const peaks = new Float32Array(signal.length);
  for (let at = 0, length = 1; at < signal.length; at += length, length = 1 + ((length * 7) % 130)) {
    const frames = Math.min(length, signal.length - at);
    interpolator.process(signal, at, frames, peaks.subarray(at, at + frames));
  }
  return peaks;
}

/** Noise whose level wanders between quiet and loud, and a stretch in which every sample works towards one peak between two. */
function testSignal(seed: number): Float32Array {
  const random = seededRandom(seed);
  const signal = Float32Array.from({ length: FRAMES }, (_, i) => (2 * random() - 1) * (0.6 + 0.5 * Math.sin(i / 90)));
  PHASE_1.toReversed().forEach((value, k) => {
    signal[1_000 + k] = 0.45 * Math.sign(value);
  });
  return signal;
}

describe("the true-peak interpolator", () => {
  it.each([1, 2, 3])("finds what the filter of BS.1770 written out finds (seed %i)", (seed) => {
    const signal = testSignal(seed);
    const expected = writtenOut(signal);
    const found = measured(signal, 0);
    for (let i = 0; i < FRAMES; i++) expect(found[i]).toBeCloseTo(expected[i] ?? 0, 6);
  });

  it.each([4, 5, 6])("misses no peak above its floor where it looks at the samples only (seed %i)", (seed) => {
    const floor = 0.88;
    const signal = testSignal(seed);
    const expected = writtenOut(signal);
    const found = measured(signal, floor);
    let above = 0;
    for (let i = 0; i < FRAMES; i++) {
      const peak = expected[i] ?? 0;
      if (peak > floor) expect(found[i]).toBeCloseTo(peak, 6);
      else expect(found[i]).toBeLessThanOrEqual(floor);
      if (peak > floor) above++;
    }
    expect(above).toBeGreaterThan(10);
  });

  it("finds a peak of 0.91 between samples of 0.45", () => {
    const signal = new Float32Array(100);
    PHASE_1.toReversed().forEach((value, k) => {
      signal[40 + k] = 0.45 * Math.sign(value);
    });
    const found = measured(signal, 0.88);
    expect(found[40 + TRUE_PEAK_DELAY]).toBeCloseTo(0.91, 2);
  });

  it("forgets the past on reset", () => {
    const interpolator = new TruePeakInterpolator();
    const peaks = new Float32Array(20);
    interpolator.process(new Float32Array(20).fill(1), 0, 20, peaks);
    interpolator.reset();
    peaks.fill(0);
    interpolator.process(new Float32Array(20), 0, 20, peaks);
    expect(Math.max(...peaks)).toBe(0);
  });
});
