import type { VoiceEngine } from "../../../engine/index.ts";
import type { StageName } from "./control-description.ts";

/** What a stage costs; undefined while unknown. */
export type StageCost = {
  readonly addedMs: number | undefined;
  /** Share of one processor core, 0…100. */
  readonly cpuPercent: number | undefined;
};

/** The cost of a stage, as the audio thread tells it. */
export function readStageCost(stage: StageName | undefined, engine: VoiceEngine | undefined): StageCost {
  const statistics = engine?.microphone?.stats();
  if (stage !== "encoder" || statistics === undefined) {
    return { addedMs: undefined, cpuPercent: undefined };
  }
  return { addedMs: statistics.frameMs + statistics.encoderLookaheadMs, cpuPercent: undefined };
}
