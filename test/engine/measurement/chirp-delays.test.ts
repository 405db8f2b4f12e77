import { describe, expect, it } from "vitest";
import { createChirp } from "../../../src/engine/measurement/chirp.ts";
import { measureChirpDelays } from "../../../src/engine/measurement/chirp-delays.ts";

const SAMPLE_RATE = 48_000;

/** A train of chirps, band-limited and delayed by any number of samples: the chirp formula itself, shifted. */
function train(seconds: number, delaySamples: number, options: { gain?: number; without?: ReadonlySet<number> } = {}) {
  const signal = new Float32Array(seconds * SAMPLE_RATE);
  const chirp = createChirp({ sampleRate: SAMPLE_RATE });
  for (let index = 0; index < seconds * 2; index++) {
    if (options.without?.has(index)) continue;
    const onset = 4_800 + index * 24_000 + delaySamples;
    for (let n = 0; n < chirp.length && onset + n < signal.length; n++) {
      signal[Math.ceil(onset) + n] = (options.gain ?? 1) * shifted(chirp, n + Math.ceil(onset) - onset);
    }
  }
  return signal;
}

/** Band-limited value of a waveform between its samples. */
function shifted(waveform: Float32Array, position: number): number {
  let sum = 0;
  const centre = Math.round(position);
  for (let n = centre - 32; n <= centre + 32; n++) {
    const x = position - n;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    sum += (waveform[n] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / 33));
  }
  return sum;
}

describe("chirp delays", () => {
  it.each([0, 1, 120, 600, 2_880, 14_400])(
    "reads back a delay of %d samples within a hundredth of a sample",
    (delay) => {
      const result = measureChirpDelays({ sampleRate: SAMPLE_RATE, sent: train(5, 0), received: train(5, delay) });
      expect(result.sent).toBeGreaterThanOrEqual(8);
      expect(result.lost).toBe(0);
      for (const ms of result.delaysMs) expect(ms * 48).toBeCloseTo(delay, 2);
    },
  );

  it("reads back a delay between samples within 0.005 ms", () => {
    const result = measureChirpDelays({ sampleRate: SAMPLE_RATE, sent: train(5, 0), received: train(5, 480.37) });
    for (const ms of result.delaysMs) expect(Math.abs(ms - 480.37 / 48)).toBeLessThan(0.005);
  });

  it("finds a chirp 40 dB down under noise 10 dB below it", () => {
    const received = train(5, 1_000, { gain: 0.01 });
    let state = 1;
    for (let n = 0; n < received.length; n++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      received[n] = (received[n] ?? 0) + 0.001 * (state / 2 ** 31 - 1);
    }
    const result = measureChirpDelays({ sampleRate: SAMPLE_RATE, sent: train(5, 0), received });
    expect(result.lost).toBe(0);
    for (const ms of result.delaysMs) expect(Math.abs(ms - 1_000 / 48)).toBeLessThan(0.05);
  });

  it("counts chirps that do not arrive as lost, and does not take a neighbour for them", () => {
    const received = train(5, 480, { without: new Set([2, 3]) });
    const result = measureChirpDelays({ sampleRate: SAMPLE_RATE, sent: train(5, 0), received });
    expect(result.lost).toBe(2);
    expect(result.delaysMs).toHaveLength(result.sent - 2);
  });

  it("finds nothing in silence", () => {
    const silence = new Float32Array(5 * SAMPLE_RATE);
    const nothing = measureChirpDelays({ sampleRate: SAMPLE_RATE, sent: silence, received: silence });
    expect(nothing).toEqual({ delaysMs: [], sent: 0, lost: 0 });
    const lost = measureChirpDelays({ sampleRate: SAMPLE_RATE, sent: train(5, 0), received: silence });
    expect(lost.delaysMs).toEqual([]);
    expect(lost.lost).toBe(lost.sent);
  });

  it.each([8_000, 16_000, 44_100, 96_000])("works at %d Hz", (sampleRate) => {
    const chirp = createChirp({ sampleRate });
    const sent = new Float32Array(sampleRate * 3);
    const received = new Float32Array(sampleRate * 3);
    const delay = Math.round(0.03 * sampleRate);
    for (let at = 0; at + sampleRate / 2 < sent.length; at += sampleRate / 2) {
      sent.set(chirp, at);
      received.set(chirp, at + delay);
    }
    const result = measureChirpDelays({ sampleRate, sent, received });
    expect(result.lost).toBe(0);
    for (const ms of result.delaysMs) expect(ms).toBeCloseTo((delay / sampleRate) * 1_000, 3);
  });
});
