import { distributionOf } from "../measurement/distribution.ts";
import type { MeasurementRecording } from "../measurement/measurement-recorder.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import type { ChunkLoopSettings } from "../threading/chunk-loop.ts";
import type { WasmFiles } from "../wasm-files.ts";
import { addWorkletModule } from "../worklet-module.ts";
import { cellSettings, LAB_BITRATE } from "./cell-settings.ts";
import { openEnginePath } from "./engine-path.ts";
import { joinTakes } from "./join-takes.ts";
import { chunkMs, type LatencyCell } from "./latency-cell.ts";
import type { LatencyPlan } from "./latency-plan.ts";
import type { LatencyLabAssets, LatencyPhase } from "./latency-progress.ts";
import {
  BREAKDOWN_LIMIT_MS,
  LATENCY_STAGES,
  type LatencyBreakdown,
  type LatencyCellResult,
  type LatencyEffects,
  type LatencyStageName,
  type MeasuredLatency,
} from "./latency-result.ts";
import { MeasurementGraph } from "./measurement-graph.ts";
import { openNativePath } from "./native-path.ts";
import { openCellContext, UnsupportedCell } from "./open-cell-context.ts";
import type { PathCounters, PathUnderTest } from "./path-under-test.ts";
import { chunkLoopLoadPercent, engineLoadPercent } from "./processing-load.ts";
import type { encoderPatch } from "./recommend-setting.ts";
import { SpeechProbe } from "./speech-probe.ts";
import { openWorkletPath } from "./worklet-path.ts";

/** What the cells of a run share. */
export type CellSurroundings = {
  readonly assets: LatencyLabAssets;
  readonly files: WasmFiles;
  readonly timing: LatencyPlan["timing"];
  readonly withEffects: boolean;
  /** Is told what the cell is at, and its share that is done, 0…1. */
  readonly onPhase: (phase: LatencyPhase, fraction: number) => void;
  /** Waits; rejects when the cell is given up. */
  readonly wait: (seconds: number, phase: LatencyPhase, from: number, to: number) => Promise<void>;
};

/** A recording shorter than this may hold no whole chirp and its delay, seconds. */
const LEAST_SECONDS = 0.75;

/** The stages of an opening are observed so many times. */
const PIECES = 5;

/** Longest time that the tail of a signal may take to come out, seconds. */
const TAIL_SECONDS = 0.4;

/** Reads an underrun counter as Chromium has it (2026); missing elsewhere. */
function underrunsOf(context: AudioContext): number | undefined {
  return (context as AudioContext & { readonly playbackStats?: { readonly underrunEvents: number } }).playbackStats
    ?.underrunEvents;
}

/** Measures one cell in a context of its own, as in README.md. Rejects only when `wait` does. */
export async function measureCell(cell: LatencyCell, around: CellSurroundings): Promise<LatencyCellResult> {
  around.onPhase("opening", 0);
  let graph: MeasurementGraph | undefined;
  let path: PathUnderTest | undefined;
  try {
    const context = await openCellContext(cell);
    const { timing } = around;
    graph = await MeasurementGraph.start({
      context,
      recorderUrl: around.assets.measurementRecorder,
      timing: chirpTiming(cell),
      maxSeconds: timing.settleSeconds + timing.chirpSeconds + timing.speechSeconds + 20,
    });
    path = await openPath(cell, graph, around);
    return await measurePath({ cell, graph, path, around });
  } catch (error) {
    if (error instanceof UnsupportedCell) return { status: "unsupported", cell, reason: error.message };
    throw error;
  } finally {
    path?.close();
    await graph?.close();
  }
}

/** Everything about a cell that is open. */
type OpenCell = {
  readonly cell: LatencyCell;
  readonly graph: MeasurementGraph;
  readonly path: PathUnderTest;
  readonly around: CellSurroundings;
};

async function measurePath(open: OpenCell): Promise<MeasuredLatency> {
  const { cell, graph, path, around } = open;
  const { timing, withEffects, wait } = around;
  const settleSeconds = Math.max(timing.settleSeconds, path.settleSeconds);
  const openings = path.outputs.length;
  const chirpSeconds = Math.max(timing.chirpSeconds, openings * LEAST_SECONDS);
  const total = settleSeconds + chirpSeconds + (withEffects ? timing.speechSeconds : 0);
  const settled = settleSeconds / total;
  const chirped = (settleSeconds + chirpSeconds) / total;
  graph.listenTo(path.outputs[0]);
  graph.playChirps();
  await wait(settleSeconds, "settling", 0, settled);
  const underrunsBefore = underrunsOf(graph.context);
  const before = await path.counters();
  path.beginStages();
  const pieceShare = (chirped - settled) / (openings * PIECES);
  const record = async (output: AudioNode, opening: number): Promise<MeasurementRecording> => {
    graph.listenTo(output);
    await graph.forget();
    for (let piece = 0; piece < PIECES; piece++) {
      const from = settled + (opening * PIECES + piece) * pieceShare;
      await wait(chirpSeconds / (openings * PIECES), "chirps", from, from + pieceShare);
      path.observeStages();
    }
    return graph.take();
  };
  const [firstOutput, ...otherOutputs] = path.outputs;
  const recordings: [MeasurementRecording, ...MeasurementRecording[]] = [await record(firstOutput, 0)];
  for (const output of otherOutputs) recordings.push(await record(output, recordings.length));
  const stages = await path.endStages();
  const after = await path.counters();
  const underrunsAfter = underrunsOf(graph.context);
  const { sampleRate, quantumFrames, delaysMs, chirps, selfTestErrorMs, callbacks } = joinTakes(recordings, graph);
  const delay = distributionOf(delaysMs);
  const effects = withEffects && delay !== undefined ? await measureEffects(open, delay.p50, chirped) : undefined;
  around.onPhase("evaluating", 1);
  return {
    status: "measured",
    cell,
    sampleRate,
    quantumFrames,
    delay,
    delaysMs,
    chirps,
    latePercent: share(after.late - before.late, after.received - before.received),
    concealedPercent: share(after.concealedSamples - before.concealedSamples, after.totalSamples - before.totalSamples),
    underruns:
      underrunsBefore === undefined || underrunsAfter === undefined ? undefined : underrunsAfter - underrunsBefore,
    callbacks,
    breakdown: stages === undefined || delay === undefined ? undefined : breakdown(stages, delay.mean),
    effects,
    outputLatencyMs: 1_000 * (graph.context.outputLatency || 0),
    selfTestErrorMs,
  };
}

