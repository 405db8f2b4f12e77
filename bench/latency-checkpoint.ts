import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { exportLatencyRun } from "../src/engine/latency-lab/export-latency-run.ts";
import type { LatencyCell } from "../src/engine/latency-lab/latency-cell.ts";
import type { LatencyPlan } from "../src/engine/latency-lab/latency-plan.ts";
import type { LatencyCellResult, LatencyRun } from "../src/engine/latency-lab/latency-result.ts";
import { parseLatencyRun } from "../src/engine/latency-lab/parse-latency-run.ts";

/**
 * A run that outlives whatever ends it: every finished cell is in the file at once, and the next run of the same plan with the same
 * file goes on where this one stopped; a complete one is only reported. Without a file it only gathers.
 */
export class LatencyCheckpoint {
  readonly #file: string | undefined;
  readonly #plan: LatencyPlan;
  readonly #before: LatencyRun | undefined;
  readonly #results = new Map<string, LatencyCellResult>();
  readonly #startedAt = new Date().toISOString();
  readonly #start = performance.now();
  #environment: LatencyRun["environment"] | undefined;

  /**
   * Reads what an earlier run has left in `file`. Cells that failed are measured anew.
   *
   * @throws RangeError when the file holds something else, or a run of another length per cell
   */
  constructor(plan: LatencyPlan, file: string | undefined) {
    this.#plan = plan;
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    const before = parseLatencyRun(readFileSync(file, "utf8"));
    if (JSON.stringify(before.timing) !== JSON.stringify(plan.timing)) {
      throw new RangeError(`Cannot go on with ${file}: its cells were measured for another time. Choose another file`);
    }
    this.#before = before;
    this.#environment = before.environment;
    for (const result of before.cells) if (result.status !== "failed") this.#results.set(result.cell.id, result);
  }

  /** What is still to be measured. */
  get remaining(): LatencyPlan {
    const cells = this.#plan.cells.filter(({ id }) => !this.#results.has(id));
    const share = this.#plan.cells.length === 0 ? 0 : cells.length / this.#plan.cells.length;
    return { ...this.#plan, cells, estimatedSeconds: this.#plan.estimatedSeconds * share };
  }

  /** Keeps the result of a cell, in the file too. */
  add(result: LatencyCellResult, environment: LatencyRun["environment"]): void {
    this.#results.set(result.cell.id, result);
    this.#environment = environment;
    this.#write();
  }

  /** Everything so far as one run, in the order of the plan. Undefined before the first cell. */
  get run(): LatencyRun | undefined {
    const environment = this.#environment;
    if (environment === undefined) return undefined;
    const cells = this.#plan.cells.flatMap((cell: LatencyCell) => this.#results.get(cell.id) ?? []);
    const errors = cells.flatMap((result) => (result.status === "measured" ? [result.selfTestErrorMs] : []));
    return {
      format: "antiphon-latency",
      version: 1,
      startedAt: this.#before?.startedAt ?? this.#startedAt,
      durationSeconds: (this.#before?.durationSeconds ?? 0) + (performance.now() - this.#start) / 1_000,
      isComplete: cells.length === this.#plan.cells.length,
      environment,
      timing: this.#plan.timing,
      selfTestErrorMs: errors.length === 0 ? undefined : Math.max(...errors),
      cells,
    };
  }

  #write(): void {
    const { run } = this;
    if (this.#file === undefined || run === undefined) return;
    // Written aside and renamed, so that there is a whole document at any moment.
    writeFileSync(`${this.#file}.part`, exportLatencyRun(run, "json"));
    renameSync(`${this.#file}.part`, this.#file);
  }
}
