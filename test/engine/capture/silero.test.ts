import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as onnx from "onnxruntime-web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SILERO_HOP_SAMPLES, SileroFrames } from "../../../src/engine/capture/silero-frames.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { SileroModel } from "../../../src/engine/threading/vad-session.ts";
import { createNoise } from "../../support/noise.ts";

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve("@ricky0123/vad-web/package.json"));
let model: SileroModel;

beforeAll(async () => {
  onnx.env.wasm.numThreads = 1;
  model = await SileroModel.load(onnx, readFileSync(join(folder, "dist", "silero_vad_v5.onnx")));
});
afterAll(() => model.close());

/** Every window of `samples`, fed in blocks of `blockSize`. */
function windows(samples: Float32Array, blockSize = 480): Float32Array[] {
  const frames = new SileroFrames();
  const result: Float32Array[] = [];
  for (let start = 0; start < samples.length; start += blockSize) {
    const end = Math.min(samples.length, start + blockSize);
    for (let at = start; at < end; ) {
      at = frames.push(samples, at, end);
      if (frames.isComplete) result.push(frames.window.slice());
    }
  }
  return result;
}

async function probabilities(samples: Float32Array): Promise<number[]> {
  const state = model.createState();
  const result: number[] = [];
  for (const window of windows(samples)) result.push(await model.probability(window, state));
  return result;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("windows for Silero", () => {
  const sweep = Float32Array.from({ length: 48_000 }, (_, n) => Math.sin((n * n) / 100_000));

  it("gives one window every 32 ms, with the last 64 samples of the one before in front", () => {
    const all = windows(sweep);
    expect(all).toHaveLength(Math.floor(sweep.length / SILERO_HOP_SAMPLES));
    for (let i = 1; i < all.length; i++) expect(all[i]?.slice(0, 64)).toEqual(all[i - 1]?.slice(512));
  });

  it("does not depend on how the audio is cut into blocks", () => {
    expect(windows(sweep, 97)).toEqual(windows(sweep, 480));
  });

  it("passes what speech needs and removes what 16 kHz cannot hold", () => {
    const power = (hz: number): number => {
      const tone = Float32Array.from({ length: 24_000 }, (_, n) => Math.sin((2 * Math.PI * hz * n) / 48_000));
      const last = windows(tone).at(-1) ?? new Float32Array(1);
      return 10 * Math.log10(mean([...last].map((sample) => sample * sample)) * 2 + 1e-12);
    };
    for (const hz of [100, 1_000, 4_000, 6_000]) expect(Math.abs(power(hz)), `${hz} Hz`).toBeLessThan(0.2);
    for (const hz of [9_000, 12_000, 20_000]) expect(power(hz), `${hz} Hz`).toBeLessThan(-50);
  });
});

describe("Silero", () => {
  it("tells a voice from silence and from noise", async () => {
    const voice = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 4, seed: 3, pauseShare: 0 });
    expect(mean(await probabilities(voice))).toBeGreaterThan(0.5);
    expect(Math.max(...(await probabilities(new Float32Array(96_000))).slice(5))).toBeLessThan(0.2);
    for (const colour of ["white", "pink", "brown"] as const) {
      expect(mean((await probabilities(createNoise(colour, 3, -35))).slice(5)), colour).toBeLessThan(0.3);
    }
  });

  it("goes on after samples that are no numbers", async () => {
    const voice = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 4, seed: 3, pauseShare: 0 });
    voice.fill(Number.NaN, 20_000, 30_000);
    expect(mean((await probabilities(voice)).slice(60))).toBeGreaterThan(0.5);
  });

  it("refuses a file that is not Silero", async () => {
    await expect(SileroModel.load(onnx, new Uint8Array(100))).rejects.toThrow();
  });
});
