import {
  AUTOMATIC_BUFFER,
  FULL_LATENCY_CHOICE,
  FULL_TIMING,
  LATENCY_PATHS,
  LATENCY_SAMPLE_RATES,
  type LatencyBuffer,
  type LatencyChunk,
  type LatencyPlanChoice,
  OPUS_CHUNKS,
  QUANTUM_CHUNKS,
  QUICK_LATENCY_CHOICE,
  QUICK_TIMING,
} from "../../../engine/index.ts";

/** How much is measured. */
export type PlanKind = "quick" | "full" | "custom";

/** Buffers that can be tried beside the automatic one. */
export const BUFFER_CHOICES: readonly LatencyBuffer[] = [
  AUTOMATIC_BUFFER,
  { jitterMs: 5, latencyHint: 0 },
  { jitterMs: 20, latencyHint: 0 },
  { jitterMs: 60, latencyHint: 0 },
  { jitterMs: "auto", latencyHint: "interactive" },
];

/** Everything a custom plan can hold, as one list per dimension. */
export const PLAN_DIMENSIONS = {
  paths: LATENCY_PATHS,
  chunks: [...OPUS_CHUNKS, ...QUANTUM_CHUNKS] as readonly LatencyChunk[],
  sampleRates: LATENCY_SAMPLE_RATES,
  buffers: BUFFER_CHOICES,
} as const;

/** What a custom plan starts from: the engine and the browser's track over all frame lengths at 48 kHz. */
export const FIRST_CUSTOM_CHOICE: LatencyPlanChoice = {
  paths: ["antiphon", "native-webrtc"],
  chunks: OPUS_CHUNKS,
  sampleRates: [48_000],
  buffers: [AUTOMATIC_BUFFER],
  withProcessing: false,
  withEffects: true,
  timing: QUICK_TIMING,
};

/** The choice behind a kind of plan. */
export function choiceOf(kind: PlanKind, custom: LatencyPlanChoice): LatencyPlanChoice {
  switch (kind) {
    case "quick":
      return QUICK_LATENCY_CHOICE;
    case "full":
      return FULL_LATENCY_CHOICE;
    case "custom":
      return custom;
  }
}

/** Whether a choice measures long enough for figures to be quoted. */
export function isThorough({ timing }: LatencyPlanChoice): boolean {
  return timing === undefined || timing.chirpSeconds >= FULL_TIMING.chirpSeconds;
}
