import { type CaptureStage, silentCaptureLevels } from "../../../engine/index.ts";
import type { LevelSources } from "../../controllers/level-sources.ts";
import type { LevelSource } from "../../parts/meter-ballistics.ts";
import type { StageName } from "./control-description.ts";

/** What the instruments of one card read; undefined where the stage has no such figure. Allocation-free when called. */
export type StageReadings = {
  readonly before: LevelSource | undefined;
  readonly after: LevelSource | undefined;
  readonly gain: { readonly label: string; readonly read: () => number } | undefined;
};

/** The stage of the engine's chain behind each card; the output is no part of it. */
export const captureStages: Readonly<Record<Exclude<StageName, "output">, CaptureStage>> = {
  input: "trim",
  "high-pass": "highPass",
  suppressor: "suppressor",
  activation: "activation",
  leveler: "leveler",
  limiter: "limiter",
  encoder: "encoder",
};

/** The readings of a stage. */
export function stageReadings(stage: StageName, sources: LevelSources): StageReadings {
  if (stage === "output") {
    const gain = { label: "Limiter", read: () => sources.outputGainReduction() };
    return { before: undefined, after: sources.output, gain };
  }
  const name = captureStages[stage];
  const after = stage === "encoder" ? undefined : sources.after(name);
  return { before: sources.before(name), after, gain: gainOf(stage, sources) };
}

function gainOf(stage: StageName, sources: LevelSources): StageReadings["gain"] {
  const levels = silentCaptureLevels();
  const reading = (label: string, pick: () => number): StageReadings["gain"] => ({
    label,
    read: () => {
      sources.readCapture(levels);
      return pick();
    },
  });
  switch (stage) {
    case "suppressor":
      // The two levels are of different blocks for a moment when a sound sets in.
      return reading("Suppression", () => Math.min(0, levels.suppressionDb));
    case "leveler":
      return reading("Gain", () => levels.levelerGainDb);
    case "limiter":
      return reading("Reduction", () => levels.gainReductionDb);
    default:
      return undefined;
  }
}
