import type { VoiceEngine } from "../../../engine/index.ts";
import type { LevelSources } from "../../controllers/level-sources.ts";
import type { StageName } from "./control-description.ts";
import { captureStages } from "./stage-readings.ts";

/** What a stage costs; undefined while unknown. */
export type StageCost = {
  readonly addedMs: number | undefined;
  /** Share of one processor core, 0…100. */
  readonly cpuPercent: number | undefined;
};

/** Readings that a share of the processor looks back over: at two a second, five seconds. */
const READINGS = 10;

type Reading = { readonly at: number; readonly costMs: number };

/** Turns the counters of one stage into its cost at present. One reader per card: it remembers the readings before. */
export class StageCostReader {
  #history: readonly Reading[] = [];

  /** Takes a reading at time `now`, ms. */
  read(stage: StageName | undefined, source: CostSource, now: number): StageCost {
    const { levels, engine } = source;
    if (stage === undefined || stage === "output" || engine?.microphone === undefined) {
      this.#history = [];
      return { addedMs: undefined, cpuPercent: undefined };
    }
    const { latencyMs, costMs } = levels.readStage(captureStages[stage]);
    const [oldest] = this.#history;
    this.#history = [...this.#history.slice(1 - READINGS), { at: now, costMs }];
    const cpuPercent = oldest === undefined ? undefined : (100 * (costMs - oldest.costMs)) / (now - oldest.at);
    return {
      addedMs: round(latencyMs + (stage === "encoder" ? (engine.microphone.stats()?.frameMs ?? 0) : 0)),
      cpuPercent: cpuPercent === undefined || cpuPercent < 0 ? undefined : round(cpuPercent),
    };
  }
}

/** Where the counters come from. */
export type CostSource = { readonly levels: LevelSources; readonly engine: VoiceEngine | undefined };

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
