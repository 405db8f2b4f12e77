import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { createChirp } from "../../../src/engine/measurement/chirp.ts";
import { measureChirpDelays } from "../../../src/engine/measurement/chirp-delays.ts";
import { ChunkLoop, type ChunkLoopSettings } from "../../../src/engine/threading/chunk-loop.ts";
import { coreModule } from "../../support/core-module.ts";

type Run = { readonly contextRate: number; readonly quantumFrames: number } & Partial<ChunkLoopSettings>;

/** Sends chirps through a loop; how long they were under way, what the loop says of it, and what was missing. */
function run({ contextRate, quantumFrames, ...changes }: Run) {
  const settings: ChunkLoopSettings = {
    chunkSamples: 480,
    bufferSamples: 0,
    treatment: "none",
    bitrate: 96_000,
    isLowDelay: false,
    ...changes,
  };
  const codec = CodecModule.instantiate(coreModule());
  const loop = new ChunkLoop(codec, { contextRate, quantumFrames }, settings, undefined);
  const sent = new Float32Array(contextRate * 2);
  for (let at = 0.1 * contextRate; at < sent.length - contextRate / 4; at += contextRate / 4) {
    sent.set(createChirp({ sampleRate: contextRate }), Math.round(at));
  }
  const received = new Float32Array(sent.length);
  const output = new Float32Array(quantumFrames);
  for (let at = 0; at + quantumFrames <= sent.length; at += quantumFrames) {
    loop.process([sent.subarray(at, at + quantumFrames)], output);
    received.set(output, at);
  }
  const { delaysMs, lost } = measureChirpDelays(
    { sampleRate: contextRate, sent, received },
    { periodMs: 250, maxDelayMs: 225 },
  );
  const { stages, missing } = loop;
  const sum = stages.chunk + stages.processing + stages.lookahead + stages.held + stages.output;
  loop.close();
  return { delaysMs, lost, missing, sumMs: sum / 48 };
}

describe("a chunk loop", () => {
  for (const contextRate of [8_000, 16_000, 44_100, 48_000, 96_000]) {
    for (const chunkSamples of [120, 128, 480, 2_880]) {
      it(`delays by the sum of its stages and drops nothing: ${chunkSamples} samples at ${contextRate} Hz`, () => {
        const { delaysMs, lost, missing, sumMs } = run({ contextRate, quantumFrames: 128, chunkSamples });
        expect(lost).toBe(0);
        expect(missing).toBe(0);
        expect(delaysMs.length).toBeGreaterThan(5);
        for (const ms of delaysMs) expect(Math.abs(ms - sumMs)).toBeLessThan(0.5);
      });
    }
  }

  it("plays at once what comes in chunks as long as the quantum", () => {
    const { sumMs } = run({ contextRate: 48_000, quantumFrames: 128, chunkSamples: 128 });
    expect(sumMs).toBe(128 / 48);
  });

  it("holds back as much as it is told on top", () => {
    const without = run({ contextRate: 48_000, quantumFrames: 64 });
    const buffered = run({ contextRate: 48_000, quantumFrames: 64, bufferSamples: 960 });
    expect(buffered.sumMs - without.sumMs).toBe(20);
    expect((buffered.delaysMs[0] ?? 0) - (without.delaysMs[0] ?? 0)).toBeCloseTo(20, 2);
  });

  for (const isLowDelay of [false, true]) {
    it(`adds the look-ahead of Opus${isLowDelay ? " with restricted low delay" : ""}`, () => {
      const { delaysMs, lost, sumMs } = run({ contextRate: 48_000, quantumFrames: 128, treatment: "opus", isLowDelay });
      expect(lost).toBe(0);
      expect(sumMs).toBeCloseTo(12 + (isLowDelay ? 2.5 : 6.5), 3);
      for (const ms of delaysMs) expect(Math.abs(ms - sumMs)).toBeLessThan(1);
    });
  }
});
