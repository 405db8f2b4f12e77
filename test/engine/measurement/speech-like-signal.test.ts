import { describe, expect, it } from "vitest";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";

const blocks = (signal: Float32Array, size: number): readonly number[] =>
  Array.from({ length: Math.floor(signal.length / size) }, (_, block) =>
    Math.sqrt(signal.subarray(block * size, (block + 1) * size).reduce((sum, x) => sum + x * x, 0) / size),
  );

describe("speech-like signal", () => {
  it("is the same for the same seed and another for another", () => {
    const once = createSpeechLikeSignal({ sampleRate: 16_000, seconds: 1, seed: 7 });
    expect(createSpeechLikeSignal({ sampleRate: 16_000, seconds: 1, seed: 7 })).toEqual(once);
    expect(createSpeechLikeSignal({ sampleRate: 16_000, seconds: 1, seed: 8 })).not.toEqual(once);
  });

  it("stays within full scale and is loud enough to be heard", () => {
    const signal = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 10 });
    const peak = signal.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    expect(peak).toBeCloseTo(0.63, 2);
    const rms = Math.sqrt(signal.reduce((sum, x) => sum + x * x, 0) / signal.length);
    expect(20 * Math.log10(rms)).toBeGreaterThan(-30);
    expect(20 * Math.log10(rms)).toBeLessThan(-12);
  });

  it.each([0, 0.25, 0.5])("pauses for about the share asked for: %d", (pauseShare) => {
    const signal = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 60, pauseShare });
    const rms = blocks(signal, 480);
    const silent = rms.filter((level) => level < 1e-4).length / rms.length;
    expect(Math.abs(silent - pauseShare)).toBeLessThan(0.06);
  });

  it("is voiced at the pitch asked for", () => {
    const signal = createSpeechLikeSignal({ sampleRate: 16_000, seconds: 20, pitchHz: 200, pauseShare: 0 });
    const correlationAt = (lag: number): number => {
      let sum = 0;
      for (let n = lag; n < signal.length; n++) sum += (signal[n] ?? 0) * (signal[n - lag] ?? 0);
      return sum;
    };
    const lags = Array.from({ length: 160 }, (_, index) => 40 + index);
    const best = lags.reduce((found, lag) => (correlationAt(lag) > correlationAt(found) ? lag : found));
    expect(16_000 / best).toBeGreaterThan(160);
    expect(16_000 / best).toBeLessThan(240);
  });
});
