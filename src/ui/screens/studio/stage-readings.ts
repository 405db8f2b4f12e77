import { silentCaptureLevels } from "../../../engine/index.ts";
import type { LevelSources } from "../../controllers/level-sources.ts";
import type { LevelReading, LevelSource } from "../../parts/meter-ballistics.ts";
import type { StageName } from "./control-description.ts";

/** What the instruments of one card read; undefined where the stage has no such figure. Allocation-free when called. */
export type StageReadings = {
  readonly before: LevelSource | undefined;
  readonly after: LevelSource | undefined;
  readonly gain: { readonly label: string; readonly read: () => number } | undefined;
};

/** The readings of a stage. */
export function stageReadings(stage: StageName, sources: LevelSources): StageReadings {
  const levels = silentCaptureLevels();
  const gain = (label: string, pick: () => number): StageReadings["gain"] => ({
    label,
    read: () => {
      sources.readCapture(levels);
      return pick();
    },
  });
  const level =
    (stageIndex: number): LevelSource =>
    (into: LevelReading) =>
      sources.readStage(stageIndex, into);
  switch (stage) {
    case "input":
      return { before: level(0), after: level(1), gain: undefined };
    case "high-pass":
      return { before: level(1), after: level(2), gain: undefined };
    case "suppressor":
      return { before: level(2), after: level(3), gain: gain("Suppression", () => levels.suppressionDb) };
    case "activation":
      return { before: level(3), after: level(4), gain: undefined };
    case "leveler":
      return { before: level(4), after: level(5), gain: gain("Gain", () => levels.levelerGainDb) };
    case "limiter":
      return { before: level(5), after: level(6), gain: gain("Reduction", () => levels.gainReductionDb) };
    case "encoder":
      return { before: level(6), after: undefined, gain: undefined };
    case "output":
      return {
        before: undefined,
        after: sources.output,
        gain: { label: "Limiter", read: () => sources.outputGainReduction() },
      };
  }
}
