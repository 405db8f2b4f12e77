import { toVoiceError } from "../voice-error.ts";
import { WasmFiles } from "../wasm-files.ts";
import { resolveLabAssets } from "./lab-assets.ts";
import type { LatencyCell } from "./latency-cell.ts";
import { type LatencyPlan, secondsPerCell } from "./latency-plan.ts";
import type { LatencyLabAssets, LatencyPhase, LatencyRunOptions } from "./latency-progress.ts";
import type { LatencyCellResult, LatencyEnvironment, LatencyRun } from "./latency-result.ts";
import { measureCell } from "./measure-cell.ts";

/** How often progress is told while nothing else happens, ms. */
const TICK_MS = 200;

/** What a run needs beside its plan. */
export type RunControl = LatencyRunOptions & {
  readonly assets: Partial<LatencyLabAssets>;
  readonly isPaused: () => boolean;
  /** Registers who is to be told when that changes. */
  readonly onPauseChange: (listener: () => void) => void;
};

/** Thrown through a cell that is given up. */
class GivenUp extends Error {}

/** Measures every cell of a plan. See LatencyLab.run. */
export async function runLatencyPlan(plan: LatencyPlan, control: RunControl): Promise<LatencyRun> {
  return new PlanRun(plan, control).run();
}

class PlanRun {
  readonly #plan: LatencyPlan;
  readonly #control: RunControl;
  readonly #results: LatencyCellResult[] = [];
  readonly #startedAt = new Date();
  readonly #start = performance.now();
  /** Called when the run is paused, resumed or cancelled. */
  readonly #listeners = new Set<() => void>();
  #index = 0;
  #phase: LatencyPhase = "opening";
  #fraction = 0;
  /** Measured seconds and number of the cells that took any. */
  #spent = 0;
  #measured = 0;

  constructor(plan: LatencyPlan, control: RunControl) {
    this.#plan = plan;
    this.#control = control;
    const tell = (): void => {
      for (const listener of [...this.#listeners]) listener();
    };
    control.onPauseChange(tell);
    control.signal?.addEventListener("abort", tell);
  }

  async run(): Promise<LatencyRun> {
    const { cells } = this.#plan;
    const assets = await resolveLabAssets(this.#control.assets);
    const files = new WasmFiles(assets);
    let outputLatencyMs = 0;
    while (this.#index < cells.length && !this.#isCancelled) {
      const cell = cells[this.#index];
      if (cell === undefined) break;
      await this.#unpaused();
      const result = await this.#measure(cell, assets, files);
      if (result === undefined) continue;
      if (result.status === "measured") outputLatencyMs = Math.max(outputLatencyMs, result.outputLatencyMs);
      this.#results.push(result);
      this.#tell("done", 1);
      this.#index += 1;
    }
    return {
      format: "antiphon-latency",
      version: 1,
      startedAt: this.#startedAt.toISOString(),
      durationSeconds: (performance.now() - this.#start) / 1_000,
      isComplete: this.#index === cells.length,
      environment: environment(outputLatencyMs),
      timing: this.#plan.timing,
      selfTestErrorMs: this.#selfTestErrorMs(),
      cells: this.#results,
    };
  }

  get #isCancelled(): boolean {
    return this.#control.signal?.aborted === true;
  }

  /** A cell's result; undefined when it was given up because of a pause or the end. */
  async #measure(
    cell: LatencyCell,
    assets: LatencyLabAssets,
    files: WasmFiles,
  ): Promise<LatencyCellResult | undefined> {
    if (this.#isCancelled) return undefined;
    const { timing, withEffects } = this.#plan;
    const start = performance.now();
    try {
      const result = await measureCell(cell, {
        assets,
        files,
        timing,
        withEffects,
        onPhase: (phase, fraction) => this.#tell(phase, fraction),
        wait: (seconds, phase, from, to) => this.#wait(seconds, phase, from, to),
      });
      if (this.#isCancelled || this.#control.isPaused()) return undefined;
      if (result.status === "measured") {
        this.#spent += (performance.now() - start) / 1_000;
        this.#measured += 1;
      }
      return result;
    } catch (error) {
      if (error instanceof GivenUp || this.#isCancelled) return undefined;
      return { status: "failed", cell, reason: toVoiceError(error, "worklet-failed", "Cannot measure").message };
    }
  }

  /** Waits inside a cell, telling the progress. Rejects as soon as the run is paused or cancelled. */
  #wait(seconds: number, phase: LatencyPhase, from: number, to: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = performance.now();
      const end = (): void => {
        clearInterval(tick);
        clearTimeout(timeout);
        this.#listeners.delete(check);
      };
      const check = (): void => {
        if (!this.#isCancelled && !this.#control.isPaused()) return;
        end();
        reject(new GivenUp());
      };
      const tick = setInterval(() => {
        const done = Math.min(1, (performance.now() - start) / (1_000 * seconds));
        this.#tell(phase, from + done * (to - from));
      }, TICK_MS);
      const timeout = setTimeout(() => {
        end();
        resolve();
      }, seconds * 1_000);
      this.#listeners.add(check);
      this.#tell(phase, from);
      check();
    });
  }

  async #unpaused(): Promise<void> {
    while (this.#control.isPaused() && !this.#isCancelled) {
      this.#tell("opening", 0);
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
      });
    }
  }

  #tell(phase: LatencyPhase, cellFraction: number): void {
    this.#phase = phase;
    this.#fraction = cellFraction;
    const { cells, timing, withEffects } = this.#plan;
    const cell = cells[this.#index];
    if (cell === undefined) return;
    const perCell = this.#measured === 0 ? secondsPerCell(timing, withEffects) : this.#spent / this.#measured;
    const left = cells.length - this.#index - this.#fraction;
    this.#control.onProgress?.({
      index: this.#index,
      cell,
      phase: this.#phase,
      cellFraction,
      fraction: (this.#index + cellFraction) / cells.length,
      remainingSeconds: left * perCell,
      isPaused: this.#control.isPaused(),
      results: [...this.#results],
    });
  }

  #selfTestErrorMs(): number | undefined {
    const errors = this.#results.flatMap((result) => (result.status === "measured" ? [result.selfTestErrorMs] : []));
    return errors.length === 0 ? undefined : Math.max(...errors);
  }
}

function environment(outputLatencyMs: number): LatencyEnvironment {
  const { userAgent, hardwareConcurrency, platform } = navigator;
  return {
    userAgent,
    platform,
    processors: hardwareConcurrency,
    isCrossOriginIsolated: globalThis.crossOriginIsolated === true,
    outputLatencyMs,
  };
}
