import type { CaptureSettings } from "../settings/capture-settings.ts";
import type { EncoderSettings } from "../settings/encoder-settings.ts";

/** Name under which chain-timing.worklet.ts registers its processor. */
export const CHAIN_TIMING = "antiphon-chain-timing";

/** What a timing of the capture chain in a worklet is made of: the processor's options. */
export type ChainTimingOptions = {
  readonly core: WebAssembly.Module;
  readonly rnnoise: WebAssembly.Module;
  readonly capture: CaptureSettings;
  readonly encoder: EncoderSettings;
  /** 48 kHz, mono. */
  readonly signal: Float32Array;
  /** Blocks of 10 ms run before timing, and timed. */
  readonly warmUpBlocks: number;
  readonly blocks: number;
  /** Blocks per call of `process`: the clock of a worklet counts milliseconds, so many blocks have to be timed. */
  readonly burst: number;
};

/** What the processor posts when it is done. */
export type ChainTiming = {
  /** ms per stage over all timed blocks, in the order of `CAPTURE_STAGES`. */
  readonly stageMs: readonly number[];
  /** ms over all timed blocks with the clock read once per burst. */
  readonly totalMs: number;
  readonly blocks: number;
};
