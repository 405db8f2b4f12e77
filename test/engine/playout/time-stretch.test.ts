import { describe, expect, it } from "vitest";
import { FractionalResampler, RESAMPLER_LATENCY } from "../../../src/engine/playout/fractional-resampler.ts";
import { joinFrame } from "../../../src/engine/playout/join-frame.ts";
import { SAMPLE_KIND, SyncBuffer } from "../../../src/engine/playout/sync-buffer.ts";
import { TimeStretch } from "../../../src/engine/playout/time-stretch.ts";
import { findClicks } from "../../support/find-clicks.ts";

/** A voice at 125 Hz: three harmonics. */
function voice(i: number): number {
  const phase = (2 * Math.PI * 125 * i) / 48_000;
  return 0.2 * Math.sin(phase) + 0.1 * Math.sin(2 * phase) + 0.05 * Math.sin(3 * phase);
}

function bufferOf(frames: number, signal: (i: number) => number): SyncBuffer {
  const buffer = new SyncBuffer(1);
  const at = buffer.reserve(frames);
  for (let i = 0; i < frames; i++) buffer.left[at + i] = signal(i);
  buffer.commit(frames, SAMPLE_KIND.audio);
  return buffer;
}

function content(buffer: SyncBuffer): Float32Array {
  return buffer.left.slice(buffer.readPosition, buffer.writePosition);
}

describe("time-stretch", () => {
  it("repeats whole pitch periods of a voice without a break", () => {
    const buffer = bufferOf(2_400, voice);
    const inserted = new TimeStretch().expand(buffer, false, 90);
    expect(Math.abs(inserted / 384 - Math.round(inserted / 384))).toBeLessThan(0.02);
    expect(buffer.future).toBe(2_400 + inserted);
    expect(findClicks(content(buffer), 0.005)).toEqual([]);
  });

  it("removes whole pitch periods of a voice without a break", () => {
    const buffer = bufferOf(2_400, voice);
    const removed = new TimeStretch().accelerate(buffer, buffer.readPosition, false, 90, 720);
    expect(Math.abs(removed / 384 - Math.round(removed / 384))).toBeLessThan(0.02);
    expect(buffer.future).toBe(2_400 - removed);
    expect(findClicks(content(buffer), 0.005)).toEqual([]);
  });

  it("removes little more than there is too much", () => {
    const buffer = bufferOf(2_400, (i) => voice(i * 2.5));
    const removed = new TimeStretch().accelerate(buffer, buffer.readPosition, false, 50, 200);
    expect(removed).toBeGreaterThan(0);
    expect(removed).toBeLessThanOrEqual(320);
  });

  it("leaves a signal without a period alone", () => {
    let state = 1;
    const buffer = bufferOf(2_400, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
      return state / 2 ** 33;
    });
    expect(new TimeStretch().accelerate(buffer, buffer.readPosition, false, 85, 720)).toBe(0);
    expect(buffer.future).toBe(2_400);
  });
});

describe("joining a frame", () => {
  it("finds the place where the waveforms match, whatever their phase", () => {
    for (let phase = 0; phase < 384; phase += 31) {
      const buffer = bufferOf(1_200, voice);
      const at = buffer.reserve(960);
      for (let i = 0; i < 960; i++) buffer.left[at + i] = voice(i + phase);
      const position = joinFrame(buffer, 960, 0, 1_200);
      expect(position).toBeLessThan(at);
      expect(findClicks(content(buffer), 0.005), `phase ${phase}`).toEqual([]);
      expect(buffer.writePosition).toBe(position + 960);
    }
  });
});

describe("the fractional resampler", () => {
  it("copies at a ratio of one, delayed by its latency", () => {
    const input = Float32Array.from({ length: 400 }, (_, i) => voice(i));
    const output = new Float32Array(128);
    const resampler = new FractionalResampler();
    resampler.process(input, 100, output, 0, 128);
    expect(output[0]).toBe(input[100 - RESAMPLER_LATENCY]);
    expect(resampler.consumed(128)).toBe(128);
  });

  it("keeps a tone a tone while the ratio moves, and consumes as many samples as it says", () => {
    const input = Float32Array.from({ length: 60_000 }, (_, i) => Math.sin((2 * Math.PI * 1_000 * i) / 48_000));
    const resampler = new FractionalResampler();
    const output = new Float32Array(128);
    const all: number[] = [];
    let position = 100;
    for (let block = 0; block < 400; block++) {
      resampler.setStep(1 + (block / 400) * 1e-3);
      resampler.process(input, position, output, 0, 128);
      position += resampler.consumed(128);
      resampler.advance(128);
      all.push(...output);
    }
    expect(position - 100 - 400 * 128).toBeGreaterThan(20);
    expect(position - 100 - 400 * 128).toBeLessThan(30);
    expect(findClicks(all, 0.001)).toEqual([]);
    expect(Math.max(...all)).toBeLessThan(1.001);
  });
});
