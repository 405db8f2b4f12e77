import { describe, expect, it } from "vitest";
import { chunkMs } from "../../../src/engine/latency-lab/latency-cell.ts";
import {
  AUTOMATIC_BUFFER,
  createLatencyPlan,
  FULL_LATENCY_CHOICE,
  LATENCY_SAMPLE_RATES,
  OPUS_CHUNKS,
  QUANTUM_CHUNKS,
  QUICK_LATENCY_CHOICE,
} from "../../../src/engine/latency-lab/latency-plan.ts";

describe("a latency plan", () => {
  it("lists every combination once", () => {
    const { cells } = createLatencyPlan(FULL_LATENCY_CHOICE);
    const rates = LATENCY_SAMPLE_RATES.length;
    const [opus, quanta] = [OPUS_CHUNKS.length, QUANTUM_CHUNKS.length];
    // The track once a rate; two paths with all chunks; two with Opus frames; the engine with processing at one rate.
    expect(cells).toHaveLength(rates + 2 * rates * (opus + quanta) + 2 * rates * opus + opus);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  });

  it("asks no raw quanta of paths that carry Opus frames", () => {
    const { cells } = createLatencyPlan({ ...FULL_LATENCY_CHOICE, chunks: QUANTUM_CHUNKS });
    expect(new Set(cells.map(({ path }) => path))).toEqual(
      new Set(["native-webrtc", "worklet", "worklet-suppression"]),
    );
  });

  it("estimates its own length, under a minute for the quick one", () => {
    const quick = createLatencyPlan(QUICK_LATENCY_CHOICE);
    expect(quick.estimatedSeconds).toBeGreaterThan(quick.cells.length * 5);
    expect(createLatencyPlan({ ...QUICK_LATENCY_CHOICE, chunks: [{ frameMs: 10 }] }).estimatedSeconds).toBeLessThan(
      quick.estimatedSeconds,
    );
    expect(quick.estimatedSeconds).toBeLessThan(60);
  });

  it("counts a quantum in the time of its own rate", () => {
    expect(chunkMs({ chunk: { quantumFrames: 128 }, sampleRate: 16_000 })).toBe(8);
    expect(chunkMs({ chunk: { frameMs: 2.5 }, sampleRate: 16_000 })).toBe(2.5);
  });

  it("names a cell the same in every run", () => {
    const [first] = createLatencyPlan({
      paths: ["antiphon"],
      chunks: [{ frameMs: 10 }],
      sampleRates: [44_100],
      buffers: [AUTOMATIC_BUFFER],
    }).cells;
    expect(first?.id).toBe("antiphon/10ms/44100/auto/0/bare");
  });
});
