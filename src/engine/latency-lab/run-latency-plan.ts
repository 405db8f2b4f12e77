import type { LatencyPlan } from "./latency-plan.ts";
import type { LatencyLabAssets, LatencyRunOptions } from "./latency-progress.ts";
import type { LatencyRun } from "./latency-result.ts";

/** What a run needs beside its plan. */
export type RunEnvironment = LatencyRunOptions & {
  readonly assets: Partial<LatencyLabAssets>;
  readonly isPaused: () => boolean;
  readonly onPauseChange: (listener: () => void) => void;
};

export async function runLatencyPlan(_plan: LatencyPlan, _environment: RunEnvironment): Promise<LatencyRun> {
  throw new Error("not yet");
}
