import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { exportLatencyRun } from "../src/engine/latency-lab/export-latency-run.ts";
import { describeBuffer, describeChunk, type LatencyCell } from "../src/engine/latency-lab/latency-cell.ts";
import type { LatencyCellResult, LatencyRun, MeasuredLatency } from "../src/engine/latency-lab/latency-result.ts";

const BEGIN = "<!-- latency-run -->";
const END = "<!-- /latency-run -->";

/**
 * Writes a run as Markdown: into the place that `<!-- latency-run -->` and `<!-- /latency-run -->` mark in a document that exists, in
 * short, or as a document of its own with every figure.
 */
export function writeLatencyMarkdown(file: string, run: LatencyRun): void {
  const document = existsSync(file) ? readFileSync(file, "utf8") : "";
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) {
    writeFileSync(file, exportLatencyRun(run, "markdown"));
    return;
  }
  const before = document.slice(0, begin + BEGIN.length);
  writeFileSync(file, `${before}\n\n${latencySummary(run)}\n\n${document.slice(end)}`);
}

/** Medians with 95th percentiles by path and chunk, then what each rate does to speech, and where that was. */
export function latencySummary(run: LatencyRun): string {
  const { environment, durationSeconds, selfTestErrorMs, startedAt } = run;
  const broken = measuredOf(run.cells).filter(({ breakdown }) => breakdown !== undefined);
  const agreeing = broken.filter(({ breakdown }) => breakdown?.agrees);
  return [
    `${startedAt.slice(0, 10)}, ${environment.platform}, ${environment.processors} processors, ${browserOf(environment)}, ` +
      `${run.cells.length} cells in ${Math.round(durationSeconds / 60)} min${run.isComplete ? "" : ", ended early"}. Self-test: a known delay ` +
      `read back within ${selfTestErrorMs?.toFixed(4) ?? "–"} ms. The sum of the stages agrees with what was measured within 2 ms in ` +
      `${agreeing.length} of ${broken.length} cells that have one.`,
    "",
    "Median (95th percentile), ms; n/a: the browser cannot do it; *: sounds were lost or the output ran dry.",
    "",
    delayTable(run.cells),
    ...effects(run.cells),
  ].join("\n");
}

function delayTable(cells: readonly LatencyCellResult[]): string {
  const chunks = [...new Map(cells.map(({ cell }) => [describeChunk(cell.chunk), cell.chunk])).entries()]
    .sort(([, a], [, b]) => rank(a) - rank(b))
    .map(([name]) => name);
  const rows = new Map<string, { readonly head: string; readonly byChunk: Map<string, string> }>();
  for (const result of cells) {
    const { cell } = result;
    const head = `${pathOf(cell)} | ${cell.sampleRate / 1_000} | ${describeBuffer(cell.buffer)}`;
    const row = rows.get(head) ?? { head, byChunk: new Map<string, string>() };
    row.byChunk.set(describeChunk(cell.chunk), cellText(result));
    rows.set(head, row);
  }
  return [
    `| path | kHz | buffer | ${chunks.join(" | ")} |`,
    `| --- | ---: | --- | ${chunks.map(() => "---:").join(" | ")} |`,
    ...[...rows.values()].map(
      ({ head, byChunk }) => `| ${head} | ${chunks.map((chunk) => byChunk.get(chunk) ?? "").join(" | ")} |`,
    ),
  ].join("\n");
}

/** What rates and frames do to speech and cost, for the whole engine; nothing where effects were not measured. */
function effects(cells: readonly LatencyCellResult[]): readonly string[] {
  const rows = measuredOf(cells).filter(({ cell, effects: found }) => cell.path === "antiphon" && found !== undefined);
  if (rows.length === 0) return [];
  return [
    "",
    "What the engine's cells do to speech: upper edge of the highest third octave that comes through, difference of the long-term",
    "spectra, correlation of the band envelopes (1 is unchanged); rate on the wire with all headers, load of one core.",
    "",
    "| path | kHz | buffer | chunk | bandwidth kHz | distance dB | proxy | kbit/s | CPU % |",
    "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows.map(({ cell, effects: found }) => {
      const { bandwidthHz = 0, spectralDistanceDb = 0, qualityProxy = 0, bitrate, cpuPercent } = found ?? {};
      return (
        `| ${pathOf(cell)} | ${cell.sampleRate / 1_000} | ${describeBuffer(cell.buffer)} | ${describeChunk(cell.chunk)} ` +
        `| ${(bandwidthHz / 1_000).toFixed(1)} | ${spectralDistanceDb.toFixed(1)} | ${qualityProxy.toFixed(3)} ` +
        `| ${bitrate === undefined ? "" : (bitrate / 1_000).toFixed(0)} | ${cpuPercent?.toFixed(1) ?? ""} |`
      );
    }),
  ];
}

function cellText(result: LatencyCellResult): string {
  if (result.status !== "measured") return result.status === "failed" ? "failed" : "n/a";
  const { delay, chirps, underruns } = result;
  if (delay === undefined) return "lost";
  return `${delay.p50.toFixed(1)} (${delay.p95.toFixed(1)})${chirps.lost > 0 || (underruns ?? 0) > 0 ? "*" : ""}`;
}

function pathOf({ path, hasProcessing }: LatencyCell): string {
  return hasProcessing ? `${path}, processed` : path;
}

/** Frame lengths before render quanta, each ascending. */
function rank(chunk: LatencyCell["chunk"]): number {
  return "frameMs" in chunk ? chunk.frameMs : 1_000 + chunk.quantumFrames;
}

function browserOf({ userAgent }: LatencyRun["environment"]): string {
  return /(?:Headless)?Chrome\/\d+|Firefox\/\d+/.exec(userAgent)?.[0].replace("Headless", "headless ") ?? userAgent;
}

function measuredOf(cells: readonly LatencyCellResult[]): readonly MeasuredLatency[] {
  return cells.filter((result): result is MeasuredLatency => result.status === "measured");
}
