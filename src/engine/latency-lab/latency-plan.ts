import {
  type LatencyBuffer,
  type LatencyCell,
  type LatencyChunk,
  type LatencyPathName,
  latencyCell,
} from "./latency-cell.ts";

/** What a run is to measure: every combination of these. */
export type LatencyPlanChoice = {
  readonly paths: readonly LatencyPathName[];
  readonly chunks: readonly LatencyChunk[];
  /** Hz. */
  readonly sampleRates: readonly number[];
  readonly buffers: readonly LatencyBuffer[];
  /** Also the engine with its default processing, once per chunk, at the first rate and buffer. Default false. */
  readonly withProcessing?: boolean;
  /** Also what each cell does to speech: bandwidth, quality, and the load of the processing. Default true. */
  readonly withEffects?: boolean;
  readonly timing?: LatencyTiming;
};

/** How long each cell is measured. */
export type LatencyTiming = {
  /** Seconds until connections are open and buffers have settled. */
  readonly settleSeconds: number;
  /** Seconds of chirps, four each second. */
  readonly chirpSeconds: number;
  /** Seconds of speech-like signal for the effects. */
  readonly speechSeconds: number;
};

/** An ordered list of cells and what it takes to measure them. */
export type LatencyPlan = {
  readonly cells: readonly LatencyCell[];
  readonly timing: LatencyTiming;
  readonly withEffects: boolean;
  /** Seconds for the whole plan; cells that turn out to be unsupported take none. */
  readonly estimatedSeconds: number;
};

/** Seconds a cell takes beside its signals: opening contexts, workers and connections, and evaluating. Measured. */
const OVERHEAD_SECONDS = 1.5;

/** Half a minute and good enough for a first look. */
export const QUICK_TIMING: LatencyTiming = { settleSeconds: 2, chirpSeconds: 5, speechSeconds: 2 };

/** For figures that are to be quoted. */
export const FULL_TIMING: LatencyTiming = { settleSeconds: 6, chirpSeconds: 15, speechSeconds: 3 };

/** Every chunk length Opus has, ms. */
export const OPUS_CHUNKS: readonly LatencyChunk[] = [2.5, 5, 10, 20, 40, 60].map((frameMs) => ({ frameMs }));

/** Render quanta to try where the browser lets one choose, frames. */
export const QUANTUM_CHUNKS: readonly LatencyChunk[] = [32, 64, 128, 256, 512, 1024].map((quantumFrames) => ({
  quantumFrames,
}));

/** Context rates of the full matrix, Hz. */
export const LATENCY_SAMPLE_RATES: readonly number[] = [8_000, 12_000, 16_000, 24_000, 44_100, 48_000, 96_000];

/** The engine's own choice of buffer on the quickest output the machine offers. */
export const AUTOMATIC_BUFFER: LatencyBuffer = { jitterMs: "auto", latencyHint: 0 };

/** Five cells within a minute: the browser's track, and at 48 kHz a bare worklet and the engine with short frames. */
export const QUICK_LATENCY_CHOICE: LatencyPlanChoice = {
  paths: ["native-webrtc", "worklet", "antiphon"],
  chunks: [{ frameMs: 2.5 }, { frameMs: 10 }],
  sampleRates: [48_000],
  buffers: [AUTOMATIC_BUFFER],
  timing: QUICK_TIMING,
};

/** Every chunk and rate over every path with the automatic buffer. */
export const FULL_LATENCY_CHOICE: LatencyPlanChoice = {
  paths: ["native-webrtc", "worklet", "worklet-suppression", "worklet-opus", "antiphon"],
  chunks: [...OPUS_CHUNKS, ...QUANTUM_CHUNKS],
  sampleRates: LATENCY_SAMPLE_RATES,
  buffers: [AUTOMATIC_BUFFER],
  withProcessing: true,
  timing: FULL_TIMING,
};

/**
 * Lists the cells of a choice without duplicates: the browser's track has its own frame length, so it appears once per rate
 * and buffer; packets of the engine carry Opus frames, so raw quanta are for the paths inside a worklet.
 */
export function createLatencyPlan(choice: LatencyPlanChoice): LatencyPlan {
  const { timing = FULL_TIMING, withEffects = true } = choice;
  const cells = new Map<string, LatencyCell>();
  const add = (cell: Omit<LatencyCell, "id">): void => {
    const made = latencyCell(cell);
    cells.set(made.id, made);
  };
  for (const path of choice.paths) {
    for (const sampleRate of choice.sampleRates) {
      for (const buffer of choice.buffers) {
        for (const chunk of chunksOf(path, choice.chunks))
          add({ path, chunk, sampleRate, buffer, hasProcessing: false });
      }
    }
  }
  const [sampleRate] = choice.sampleRates;
  const [buffer] = choice.buffers;
  if (
    choice.withProcessing === true &&
    choice.paths.includes("antiphon") &&
    sampleRate !== undefined &&
    buffer !== undefined
  ) {
    const rate = choice.sampleRates.includes(48_000) ? 48_000 : sampleRate;
    for (const chunk of chunksOf("antiphon", choice.chunks)) {
      add({ path: "antiphon", chunk, sampleRate: rate, buffer, hasProcessing: true });
    }
  }
  const list = [...cells.values()];
  return { cells: list, timing, withEffects, estimatedSeconds: list.length * secondsPerCell(timing, withEffects) };
}

/** Seconds one cell takes. */
export function secondsPerCell(timing: LatencyTiming, withEffects: boolean): number {
  const { settleSeconds, chirpSeconds, speechSeconds } = timing;
  return OVERHEAD_SECONDS + settleSeconds + chirpSeconds + (withEffects ? speechSeconds : 0);
}

function chunksOf(path: LatencyPathName, chunks: readonly LatencyChunk[]): readonly LatencyChunk[] {
  switch (path) {
    case "native-webrtc":
      return [{ frameMs: 20 }];
    case "antiphon":
    case "worklet-opus":
      return chunks.filter((chunk) => "frameMs" in chunk);
    default:
      return chunks;
  }
}
