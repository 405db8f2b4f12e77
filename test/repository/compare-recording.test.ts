import { describe, expect, it } from "vitest";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";
import { compareRecording } from "../support/compare-recording.ts";

const sampleRate = 16_000;
const source = createSpeechLikeSignal({ sampleRate, seconds: 12, seed: 3 });

/** The source as a receiver would record it: from its third second, later by `lagMs`, at another level. */
function recordingOf(lagMs: number, change: (recording: Float32Array) => void = () => {}): Float32Array {
  const skipped = 2 * sampleRate;
  const lag = Math.round((lagMs / 1_000) * sampleRate);
  const recording = new Float32Array(source.length - skipped + lag);
  for (let n = 0; n < recording.length - lag; n++) recording[n + lag] = 0.5 * (source[n + skipped] ?? 0);
  change(recording);
  return recording;
}

/** Start of a loud stretch of the recording of at least 60 ms. */
function loudPlace(recording: Float32Array): number {
  const length = Math.round(0.06 * sampleRate);
  for (let at = 4 * sampleRate; at < recording.length; at += length / 4) {
    const stretch = recording.subarray(at, at + length);
    if (stretch.every((_, n) => n % 80 !== 0 || stretch.subarray(n, n + 80).some((x) => Math.abs(x) > 0.03))) return at;
  }
  throw new Error("No loud stretch in the recording");
}

describe("comparing a recording with its source", () => {
  it("finds a perfect recording perfect, whatever its level, start and delay", () => {
    const result = compareRecording({ sampleRate, source, recording: recordingOf(137) });
    expect(result.segments).toBeGreaterThan(6);
    expect(result.lowestCorrelation).toBeGreaterThan(0.99);
    expect(result.levelCorrelation).toBeGreaterThan(0.98);
    expect(result.longestGapMs).toBe(0);
  });

  it("measures a gap in speech", () => {
    const recording = recordingOf(40, (samples) => samples.fill(0, loudPlace(samples), loudPlace(samples) + 640));
    const result = compareRecording({ sampleRate, source, recording });
    expect(result.longestGapMs).toBeGreaterThanOrEqual(30);
    expect(result.longestGapMs).toBeLessThanOrEqual(45);
  });

  it("does not take the talker's own pauses for gaps", () => {
    const quiet = createSpeechLikeSignal({ sampleRate, seconds: 12, seed: 3, pauseShare: 0.6 });
    const result = compareRecording({ sampleRate, source: quiet, recording: quiet.slice() });
    expect(result.longestGapMs).toBe(0);
  });

  it("gives a recording of something else a low correlation", () => {
    const recording = createSpeechLikeSignal({ sampleRate, seconds: 12, seed: 98 });
    const result = compareRecording({ sampleRate, source, recording });
    expect(result.medianCorrelation).toBeLessThan(0.5);
    expect(result.levelCorrelation).toBeLessThan(0.5);
  });

  it("throws for a recording of silence", () => {
    const recording = new Float32Array(12 * sampleRate);
    expect(() => compareRecording({ sampleRate, source, recording })).toThrow(/best correlation/);
  });
});
