import type { CallTimes } from "./codec-timing.ts";

/** How the encoder is set for a row. Always VOIP, mono, 48 kHz, frames of 20 ms. */
export type CodecSetting = {
  readonly complexity: number;
  readonly fec: boolean;
  /** bit/s. */
  readonly bitrate: number;
};

/** Samples of a 20 ms frame at 48 kHz. */
export const CODEC_FRAME = 960;

/** Every how many frames one is lost where concealment is timed. */
export const LOSS_PERIOD = 5;

/** One codec under test. Every function returns what each frame of 20 ms took, after a warm-up. */
export type CodecSubject = {
  /** "antiphon", "native", or the npm package's name. */
  readonly name: string;
  readonly encode: (pcm: Float32Array, setting: CodecSetting) => Promise<CallTimes>;
  readonly decode: (packets: readonly Uint8Array[]) => Promise<CallTimes>;
  /** Undefined where the package has no concealment. */
  readonly conceal: ((packets: readonly Uint8Array[]) => Promise<CallTimes>) | undefined;
};
