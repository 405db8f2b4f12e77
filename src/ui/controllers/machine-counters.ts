import { CAPTURE_STAGES, type VoiceEngine } from "../../engine/index.ts";
import type { LevelSources } from "./level-sources.ts";

/** Counters of this machine that only grow while their source lives; undefined where there is none. */
export type MachineCounters = {
  /** Times the output ran dry. */
  readonly underruns: number | undefined;
  /** Time spent in the microphone's chain and encoder, ms. */
  readonly costMs: number | undefined;
  /** Frames that the network thread did not take in time. */
  readonly overruns: number | undefined;
};

/** What the counters stand at. */
export function readMachineCounters(engine: VoiceEngine, levels: LevelSources): MachineCounters {
  const { output, localStreams } = engine.statistics();
  const hasMicrophone = engine.microphone !== undefined;
  return {
    underruns: output.underruns?.underrunEvents,
    costMs: hasMicrophone ? CAPTURE_STAGES.reduce((sum, stage) => sum + levels.readStage(stage).costMs, 0) : undefined,
    overruns: hasMicrophone ? localStreams.reduce((sum, { overruns }) => sum + overruns, 0) : undefined,
  };
}
