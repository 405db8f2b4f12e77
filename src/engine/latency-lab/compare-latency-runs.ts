import type { LatencyCell } from "./latency-cell.ts";
import type { LatencyRun } from "./latency-result.ts";

/** One cell in two runs. */
export type LatencyComparison = {
  readonly cell: LatencyCell;
  /** Medians, ms; undefined where that run did not measure the cell. */
  readonly beforeMs: number | undefined;
  readonly afterMs: number | undefined;
  /** After minus before, ms, and after as a share of before; undefined unless both measured it. */
  readonly differenceMs: number | undefined;
  readonly ratio: number | undefined;
};

/** Puts two runs side by side: every cell of either, in the order of `after`, then what only `before` has. */
export function compareLatencyRuns(before: LatencyRun, after: LatencyRun): readonly LatencyComparison[] {
  const earlier = medians(before);
  const later = medians(after);
  const cells = new Map<string, LatencyCell>();
  for (const { cell } of [...after.cells, ...before.cells]) if (!cells.has(cell.id)) cells.set(cell.id, cell);
  return [...cells.values()].map((cell) => {
    const beforeMs = earlier.get(cell.id);
    const afterMs = later.get(cell.id);
    const isBoth = beforeMs !== undefined && afterMs !== undefined;
    return {
      cell,
      beforeMs,
      afterMs,
      differenceMs: isBoth ? afterMs - beforeMs : undefined,
      ratio: isBoth ? afterMs / beforeMs : undefined,
    };
  });
}

function medians(run: LatencyRun): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const result of run.cells) {
    if (result.status === "measured" && result.delay !== undefined) found.set(result.cell.id, result.delay.p50);
  }
  return found;
}
