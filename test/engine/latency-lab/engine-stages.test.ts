import { describe, expect, it } from "vitest";
import { EngineStages } from "../../../src/engine/latency-lab/engine-stages.ts";
import { LATENCY_STAGES } from "../../../src/engine/latency-lab/latency-result.ts";
import { createChirp } from "../../../src/engine/measurement/chirp.ts";
import { measureChirpDelays } from "../../../src/engine/measurement/chirp-delays.ts";
import { MIXER_LATENCY } from "../../../src/engine/playout/mixer.ts";
import type { SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { VirtualNodes } from "../../support/virtual-nodes.ts";

const BARE: SettingsPatch = {
  capture: {
    highPass: { isEnabled: false },
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
    limiter: { isEnabled: false },
  },
};

/** Where VirtualNodes begins to count. */
const FIRST_TIMESTAMP = 0xffff_0000;

/** Sends chirps through the nodes; the mean delay that they find and the sum of the stages, ms. */
function run(rate: number, settings: SettingsPatch) {
  const nodes = new VirtualNodes({ captureRate: rate, playbackRate: rate, settings });
  const period = rate / 4;
  const chirp = createChirp({ sampleRate: rate });
  const sent: number[] = [];
  const received: number[] = [];
  let count = 0;
  const source = (_: number, channel: number): number => {
    const sample = chirp[(Math.floor(count / 2) % period) - Math.round(0.1 * rate)] ?? 0;
    count += 1;
    if (channel === 0) sent.push(sample);
    return sample;
  };
  const listen = ([left]: readonly Float32Array[]): number => received.push(...(left ?? []));
  nodes.run(2, source, listen);
  const stages = new EngineStages(nodes.captureTelemetry, nodes.playbackTelemetry, 0, FIRST_TIMESTAMP);
  stages.begin();
  const from = sent.length;
  nodes.run(3, source, listen);
  const found = stages.end(MIXER_LATENCY);
  nodes.close();
  const recording = {
    sampleRate: rate,
    sent: Float32Array.from(sent.slice(from)),
    received: Float32Array.from(received.slice(from)),
  };
  const { delaysMs, lost } = measureChirpDelays(recording, { periodMs: 250, maxDelayMs: 225 });
  const mean = delaysMs.reduce((sum, ms) => sum + ms, 0) / delaysMs.length;
  const sum = LATENCY_STAGES.reduce((total, name) => total + (found?.[name] ?? Number.NaN), 0);
  return { mean, sum, lost, found };
}

describe("the stages of the engine's delay", () => {
  for (const frameDuration of [2.5, 5, 10, 20, 40, 60] as const) {
    it(`sum up to what chirps measure, within 2 ms: frames of ${frameDuration} ms`, () => {
      const application = frameDuration < 10 ? "lowdelay" : "voip";
      const { mean, sum, lost, found } = run(48_000, {
        ...BARE,
        encoder: { frameDuration, application, bitrate: 96_000 },
      });
      expect(lost).toBe(0);
      expect(found?.capture).toBe(frameDuration);
      // Without a network a frame arrives in the quantum in which it was finished, whose playout began up to 2.7 ms before.
      expect(found?.network).toBeGreaterThan(-2.7);
      expect(Math.abs(mean - sum)).toBeLessThan(2);
    });
  }

  for (const rate of [44_100, 96_000]) {
    it(`sum up within 2 ms where both ends convert the rate: ${rate} Hz`, () => {
      const { mean, sum, lost } = run(rate, { ...BARE, encoder: { frameDuration: 10, bitrate: 96_000 } });
      expect(lost).toBe(0);
      expect(Math.abs(mean - sum)).toBeLessThan(2);
    });
  }

  it("sum up within 2 ms behind a buffer that is told to be long, and blame the buffer", () => {
    const settings: SettingsPatch = {
      ...BARE,
      encoder: { frameDuration: 10, bitrate: 96_000 },
      jitterBuffer: { mode: "manual", targetMs: 60 },
    };
    const { mean, sum, found } = run(48_000, settings);
    expect(Math.abs(mean - sum)).toBeLessThan(2);
    expect(found?.jitterBuffer).toBeGreaterThan(50);
  });

  for (const [rate, frameDuration] of [
    [48_000, 10],
    [48_000, 2.5],
    [44_100, 20],
  ] as const) {
    it(`sum up within 2 ms with all processing on: frames of ${frameDuration} ms at ${rate} Hz`, () => {
      const { mean, sum, lost, found } = run(rate, {
        capture: { activation: { mode: "open" }, suppressor: { kind: "speex" }, leveler: { isEnabled: false } },
        encoder: { frameDuration, bitrate: 96_000, application: frameDuration < 10 ? "lowdelay" : "voip" },
      });
      expect(lost).toBe(0);
      expect(found?.processing).toBeGreaterThan(8);
      expect(found?.network).toBeGreaterThan(-2.7);
      expect(Math.abs(mean - sum)).toBeLessThan(2);
    });
  }

  it("sum up within 2 ms with the limiter on", () => {
    const settings: SettingsPatch = {
      capture: { ...BARE.capture, limiter: { isEnabled: true } },
      encoder: { frameDuration: 10, bitrate: 96_000 },
    };
    const { mean, sum, found } = run(48_000, settings);
    expect(found?.processing).toBeGreaterThan(0.5);
    expect(Math.abs(mean - sum)).toBeLessThan(2);
  });
});
