import { describeBuffer, type LatencyCell } from "../src/engine/latency-lab/latency-cell.ts";
import {
  AUTOMATIC_BUFFER,
  createLatencyPlan,
  FULL_LATENCY_CHOICE,
  type LatencyPlan,
  type LatencyPlanChoice,
  OPUS_CHUNKS,
  QUICK_LATENCY_CHOICE,
} from "../src/engine/latency-lab/latency-plan.ts";
import type { BenchOptions } from "./bench-result.ts";

/** Every chunk of the engine and the browser's track at 48 kHz: what the targets are about. */
const USUAL: LatencyPlanChoice = {
  paths: ["native-webrtc", "worklet", "worklet-suppression", "worklet-opus", "antiphon"],
  chunks: OPUS_CHUNKS,
  sampleRates: [48_000],
  buffers: [AUTOMATIC_BUFFER],
  withProcessing: true,
  timing: { settleSeconds: 5, chirpSeconds: 10, speechSeconds: 2 },
};

/** What buffers cost: 10 ms frames behind each of them. */
const BUFFERS: LatencyPlanChoice = {
  paths: ["native-webrtc", "antiphon"],
  chunks: [{ frameMs: 10 }],
  sampleRates: [48_000],
  buffers: [
    { jitterMs: 20, latencyHint: 0 },
    { jitterMs: 60, latencyHint: 0 },
    { jitterMs: "auto", latencyHint: "interactive" },
    { jitterMs: "auto", latencyHint: "balanced" },
  ],
};

/** Values of a dimension by the names that the command line knows them by. */
const DIMENSIONS: Readonly<Record<string, (cell: LatencyCell) => string>> = {
  paths: ({ path }) => path,
  chunks: ({ chunk }) => ("frameMs" in chunk ? String(chunk.frameMs) : `${chunk.quantumFrames}f`),
  rates: ({ sampleRate }) => String(sampleRate),
  buffers: ({ buffer }) => describeBuffer(buffer).replace(" ms", "").replace(", ", "+"),
};

/**
 * Which cells a run has: a minute, the usual ones, or `--full` with every rate, raw quantum and buffer. `--paths antiphon`,
 * `--chunks 2.5,10,64f`, `--rates 48000`, `--buffers auto,20,auto+interactive` take parts of the full matrix; the browser's track is
 * measured for every rate and buffer that is left unless paths are named.
 *
 * @throws RangeError for a value that the matrix has not
 */
export function latencyBenchPlan({ quick, values }: Pick<BenchOptions, "quick" | "values">): LatencyPlan {
  const filters = Object.keys(DIMENSIONS).filter((name) => values.has(name));
  if (quick) return createLatencyPlan(QUICK_LATENCY_CHOICE);
  if (!values.has("full") && filters.length === 0) return createLatencyPlan(USUAL);
  const matrix = fullMatrix();
  let { cells } = matrix;
  for (const name of filters) {
    const nameIn = DIMENSIONS[name];
    if (nameIn === undefined) continue;
    const wanted = new Set((values.get(name) ?? "").split(","));
    const known = new Set(matrix.cells.map(nameIn));
    const unknown = [...wanted].find((value) => !known.has(value));
    if (unknown !== undefined) throw new RangeError(`--${name} knows ${[...known].join(", ")}, not ${unknown}`);
    // The browser's track has a frame length of its own.
    cells = cells.filter((cell) => wanted.has(nameIn(cell)) || (name === "chunks" && cell.path === "native-webrtc"));
  }
  return { ...matrix, cells, estimatedSeconds: (matrix.estimatedSeconds * cells.length) / matrix.cells.length };
}

function fullMatrix(): LatencyPlan {
  const timing = { settleSeconds: 3, chirpSeconds: 5, speechSeconds: 2 };
  const matrix = createLatencyPlan({ ...FULL_LATENCY_CHOICE, timing });
  const buffers = createLatencyPlan({ ...BUFFERS, timing });
  return {
    ...matrix,
    cells: [...matrix.cells, ...buffers.cells],
    estimatedSeconds: matrix.estimatedSeconds + buffers.estimatedSeconds,
  };
}
