import type { ChirpDelays } from "../../src/engine/measurement/chirp-delays.ts";
import type { SettingsPatch } from "../../src/engine/settings/apply-patch.ts";

/** One cell of the latency matrix, as the page is asked to measure it. */
export type LatencyCell = {
  readonly path: "antiphon" | "native-webrtc";
  /** Patches of the default settings, in order; they say nothing to the native path. */
  readonly settings: readonly SettingsPatch[];
  readonly context: AudioContextOptions;
  /** Seconds to run before measuring: connections open, the jitter buffer settles. */
  readonly settleSeconds: number;
  /** Seconds to measure; two chirps each. */
  readonly seconds: number;
};

/** What one recording says. */
export type GraphMeasurement = {
  readonly path: ChirpDelays;
  /** How far the known delay, measured in the same recording, is from what was asked; ms. */
  readonly selfTestErrorMs: number;
};

/** Packets at the receiving end of a path since it opened. */
export type PathPackets = {
  readonly received: number;
  /** Packets that arrived too late to be played. */
  readonly late: number;
  /** Samples made up for missing ones, and all samples played. */
  readonly concealedSamples: number;
  readonly totalSamples: number;
};

/** What the page reports for a cell. */
export type LatencyCellResult = GraphMeasurement & {
  /** Hz. */
  readonly sampleRate: number;
  /** Render underruns the context counted while measuring, where it counts them. */
  readonly underruns: number | undefined;
  /** While measuring. */
  readonly packets: PathPackets;
};
