import type { LatencyPlan } from "./latency-plan.ts";
import type { LatencyLabAssets, LatencyRunOptions } from "./latency-progress.ts";
import type { LatencyRun } from "./latency-result.ts";

/**
 * Measures latency on this machine: one cell after the other, each in an AudioContext of its own, as in README.md. Needs a user's
 * click before, like every AudioContext. Main thread; its implementation is loaded with the first run.
 */
export class LatencyLab {
  readonly #assets: Partial<LatencyLabAssets>;
  #isPaused = false;
  #isRunning = false;
  #onPauseChange: (() => void) | undefined;

  constructor(assets: Partial<LatencyLabAssets> = {}) {
    this.#assets = assets;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Stops before the next sample: the present cell is given up and measured anew after `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#onPauseChange?.();
  }

  /** Goes on. */
  resume(): void {
    this.#isPaused = false;
    this.#onPauseChange?.();
  }

  /**
   * Measures every cell of a plan. A cell that fails is part of the result and does not end the run.
   *
   * @throws Error when a run is under way already
   */
  async run(plan: LatencyPlan, options: LatencyRunOptions = {}): Promise<LatencyRun> {
    if (this.#isRunning) throw new Error("Cannot start a latency run: one is under way already");
    this.#isRunning = true;
    try {
      const { runLatencyPlan } = await import("./run-latency-plan.ts");
      return await runLatencyPlan(plan, {
        ...options,
        assets: this.#assets,
        isPaused: () => this.#isPaused,
        onPauseChange: (listener) => {
          this.#onPauseChange = listener;
        },
      });
    } finally {
      this.#isRunning = false;
      this.#onPauseChange = undefined;
    }
  }
}
