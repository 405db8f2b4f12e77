import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlockLevels } from "../../../src/engine/recording/block-levels.ts";
import { RangeCutter } from "../../../src/engine/recording/range-cutter.ts";
import { findSpeech, type SampleRange } from "../../../src/engine/recording/speech-segments.ts";
import { planTrim, trimmedLength } from "../../../src/engine/recording/trim-silence.ts";

describe("trimming a recording", () => {
  it("drops the silent ends but for their edges, and the middle of long pauses", () => {
    const samples = bursts([48_000, 96_000], [240_000, 288_000], 384_000);
    const ranges = planTrim(speechIn(samples), samples.length, { edgeMs: 200, maxPauseMs: 800 });
    expect(ranges).toEqual([
      { start: 48_000 - 9_600, end: 96_000 + 19_200 },
      { start: 240_000 - 19_200, end: 288_000 + 9_600 },
    ]);
    expect(cut(samples, ranges).length).toBe(trimmedLength(ranges));
  });

  it("keeps short pauses whole", () => {
    const samples = bursts([48_000, 96_000], [110_400, 144_000], 192_000);
    const ranges = planTrim(speechIn(samples), samples.length);
    expect(ranges).toEqual([{ start: 38_400, end: 153_600 }]);
  });

  it("keeps a recording that is all silence or all sound", () => {
    const silence = new Float32Array(48_000);
    expect(planTrim(speechIn(silence), silence.length)).toEqual([{ start: 0, end: 48_000 }]);
    const tone = bursts([0, 48_000], [0, 0], 48_000);
    expect(planTrim(speechIn(tone), tone.length)).toEqual([{ start: 0, end: 48_000 }]);
    expect(planTrim(speechIn(new Float32Array(0)), 0)).toEqual([]);
  });

  it("does not click at a cut", () => {
    const samples = bursts([48_000, 96_000], [240_000, 288_000], 384_000, 0.02);
    const result = cut(samples, planTrim(speechIn(samples), samples.length, { edgeMs: 0, maxPauseMs: 20 }));
    let steepest = 0;
    let steepestBefore = 0;
    for (let i = 1; i < result.length; i += 1) {
      steepest = Math.max(steepest, Math.abs((result[i] ?? 0) - (result[i - 1] ?? 0)));
    }
    for (let i = 1; i < samples.length; i += 1) {
      steepestBefore = Math.max(steepestBefore, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
    }
    expect(steepest).toBeLessThanOrEqual(steepestBefore * 1.5);
  });

  it("plans ranges that are in order, apart, inside the recording and hold all speech", () => {
    const ranges = fc.array(fc.tuple(fc.nat(9_999), fc.integer({ min: 1, max: 9_999 })), { maxLength: 20 });
    fc.assert(
      fc.property(
        ranges,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 500 }),
        (raw, edgeMs, maxPauseMs) => {
          let at = 0;
          const speech = raw.map(([gap, length]) => {
            const start = at + gap + 1;
            at = start + length;
            return { start, end: at };
          });
          const total = at + 5_000;
          const kept = planTrim(speech, total, { edgeMs, maxPauseMs });
          kept.forEach(({ start, end }, index) => {
            expect(start).toBeGreaterThanOrEqual(kept[index - 1]?.end ?? 0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(total);
          });
          for (const { start, end } of speech) {
            expect(kept.some((range) => range.start <= start && end <= range.end)).toBe(true);
          }
        },
      ),
    );
  });
});

function speechIn(samples: Float32Array): readonly SampleRange[] {
  const levels = new BlockLevels();
  levels.write(samples, samples, samples.length);
  return findSpeech(levels.finish(), samples.length);
}

/** Cuts in chunks of 1000 samples; does not touch `samples`. */
function cut(samples: Float32Array, ranges: readonly SampleRange[]): number[] {
  const out: number[] = [];
  const cutter = new RangeCutter(ranges, (left, _right, from, frames) =>
    out.push(...left.subarray(from, from + frames)),
  );
  for (let at = 0; at < samples.length; at += 1000) {
    const chunk = samples.slice(at, at + 1000);
    cutter.write(chunk, chunk, chunk.length);
  }
  return out;
}

/** Two bursts of a tone in noise of −70 dBFS (or `noise`), `total` samples long. */
function bursts(first: [number, number], second: [number, number], total: number, noise = 0.0003): Float32Array {
  const samples = new Float32Array(total);
  for (let i = 0; i < total; i += 1) {
    const isLoud = (i >= first[0] && i < first[1]) || (i >= second[0] && i < second[1]);
    samples[i] = (isLoud ? 0.25 * Math.sin(i * 0.05) : 0) + noise * Math.sin(i * 1.7 + 5 * Math.sin(i * 0.31));
  }
  return samples;
}
