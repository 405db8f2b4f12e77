import { LatencyLab } from "../../../src/engine/latency-lab/latency-lab.ts";
import type { LatencyPlan } from "../../../src/engine/latency-lab/latency-plan.ts";
import type { LatencyRun } from "../../../src/engine/latency-lab/latency-result.ts";

type Reporter = { readonly reportProgress?: (message: string) => void };

/** Runs a plan in this page; the bench is told of every cell that is finished. */
async function runLatencyPlan(plan: LatencyPlan): Promise<LatencyRun> {
  const { reportProgress } = globalThis as Reporter;
  return new LatencyLab().run(plan, {
    onProgress: ({ phase, index, cell, results, remainingSeconds }) => {
      if (phase !== "done") return;
      const result = results.at(-1);
      const outcome =
        result?.status === "measured"
          ? `p50 ${result.delay?.p50.toFixed(1) ?? "–"} ms`
          : `${result?.status}: ${result?.reason}`;
      const left = `${Math.round(remainingSeconds)} s left`;
      reportProgress?.(`${index + 1} of ${plan.cells.length}: ${cell.id}: ${outcome}, ${left}`);
    },
  });
}

Object.assign(globalThis, { runLatencyPlan });
