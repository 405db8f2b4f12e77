import { chunkMs, describeBuffer, describeChunk } from "./latency-cell.ts";
import { LATENCY_STAGES, type LatencyCellResult, type LatencyRun } from "./latency-result.ts";

/** Forms a run can be written in. JSON is complete and can be read back. */
export type LatencyExportFormat = "json" | "csv" | "markdown";

/** A column: its heading and its value for a cell, undefined where there is none. */
type Column = { readonly name: string; readonly value: (result: LatencyCellResult) => string | number | undefined };

const measured =
  (
    read: (result: Extract<LatencyCellResult, { status: "measured" }>) => string | number | undefined,
  ): Column["value"] =>
  (result) =>
    result.status === "measured" ? read(result) : undefined;

const CELL_COLUMNS: readonly Column[] = [
  { name: "path", value: ({ cell }) => (cell.hasProcessing ? `${cell.path}, processed` : cell.path) },
  { name: "chunk", value: ({ cell }) => describeChunk(cell.chunk) },
  { name: "rate Hz", value: ({ cell }) => cell.sampleRate },
  { name: "buffer", value: ({ cell }) => describeBuffer(cell.buffer) },
];

const FIGURE_COLUMNS: readonly Column[] = [
  { name: "p50 ms", value: measured(({ delay }) => delay?.p50) },
  { name: "p95 ms", value: measured(({ delay }) => delay?.p95) },
  { name: "p99 ms", value: measured(({ delay }) => delay?.p99) },
  { name: "max ms", value: measured(({ delay }) => delay?.max) },
  { name: "late %", value: measured(({ latePercent }) => latePercent) },
  { name: "concealed %", value: measured(({ concealedPercent }) => concealedPercent) },
  { name: "underruns", value: measured(({ underruns }) => underruns) },
  { name: "chirps lost", value: measured(({ chirps }) => chirps.lost) },
  { name: "stage sum ms", value: measured(({ breakdown }) => breakdown?.sumMs) },
  { name: "spectral distance dB", value: measured(({ effects }) => effects?.spectralDistanceDb) },
  { name: "bandwidth Hz", value: measured(({ effects }) => effects?.bandwidthHz) },
  { name: "quality proxy", value: measured(({ effects }) => effects?.qualityProxy) },
  {
    name: "kbit/s",
    value: measured(({ effects }) => (effects?.bitrate === undefined ? undefined : effects.bitrate / 1_000)),
  },
  { name: "CPU %", value: measured(({ effects }) => effects?.cpuPercent) },
];

const CSV_ONLY: readonly Column[] = [
  { name: "cell", value: ({ cell }) => cell.id },
  { name: "chunk ms", value: ({ cell }) => chunkMs(cell) },
  { name: "chirps", value: measured(({ chirps }) => chirps.sent) },
  ...LATENCY_STAGES.map(
    (stage): Column => ({ name: `${stage} ms`, value: measured(({ breakdown }) => breakdown?.stages[stage]) }),
  ),
  { name: "callback p99 ms", value: measured(({ callbacks }) => callbacks?.intervals.p99) },
  { name: "self-test error ms", value: measured(({ selfTestErrorMs }) => selfTestErrorMs) },
];

const STATUS: Column = {
  name: "remark",
  value: (result) => (result.status === "measured" ? "" : `${result.status}: ${result.reason}`),
};

/** Writes a run as text. Every cell appears, those that could not be measured with the reason. */
export function exportLatencyRun(run: LatencyRun, format: LatencyExportFormat): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(run, undefined, 2)}\n`;
    case "csv":
      return csv(run.cells, [...CELL_COLUMNS, ...FIGURE_COLUMNS, ...CSV_ONLY, STATUS]);
    case "markdown":
      return markdown(run);
    default:
      throw new TypeError(`Cannot export a latency run as ${String(format satisfies never)}`);
  }
}

/** RFC 4180, with a dot for decimals. */
function csv(results: readonly LatencyCellResult[], columns: readonly Column[]): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = columns.map(({ name }) => quote(name)).join(",");
  const rows = results.map((result) => columns.map(({ value }) => quote(shortest(value(result), 4))).join(","));
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

function markdown(run: LatencyRun): string {
  const hasRemarks = run.cells.some(({ status }) => status !== "measured");
  const columns = [...CELL_COLUMNS, ...FIGURE_COLUMNS, ...(hasRemarks ? [STATUS] : [])];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const plain = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
  const { environment } = run;
  return [
    `Measured ${run.startedAt} in ${Math.round(run.durationSeconds)} s${run.isComplete ? "" : ", cancelled"} on ${environment.platform}, ` +
      `${environment.processors} processors, ${environment.userAgent}.`,
    `Self-test: a known delay read back within ${shortest(run.selfTestErrorMs, 4) || "–"} ms.`,
    "",
    line(columns.map(({ name }) => name)),
    line(columns.map(({ name }) => (/ms|%|Hz|dB|kbit|proxy|underruns|lost/.test(name) ? "---:" : "---"))),
    ...run.cells.map((result) => line(columns.map(({ value }) => plain(shortest(value(result), 2))))),
    "",
  ].join("\n");
}

function shortest(value: string | number | undefined, digits: number): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : String(Number(value.toFixed(digits)));
}
