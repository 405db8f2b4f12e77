import type { EngineAssets } from "../engine-options.ts";
import type { LatencyCell } from "./latency-cell.ts";
import type { LatencyCellResult } from "./latency-result.ts";

/** What a cell is at. */
export type LatencyPhase = "opening" | "settling" | "chirps" | "speech" | "evaluating" | "done";

/** How far a run is. */
export type LatencyProgress = {
  /** The present cell, counted from 0, and its share that is done, 0…1. */
  readonly index: number;
  readonly cell: LatencyCell;
  readonly phase: LatencyPhase;
  readonly cellFraction: number;
  /** Share of the whole plan that is done, 0…1. */
  readonly fraction: number;
  /** Seconds still to go, from how long this run's cells really take. */
  readonly remainingSeconds: number;
  readonly isPaused: boolean;
  /** Everything that is finished, in the order of the plan: what a live table shows. */
  readonly results: readonly LatencyCellResult[];
};

/** How to run. */
export type LatencyRunOptions = {
  /** Cancels: the run resolves at once with what is done and `isComplete` false. */
  readonly signal?: AbortSignal;
  /** Called a few times a second and whenever a cell is finished. */
  readonly onProgress?: (progress: LatencyProgress) => void;
};

/** Files of the lab beside the engine's. */
export type LatencyLabAssets = EngineAssets & {
  readonly measurementRecorder: string;
  readonly latencyLabWorklet: string;
};
