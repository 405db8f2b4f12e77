import { describe, expect, it } from "vitest";
import { compareSpeech } from "../../../src/engine/measurement/speech-comparison.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../../../src/engine/media/random.ts";

const RATE = 48_000;
const speech = Float32Array.from(createSpeechLikeSignal({ sampleRate: RATE, seconds: 3, pauseShare: 0.1 }));

/** A steep low-pass: a windowed sinc of 513 taps. */
function lowPass(signal: Float32Array, cutoffHz: number): Float32Array {
  const half = 256;
  const taps = Array.from({ length: 2 * half + 1 }, (_, index) => {
    const x = (2 * cutoffHz * (index - half)) / RATE;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return ((2 * cutoffHz) / RATE) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * (index - half)) / half));
  });
  return signal.map((_, n) => taps.reduce((sum, tap, index) => sum + tap * (signal[n - index + half] ?? 0), 0));
}

describe("speech comparison", () => {
  it("finds nothing wrong with the same signal, louder or not", () => {
    for (const gain of [1, 0.25]) {
      const found = compareSpeech(
        speech,
        speech.map((sample) => gain * sample),
        RATE,
      );
      expect(found?.spectralDistanceDb).toBeLessThan(0.01);
      expect(found?.envelopeCorrelation).toBeGreaterThan(0.999);
      expect(found?.bandwidthHz).toBeCloseTo(17_959, 0);
    }
  });

  it("reports the bandwidth that a lower rate leaves, and prices it", () => {
    const narrow = compareSpeech(speech, lowPass(speech, 3_500), RATE);
    const wide = compareSpeech(speech, lowPass(speech, 7_400), RATE);
    expect(narrow?.bandwidthHz).toBeGreaterThan(2_500);
    expect(narrow?.bandwidthHz).toBeLessThan(4_600);
    expect(wide?.bandwidthHz).toBeGreaterThan(6_500);
    expect(wide?.bandwidthHz).toBeLessThan(9_100);
    expect(narrow?.spectralDistanceDb).toBeGreaterThan((wide?.spectralDistanceDb ?? 0) + 3);
    expect(narrow?.envelopeCorrelation).toBeLessThan((wide?.envelopeCorrelation ?? 0) - 0.05);
  });

  it("rates noise lower the louder it is", () => {
    const scores = [0.001, 0.01, 0.1].map((level) => {
      const random = seededRandom(5);
      const noisy = speech.map((sample) => sample + level * (2 * random() - 1));
      return compareSpeech(speech, noisy, RATE)?.envelopeCorrelation ?? 0;
    });
    expect(scores[0]).toBeGreaterThan(scores[1] ?? 1);
    expect(scores[1]).toBeGreaterThan(scores[2] ?? 1);
  });

  it("says nothing about less than a third of a second", () => {
    expect(compareSpeech(speech.subarray(0, 10_000), speech, RATE)).toBeUndefined();
  });
});
