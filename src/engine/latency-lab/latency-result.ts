import type { Distribution } from "../measurement/distribution.ts";
import type { LatencyCell } from "./latency-cell.ts";
import type { LatencyTiming } from "./latency-plan.ts";

/** Stages of the way from the first node to the last, in order, as in the latency bar of a call. */
export const LATENCY_STAGES = [
  "capture",
  "processing",
  "encode",
  "network",
  "jitterBuffer",
  "decode",
  "output",
] as const;

/** One stage of the way. */
export type LatencyStageName = (typeof LATENCY_STAGES)[number];

/** Where the delay comes from, and whether that explains what was measured. */
export type LatencyBreakdown = {
  /** ms by stage. */
  readonly stages: Readonly<Record<LatencyStageName, number>>;
  /** Sum of the stages, ms. */
  readonly sumMs: number;
  /** Mean measured delay minus the sum, ms. */
  readonly unexplainedMs: number;
  /** Whether that is within 2 ms. */
  readonly agrees: boolean;
};

/** How regularly the audio thread was called. Wall clock, whole ms, as audio threads have no finer one. */
export type CallbackTiming = {
  /** Time between calls, ms. */
  readonly intervals: Distribution;
  /** Calls that came more than 20 ms after the one before. */
  readonly stalls: number;
};

/** What a path does to speech, beside delaying it. */
export type LatencyEffects = {
  /** RMS difference of the long-term spectra in third octaves from 100 Hz to 16 kHz, dB; a lost band counts 40. */
  readonly spectralDistanceDb: number;
  /** Highest third octave that comes through, upper edge in Hz. */
  readonly bandwidthHz: number;
  /** Mean short-time correlation of the third-octave envelopes, 0…1: 1 is unchanged. A proxy, no opinion score. */
  readonly qualityProxy: number;
  /** Bits on the wire for every second, with all headers; undefined where nothing is sent. */
  readonly bitrate: number | undefined;
  /** Share of one core for processing, coding and decoding, timed on this machine; undefined where a page cannot know. */
  readonly cpuPercent: number | undefined;
};

/** A cell that was measured. */
export type MeasuredLatency = {
  readonly status: "measured";
  readonly cell: LatencyCell;
  /** Rate the context really has, Hz. */
  readonly sampleRate: number;
  readonly quantumFrames: number;
  /** Over all chirps that arrived, ms. Undefined when none did. */
  readonly delay: Distribution | undefined;
  /** One delay per chirp that arrived, ms, in order. */
  readonly delaysMs: readonly number[];
  readonly chirps: { readonly sent: number; readonly lost: number };
  /** Packets too late to be played, as a share of those that arrived, %. */
  readonly latePercent: number;
  /** Samples made up, as a share of all, %. */
  readonly concealedPercent: number;
  /** Render underruns the browser counted; undefined where it does not count. */
  readonly underruns: number | undefined;
  readonly callbacks: CallbackTiming | undefined;
  /** Undefined on the native path, which does not say. */
  readonly breakdown: LatencyBreakdown | undefined;
  readonly effects: LatencyEffects | undefined;
  /** What the output device adds behind the graph as the browser says, ms; in none of the other figures. */
  readonly outputLatencyMs: number;
  /** How far a known delay, measured in the same recording, reads back from what it is, ms. */
  readonly selfTestErrorMs: number;
};

/** A cell that this browser cannot do, or that went wrong; never left out of a table. */
export type UnmeasuredLatency = {
  readonly status: "unsupported" | "failed";
  readonly cell: LatencyCell;
  /** Why, for people. */
  readonly reason: string;
};

/** What became of a cell. */
export type LatencyCellResult = MeasuredLatency | UnmeasuredLatency;

/** Where a run took place. */
export type LatencyEnvironment = {
  readonly userAgent: string;
  readonly platform: string;
  readonly processors: number;
  readonly isCrossOriginIsolated: boolean;
  /** Most of what the output device adds behind the graph in any cell, ms, as the browser says; in no other figure. */
  readonly outputLatencyMs: number;
};

/** A whole run, complete or not: the document that is stored, exported and imported. */
export type LatencyRun = {
  readonly format: "antiphon-latency";
  readonly version: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  /** False when it was cancelled: `cells` then holds what was done. */
  readonly isComplete: boolean;
  readonly environment: LatencyEnvironment;
  readonly timing: LatencyTiming;
  /** Worst of all cells, ms; undefined before one is measured. Above 0.1 the run says nothing. */
  readonly selfTestErrorMs: number | undefined;
  readonly cells: readonly LatencyCellResult[];
};

/** Largest error of the self-test with which a run counts, ms. */
export const SELF_TEST_LIMIT_MS = 0.1;

/** Largest difference between the sum of the stages and the measured delay that counts as agreement, ms. */
export const BREAKDOWN_LIMIT_MS = 2;
