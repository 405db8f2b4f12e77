import { describe, expect, it } from "vitest";
import { runNoiseExperiments } from "../../../bench/latency-noise.ts";
import { NoiseMeasurement, snrAdvice } from "../../../src/engine/measurement/noise-measurement.ts";

describe("a noise measurement", () => {
  it("finds nothing before both the silence and the speech were heard", () => {
    const measurement = new NoiseMeasurement();
    expect(measurement.findings()).toBeUndefined();
    measurement.add({ inputRmsDb: -60, outputRmsDb: -80, isTransmitting: false }, false);
    expect(measurement.findings()).toBeUndefined();
  });

  it("takes the middle of the silence and of the loud part of the speech", () => {
    const measurement = new NoiseMeasurement();
    for (let i = 0; i < 100; i++) {
      // One click in the silence, pauses in the speech.
      measurement.add({ inputRmsDb: i === 50 ? 0 : -60, outputRmsDb: -90, isTransmitting: i === 50 }, false);
      measurement.add(
        { inputRmsDb: i < 50 ? -20 : -58, outputRmsDb: i < 50 ? -18 : -85, isTransmitting: i < 60 },
        true,
      );
    }
    expect(measurement.findings()).toEqual({
      inputNoiseDb: -60,
      outputNoiseDb: -90,
      inputSpeechDb: -20,
      outputSpeechDb: -18,
      inputSnrDb: 40,
      outputSnrDb: 72,
      openWhenQuietPercent: 1,
      openWhenSpeakingPercent: 60,
    });
  });

  it("estimates the ratio that was mixed within 3 dB, and hears the chain improve it", { timeout: 60_000 }, () => {
    const rows = runNoiseExperiments(undefined);
    expect(rows.map(({ advice }) => advice)).toEqual([...new Set(rows.map(({ advice }) => advice))]);
    for (const { trueSnrDb, inputSnrDb, outputSnrDb, openWhenQuietPercent, openWhenSpeakingPercent } of rows) {
      expect(Math.abs(inputSnrDb - (trueSnrDb ?? Number.NaN)), `at ${trueSnrDb} dB`).toBeLessThan(3);
      expect(outputSnrDb, `at ${trueSnrDb} dB`).toBeGreaterThan(inputSnrDb);
      expect(openWhenQuietPercent).toBeLessThan(openWhenSpeakingPercent);
    }
  });

  it("advises by the steps at which noise is noticed", () => {
    expect(new Set([50, 30, 15, 5].map(snrAdvice)).size).toBe(4);
  });
});
