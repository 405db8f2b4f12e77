import { describe, expect, it } from "vitest";
import { SteadyNoise } from "../../../src/engine/capture/steady-noise.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import type { SuppressorKind } from "../../../src/engine/settings/capture-settings.ts";
import { createNoise, mix } from "../../support/noise.ts";
import { levelDb, mono, runChain, TRANSPARENT } from "../../support/offline-chain.ts";

const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 5, seed: 5 });

const suppressed = (input: Float32Array, kind: SuppressorKind, maxReductionDb = -40, mixPercent = 100): Float32Array =>
  mono(
    runChain(
      [input],
      [TRANSPARENT, { capture: { suppressor: { kind, maxReductionDb, mixPercent } }, encoder: { complexity: 0 } }],
    ),
  );

/** Lag in samples at which `output` matches `input` best, and the correlation there. */
function bestLag(input: Float32Array, output: Float32Array): { readonly lag: number; readonly correlation: number } {
  const [from, to] = [48_000, 4 * 48_000];
  let best = { lag: 0, correlation: -1 };
  for (let lag = -200; lag <= 200; lag++) {
    let [product, a, b] = [0, 0, 0];
    for (let i = from; i < to; i += 2) {
      const x = input[i] ?? 0;
      const y = output[i + lag] ?? 0;
      product += x * y;
      a += x * x;
      b += y * y;
    }
    const correlation = product / Math.sqrt(a * b);
    if (correlation > best.correlation) best = { lag, correlation };
  }
  return best;
}

describe("noise suppression", () => {
  for (const colour of ["white", "pink", "brown"] as const) {
    for (const level of [-30, -50]) {
      it(`takes at least 25 dB off ${colour} noise at ${level} dBFS by default`, () => {
        const noise = createNoise(colour, 5, level, 7);
        expect(levelDb(noise, 1) - levelDb(suppressed(noise, "rnnoise"), 1)).toBeGreaterThanOrEqual(25);
      });
    }
  }

  for (const kind of ["speex", "rnnoise", "gtcrn"] as const) {
    it(`keeps speech in line with the original through ${kind}`, () => {
      const { lag, correlation } = bestLag(speech, suppressed(speech, kind));
      // RNNoise has a high-pass of its own, whose phase moves the peak by a few samples.
      expect(Math.abs(lag)).toBeLessThanOrEqual(4);
      expect(correlation).toBeGreaterThan(0.85);
    });

    it(`leaves the signal alone through ${kind} at strength 0 and at mix 0`, () => {
      const original = suppressed(speech, "off");
      for (const output of [suppressed(speech, kind, 0), suppressed(speech, kind, -40, 0)]) {
        const difference = output.map((sample, i) => sample - (original[i] ?? 0));
        // Speex limits inside and rebuilds the signal from its spectrum; the first frames are its window filling up.
        expect(levelDb(difference, 0.5)).toBeLessThan(levelDb(speech) - (kind === "speex" ? 15 : 35));
      }
    });
  }

  it("does not reduce noise beyond the given strength", () => {
    const noise = createNoise("pink", 4, -35, 3);
    const reduction = levelDb(noise, 1) - levelDb(suppressed(noise, "rnnoise", -12), 1);
    expect(reduction).toBeGreaterThan(9);
    expect(reduction).toBeLessThan(13);
  });

  it("takes the noise out from under speech", () => {
    const noisy = mix(speech, createNoise("white", 5, levelDb(speech) - 10, 9));
    const before = bestLag(speech, noisy).correlation;
    expect(bestLag(speech, suppressed(noisy, "rnnoise")).correlation).toBeGreaterThan(before);
  });
});

describe("telling steady noise from speech", () => {
  const lively = (signal: Float32Array): number => {
    const detector = new SteadyNoise();
    let count = 0;
    for (let at = 0; at + 480 <= signal.length; at += 480) {
      detector.update(signal.subarray(at, at + 480));
      if (!detector.isSteady) count++;
    }
    return count / Math.floor(signal.length / 480);
  };

  it("never takes white, pink or brown noise for anything lively", () => {
    for (const colour of ["white", "pink", "brown"] as const) {
      for (const seed of [1, 2, 3])
        expect(lively(createNoise(colour, 20, -30, seed)), `${colour}, seed ${seed}`).toBe(0);
    }
  });

  it("hears speech in noise at 5 dB SNR nearly all the time", () => {
    for (const seed of [1, 2, 3]) {
      const voice = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 10, seed });
      const noisy = mix(voice, createNoise("pink", 10, levelDb(voice) - 5, seed));
      expect(lively(noisy), `seed ${seed}`).toBeGreaterThan(0.9);
    }
  });
});
