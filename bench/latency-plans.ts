import {
  AUTOMATIC_BUFFER,
  createLatencyPlan,
  FULL_LATENCY_CHOICE,
  FULL_TIMING,
  type LatencyPlan,
  type LatencyPlanChoice,
  OPUS_CHUNKS,
  QUICK_LATENCY_CHOICE,
} from "../src/engine/latency-lab/latency-plan.ts";

/** Every chunk of the engine and the browser's track at 48 kHz: what the targets are about. */
const USUAL: LatencyPlanChoice = {
  paths: ["native-webrtc", "worklet", "worklet-suppression", "worklet-opus", "antiphon"],
  chunks: OPUS_CHUNKS,
  sampleRates: [48_000],
  buffers: [AUTOMATIC_BUFFER],
  withProcessing: true,
  timing: { settleSeconds: 5, chirpSeconds: 10, speechSeconds: 2 },
};

/** What buffers cost: 10 ms frames behind each of them. */
const BUFFERS: LatencyPlanChoice = {
  paths: ["native-webrtc", "antiphon"],
  chunks: [{ frameMs: 10 }],
  sampleRates: [48_000],
  buffers: [
    { jitterMs: 20, latencyHint: 0 },
    { jitterMs: 60, latencyHint: 0 },
    { jitterMs: "auto", latencyHint: "interactive" },
    { jitterMs: "auto", latencyHint: "balanced" },
  ],
  timing: FULL_TIMING,
};

/** Which cells a run has: a minute, the usual ones, or `--full` with every rate, raw quantum and buffer. */
export function latencyBenchPlan({ quick, full }: { readonly quick: boolean; readonly full: boolean }): LatencyPlan {
  if (quick) return createLatencyPlan(QUICK_LATENCY_CHOICE);
  if (!full) return createLatencyPlan(USUAL);
  const matrix = createLatencyPlan({
    ...FULL_LATENCY_CHOICE,
    timing: { settleSeconds: 3, chirpSeconds: 5, speechSeconds: 2 },
  });
  const buffers = createLatencyPlan(BUFFERS);
  return {
    ...matrix,
    cells: [...matrix.cells, ...buffers.cells],
    estimatedSeconds: matrix.estimatedSeconds + buffers.estimatedSeconds,
  };
}
