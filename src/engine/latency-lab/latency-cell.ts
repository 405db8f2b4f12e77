import type { LatencyHint } from "../settings/playout-settings.ts";

/**
 * What a cell measures between two nodes of one AudioContext, each path adding to the one before:
 * - `"worklet"`: samples gathered to chunks and played behind a margin, nothing else
 * - `"worklet-suppression"`: the same with noise suppression (RNNoise) on every chunk
 * - `"worklet-opus"`: the same with Opus encoding and decoding on every chunk
 * - `"antiphon"`: the engine's own capture worklet, network workers, data channel and playback worklet
 * - `"native-webrtc"`: the browser's own audio track
 */
export type LatencyPathName = "worklet" | "worklet-suppression" | "worklet-opus" | "antiphon" | "native-webrtc";

/** Every path, the shortest first. */
export const LATENCY_PATHS: readonly LatencyPathName[] = [
  "worklet",
  "worklet-suppression",
  "worklet-opus",
  "antiphon",
  "native-webrtc",
];

/** What is handled at once: so many ms, or one render quantum of so many frames. */
export type LatencyChunk = { readonly frameMs: number } | { readonly quantumFrames: number };

/** What is held back against irregular arrival. */
export type LatencyBuffer = {
  /** Delay of the jitter buffer in ms, or what the engine (or the browser) chooses itself. */
  readonly jitterMs: "auto" | number;
  /** Latency asked of the AudioContext: seconds or a category. */
  readonly latencyHint: LatencyHint;
};

/** One cell of the latency matrix. */
export type LatencyCell = {
  /** The same for the same cell in every run: what runs are compared by. */
  readonly id: string;
  readonly path: LatencyPathName;
  readonly chunk: LatencyChunk;
  /** Rate of the AudioContext, Hz. */
  readonly sampleRate: number;
  readonly buffer: LatencyBuffer;
  /** False measures the bare path; true the default capture chain with high-pass, suppression and limiter. Engine path only. */
  readonly hasProcessing: boolean;
};

/** Length of a cell's chunk, ms. */
export function chunkMs({ chunk, sampleRate }: Pick<LatencyCell, "chunk" | "sampleRate">): number {
  return "frameMs" in chunk ? chunk.frameMs : (1_000 * chunk.quantumFrames) / sampleRate;
}

/** Names a buffer in few characters, for tables: `auto`, `20 ms`, `auto, interactive`. */
export function describeBuffer({ jitterMs, latencyHint }: LatencyBuffer): string {
  const jitter = jitterMs === "auto" ? "auto" : `${jitterMs} ms`;
  if (latencyHint === 0) return jitter;
  return `${jitter}, ${typeof latencyHint === "number" ? `hint ${latencyHint * 1_000} ms` : latencyHint}`;
}

/** Names a chunk in few characters, for tables: `10 ms`, `64 frames`. */
export function describeChunk(chunk: LatencyChunk): string {
  return "frameMs" in chunk ? `${chunk.frameMs} ms` : `${chunk.quantumFrames} frames`;
}

/** Makes a cell and its id. */
export function latencyCell(cell: Omit<LatencyCell, "id">): LatencyCell {
  const chunk = "frameMs" in cell.chunk ? `${cell.chunk.frameMs}ms` : `${cell.chunk.quantumFrames}frames`;
  const { jitterMs, latencyHint } = cell.buffer;
  const parts = [cell.path, chunk, cell.sampleRate, jitterMs, latencyHint, cell.hasProcessing ? "processed" : "bare"];
  return { id: parts.join("/"), ...cell };
}
