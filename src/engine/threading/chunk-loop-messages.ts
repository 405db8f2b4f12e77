import type { ChunkLoopSettings, ChunkLoopStages } from "./chunk-loop.ts";

/** Name under which latency-lab.worklet.ts registers its processor. */
export const CHUNK_LOOP_PROCESSOR = "antiphon-chunk-loop";

/** Options of a chunk loop's node. One input, one output. */
export type ChunkLoopOptions = {
  readonly core: WebAssembly.Module;
  readonly rnnoise: WebAssembly.Module | undefined;
  readonly quantumFrames: number;
  readonly settings: ChunkLoopSettings;
};

/** The processor's answer to any message. */
export type ChunkLoopReport = {
  readonly stages: ChunkLoopStages;
  /** Samples that were not there when they had to be played, so far. */
  readonly missing: number;
};
