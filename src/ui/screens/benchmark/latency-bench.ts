import {
  createLatencyPlan,
  type LatencyCellResult,
  LatencyLab,
  type LatencyPlan,
  type LatencyProgress,
  type LatencyRun,
  parseLatencyRun,
  TypedEventTarget,
} from "../../../engine/index.ts";
import { notices } from "../../controllers/notices.ts";
import { LatencyRunStore } from "./latency-run-store.ts";

/** What the bench is doing. `waiting`: the tab is hidden, where timers and audio are throttled; it goes on by itself. */
export type BenchState = "idle" | "running" | "paused" | "waiting";

/** Results as they stand: of a finished run, or of the one under way. */
export type ShownResults = {
  readonly cells: LatencyPlan["cells"];
  readonly results: readonly LatencyCellResult[];
  readonly run: LatencyRun | undefined;
};

/** The page's one latency bench: runs plans, keeps what they measured, and survives a change of screen. */
export class LatencyBench extends TypedEventTarget<{ change: object }> {
  readonly #lab = new LatencyLab();
  readonly #store = new LatencyRunStore();
  #state: BenchState = "idle";
  #plan: LatencyPlan | undefined;
  #progress: LatencyProgress | undefined;
  #runs: readonly LatencyRun[] = [];
  #shown: LatencyRun | undefined;
  #compared: LatencyRun | undefined;
  #abort: AbortController | undefined;

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => this.#followVisibility());
  }

  get state(): BenchState {
    return this.#state;
  }

  get isBusy(): boolean {
    return this.#state !== "idle";
  }

  /** How far the run under way is; undefined before its first report and between runs. */
  get progress(): LatencyProgress | undefined {
    return this.#progress;
  }

  /** Kept runs, the newest first. */
  get runs(): readonly LatencyRun[] {
    return this.#runs;
  }

  /** What the table shows; undefined before the first run. */
  get shown(): ShownResults | undefined {
    if (this.#plan !== undefined) {
      return { cells: this.#plan.cells, results: this.#progress?.results ?? [], run: undefined };
    }
    const run = this.#shown;
    return run === undefined ? undefined : { cells: run.cells.map(({ cell }) => cell), results: run.cells, run };
  }

  /** The run that the shown one is compared with. */
  get compared(): LatencyRun | undefined {
    return this.#compared;
  }

  /** Reads the kept runs. */
  async load(): Promise<void> {
    try {
      this.#runs = await this.#store.list();
      this.#shown ??= this.#runs[0];
      this.emit("change", {});
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      notices.show("This browser keeps no results: storage is blocked. Export what you want to keep.", {
        tone: "warn",
      });
    }
  }

  /** Measures a plan to its end, or until `cancel`. What was measured until then is kept. */
  async run(choice: Parameters<typeof createLatencyPlan>[0]): Promise<void> {
    if (this.isBusy) return;
    this.#plan = createLatencyPlan(choice);
    this.#abort = new AbortController();
    this.#setState(document.hidden ? "waiting" : "running");
    if (document.hidden) this.#lab.pause();
    try {
      const run = await this.#lab.run(this.#plan, {
        signal: this.#abort.signal,
        onProgress: (progress) => {
          this.#progress = progress;
          this.emit("change", {});
        },
      });
      if (run.cells.length > 0) await this.#keep(run);
    } catch (error) {
      notices.show(`The benchmark has stopped: ${error instanceof Error ? error.message : String(error)}`, {
        tone: "bad",
      });
    } finally {
      this.#lab.resume();
      this.#plan = undefined;
      this.#progress = undefined;
      this.#setState("idle");
    }
  }

  pause(): void {
    if (this.#state !== "running") return;
    this.#lab.pause();
    this.#setState("paused");
  }

  resume(): void {
    if (this.#state !== "paused") return;
    this.#lab.resume();
    this.#setState("running");
  }

  /** Ends the run; what was measured stays. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** Shows a kept run; the comparison ends when it is the same. */
  show(startedAt: string): void {
    this.#shown = this.#runs.find((run) => run.startedAt === startedAt) ?? this.#shown;
    if (this.#compared?.startedAt === this.#shown?.startedAt) this.#compared = undefined;
    this.emit("change", {});
  }

  /** Compares the shown run with another, or with none. */
  compareWith(startedAt: string | undefined): void {
    this.#compared = this.#runs.find((run) => run.startedAt === startedAt);
    this.emit("change", {});
  }

  /** Forgets the shown run; the notice takes it back. */
  async remove(): Promise<void> {
    const run = this.#shown;
    if (run === undefined) return;
    await this.#store.remove(run.startedAt);
    this.#runs = this.#runs.filter(({ startedAt }) => startedAt !== run.startedAt);
    this.#shown = this.#runs[0];
    this.#compared = undefined;
    this.emit("change", {});
    notices.show("Results deleted.", { action: { label: "Undo", run: () => void this.#keep(run) } });
  }

  /** Takes a run from the text of an exported file. Throws RangeError that says what is wrong with it. */
  async import(text: string): Promise<void> {
    await this.#keep(parseLatencyRun(text));
  }

  async #keep(run: LatencyRun): Promise<void> {
    this.#shown = run;
    this.#runs = [run, ...this.#runs.filter(({ startedAt }) => startedAt !== run.startedAt)].sort((a, b) =>
      b.startedAt.localeCompare(a.startedAt),
    );
    this.emit("change", {});
    try {
      await this.#store.add(run);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      notices.show("The results could not be stored: export them to keep them.", { tone: "warn" });
    }
  }

  #followVisibility(): void {
    if (document.hidden && this.#state === "running") {
      this.#lab.pause();
      this.#setState("waiting");
    } else if (!document.hidden && this.#state === "waiting") {
      this.#lab.resume();
      this.#setState("running");
    }
  }

  #setState(state: BenchState): void {
    this.#state = state;
    this.emit("change", {});
  }
}

/** The page's one latency bench. */
export const latencyBench = new LatencyBench();
