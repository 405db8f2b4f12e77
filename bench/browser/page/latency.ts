import { LatencyLab } from "../../../src/engine/latency-lab/latency-lab.ts";
import type { LatencyPlan } from "../../../src/engine/latency-lab/latency-plan.ts";
import type { LatencyCellResult, LatencyRun } from "../../../src/engine/latency-lab/latency-result.ts";

/** What the bench gives the page. */
type Reporter = {
  readonly reportCell: (result: LatencyCellResult, environment: LatencyRun["environment"], remaining: number) => void;
};

const end = new AbortController();

/** Runs a plan in this page; the bench is told of every cell that is finished. */
async function runLatencyPlan(plan: LatencyPlan): Promise<void> {
  const { reportCell } = globalThis as unknown as Reporter;
  let outputLatencyMs = 0;
  await new LatencyLab().run(plan, {
    signal: end.signal,
    onProgress: ({ phase, results, remainingSeconds }) => {
      const result = results.at(-1);
      if (phase !== "done" || result === undefined) return;
      if (result.status === "measured") outputLatencyMs = Math.max(outputLatencyMs, result.outputLatencyMs);
      const { userAgent, platform, hardwareConcurrency: processors } = navigator;
      const isCrossOriginIsolated = globalThis.crossOriginIsolated;
      reportCell(result, { userAgent, platform, processors, isCrossOriginIsolated, outputLatencyMs }, remainingSeconds);
    },
  });
}

Object.assign(globalThis, { runLatencyPlan, endLatencyPlan: () => end.abort() });
