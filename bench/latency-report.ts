import { chunkMs, describeBuffer, describeChunk } from "../src/engine/latency-lab/latency-cell.ts";
import {
  type LatencyCellResult,
  type LatencyRun,
  type MeasuredLatency,
  SELF_TEST_LIMIT_MS,
} from "../src/engine/latency-lab/latency-result.ts";
import { recommendSetting } from "../src/engine/latency-lab/recommend-setting.ts";
import type { BenchResult } from "./bench-result.ts";
import { formatTable } from "./format-table.ts";

/**
 * The document and the table of a run.
 *
 * @throws Error when the self-test has failed: then the run says nothing
 */
export function latencyReport(run: LatencyRun): BenchResult {
  const { selfTestErrorMs } = run;
  if (selfTestErrorMs === undefined) throw new Error("No cell was measured");
  if (selfTestErrorMs > SELF_TEST_LIMIT_MS) {
    throw new Error(`The self-test is off by ${selfTestErrorMs.toFixed(3)} ms: this run measures nothing`);
  }
  const rows = run.cells.map((result) => rowOf(result, nativeMedian(run, result)));
  const table = formatTable(
    "Latency in one AudioContext, ms",
    [
      ...[
        "path",
        "chunk",
        "rate Hz",
        "buffer",
        "p50",
        "p95",
        "p99",
        "max",
        "× native",
        "stages",
        "late %",
        "concealed %",
      ],
      ...["lost/chirps", "underruns", "bandwidth Hz", "distance dB", "quality", "kbit/s", "CPU %", "remark"],
    ],
    run.cells.map((result, index) => {
      const { cell } = result;
      const row = rows[index];
      const name = cell.hasProcessing ? `${cell.path}, processed` : cell.path;
      const head = [name, describeChunk(cell.chunk), cell.sampleRate, describeBuffer(cell.buffer)];
      if (result.status !== "measured") {
        return [...head, ...Array.from({ length: 15 }, () => undefined), `${result.status}: ${result.reason}`];
      }
      const { delay, breakdown, effects, chirps } = result;
      return [
        ...head,
        ...[delay?.p50, delay?.p95, delay?.p99, delay?.max, row?.ratioToNative ?? undefined, breakdown?.sumMs],
        ...[result.latePercent, result.concealedPercent, `${chirps.lost}/${chirps.sent}`, result.underruns],
        ...[effects?.bandwidthHz, effects?.spectralDistanceDb, effects?.qualityProxy],
        ...[effects?.bitrate === undefined ? undefined : effects.bitrate / 1_000, effects?.cpuPercent],
        breakdown?.agrees === false ? "stages do not explain it" : "",
      ];
    }),
  );
  const recommended = recommendSetting(run);
  const agreeing = measuredOf(run).filter(({ breakdown }) => breakdown !== undefined);
  const notes = [
    ...(run.isComplete ? [] : ["Ended early: not every cell of the plan is here."]),
    `Self-test: a known delay read back within ${selfTestErrorMs.toFixed(4)} ms.`,
    `Stages: the sum agrees with the measured mean within 2 ms in ${agreeing.filter(({ breakdown }) => breakdown?.agrees).length} of ${agreeing.length} cells that have one.`,
    recommended === undefined ? "No setting can be recommended from this run." : `Recommended: ${recommended.reason}`,
    "Excluded: the devices' own buffers and the microphone's processing; both ends share one machine and one page.",
    "Included for the native track: two bridges between Web Audio and media streams, as an application has to use them.",
    "Frames under 10 ms use Opus' restricted low delay at 96 kb/s, the others voip at 48 kb/s.",
  ];
  return {
    json: {
      selfTestErrorMs,
      rows,
      environment: run.environment,
      recommended,
      startedAt: run.startedAt,
      durationSeconds: run.durationSeconds,
      isComplete: run.isComplete,
    },
    table: `${table}\n\n${notes.join("\n")}`,
  };
}

/** One row of the JSON. The first nine fields are a contract. */
function rowOf(result: LatencyCellResult, native: number | undefined) {
  const { cell } = result;
  const measured = result.status === "measured" ? result : undefined;
  const delay = measured?.delay;
  return {
    path: cell.path,
    frameMs: chunkMs(cell),
    sampleRate: cell.sampleRate,
    buffer: describeBuffer(cell.buffer),
    p50Ms: delay?.p50 ?? null,
    p95Ms: delay?.p95 ?? null,
    p99Ms: delay?.p99 ?? null,
    latePercent: measured?.latePercent ?? null,
    underruns: measured?.underruns ?? null,
    id: cell.id,
    chunk: describeChunk(cell.chunk),
    processing: cell.hasProcessing ? "default" : "off",
    status: result.status,
    reason: result.status === "measured" ? null : result.reason,
    maxMs: delay?.max ?? null,
    concealedPercent: measured?.concealedPercent ?? null,
    chirps: measured?.chirps.sent ?? null,
    chirpsLost: measured?.chirps.lost ?? null,
    ratioToNative: delay === undefined || native === undefined ? null : delay.p50 / native,
    breakdown: measured?.breakdown ?? null,
    callbacks: measured?.callbacks ?? null,
    effects: measured?.effects ?? null,
    selfTestErrorMs: measured?.selfTestErrorMs ?? null,
  };
}

/** Median of the browser's own track at the same rate and buffer, or at 48 kHz. */
function nativeMedian(run: LatencyRun, { cell }: LatencyCellResult): number | undefined {
  const tracks = measuredOf(run).filter((result) => result.cell.path === "native-webrtc" && result.delay !== undefined);
  const same = tracks.find(
    (result) =>
      result.cell.sampleRate === cell.sampleRate && describeBuffer(result.cell.buffer) === describeBuffer(cell.buffer),
  );
  return (same ?? tracks.find((result) => result.cell.sampleRate === 48_000))?.delay?.p50;
}

function measuredOf(run: LatencyRun): readonly MeasuredLatency[] {
  return run.cells.filter((result): result is MeasuredLatency => result.status === "measured");
}