/** Sends speech through and compares; also what it costs on the wire and in computing. */
async function measureEffects(
  { cell, graph, path, around }: OpenCell,
  delayMs: number,
  from: number,
): Promise<LatencyEffects | undefined> {
  const { files, timing, wait } = around;
  const core = (await files.core()).module;
  const probe = new SpeechProbe(core, timing.speechSeconds);
  graph.playOnce(undefined);
  await wait(TAIL_SECONDS, "speech", from, from);
  await graph.forget();
  const before = await path.counters();
  const start = performance.now();
  graph.playOnce(probe.at(graph.context.sampleRate));
  await wait(timing.speechSeconds, "speech", from, 1);
  const bitrate = bitrateBetween(before, await path.counters(), (performance.now() - start) / 1_000);
  await wait(TAIL_SECONDS, "speech", 1, 1);
  const comparison = probe.compare(await graph.take(), delayMs);
  if (comparison === undefined) return undefined;
  const { spectralDistanceDb, bandwidthHz, envelopeCorrelation } = comparison;
  return {
    spectralDistanceDb,
    bandwidthHz,
    qualityProxy: envelopeCorrelation,
    bitrate,
    cpuPercent: await loadPercent(cell, files, probe.original.subarray(0, SAMPLE_RATE)),
  };
}

async function openPath(cell: LatencyCell, graph: MeasurementGraph, around: CellSurroundings): Promise<PathUnderTest> {
  const { context, source } = graph;
  const { assets, files } = around;
  switch (cell.path) {
    case "native-webrtc":
      return openNativePath(context, source, cell.buffer);
    case "antiphon":
      return openEnginePath({ context, input: source, settings: cellSettings(cell), assets, files });
    default: {
      await addWorkletModule(context, assets.latencyLabWorklet);
      const [{ module: core }, { module: rnnoise }] = await Promise.all([files.core(), files.suppressor("rnnoise")]);
      const quantumFrames =
        (context as AudioContext & { readonly renderQuantumSize?: number }).renderQuantumSize ?? 128;
      return openWorkletPath(context, source, { core, rnnoise, quantumFrames, settings: chunkLoopSettings(cell) });
    }
  }
}

function chunkLoopSettings(cell: LatencyCell): ChunkLoopSettings {
  const { jitterMs } = cell.buffer;
  const frame = cellFrame(cell);
  return {
    chunkSamples: Math.max(1, Math.round((chunkMs(cell) * SAMPLE_RATE) / 1_000)),
    bufferSamples: jitterMs === "auto" ? 0 : Math.round((jitterMs * SAMPLE_RATE) / 1_000),
    treatment: cell.path === "worklet-opus" ? "opus" : cell.path === "worklet-suppression" ? "suppression" : "none",
    bitrate: frame?.bitrate ?? LAB_BITRATE,
    isLowDelay: frame?.application === "lowdelay",
  };
}

/** How the encoder is set for a cell that has one. */
function cellFrame(cell: LatencyCell): ReturnType<typeof encoderPatch> | undefined {
  return cell.path === "worklet-opus" ? cellSettings(cell).encoder : undefined;
}

async function loadPercent(cell: LatencyCell, files: WasmFiles, speech: Float32Array): Promise<number | undefined> {
  if (cell.path === "native-webrtc") return undefined;
  const [{ module: core }, { module: rnnoise }] = await Promise.all([files.core(), files.suppressor("rnnoise")]);
  return cell.path === "antiphon"
    ? engineLoadPercent({ core, rnnoise }, cellSettings(cell), speech)
    : chunkLoopLoadPercent({ core, rnnoise }, chunkLoopSettings(cell), speech);
}

function breakdown(stages: Readonly<Record<LatencyStageName, number>>, meanMs: number): LatencyBreakdown {
  const sumMs = LATENCY_STAGES.reduce((sum, name) => sum + stages[name], 0);
  const unexplainedMs = meanMs - sumMs;
  return { stages, sumMs, unexplainedMs, agrees: Math.abs(unexplainedMs) <= BREAKDOWN_LIMIT_MS };
}

/** A long buffer or chunk needs chirps far apart, or one is taken for the next. */
function chirpTiming(cell: LatencyCell): { periodMs: number; maxDelayMs: number } {
  const { jitterMs } = cell.buffer;
  const isLong = (typeof jitterMs === "number" && jitterMs > 80) || chunkMs(cell) > 64;
  return isLong ? { periodMs: 1_000, maxDelayMs: 900 } : { periodMs: 250, maxDelayMs: 225 };
}

function bitrateBetween(before: PathCounters, after: PathCounters, seconds: number): number | undefined {
  if (before.wireBytes === undefined || after.wireBytes === undefined) return undefined;
  return (8 * (after.wireBytes - before.wireBytes)) / seconds;
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : (100 * Math.max(0, part)) / whole;
}
