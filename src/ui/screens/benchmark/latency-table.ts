import { describeBuffer, describeChunk, type LatencyCell, type LatencyCellResult } from "../../../engine/index.ts";
import { pathLabel, rateLabel } from "./path-labels.ts";

/** One row of the table: a path at one rate with one buffer, and its cell for each column. */
export type LatencyTableRow = {
  readonly key: string;
  readonly path: string;
  readonly rate: string;
  readonly buffer: string;
  readonly cells: readonly (LatencyTableCell | undefined)[];
};

/** One cell of the table; without a result while it has not been measured. */
export type LatencyTableCell = { readonly cell: LatencyCell; readonly result: LatencyCellResult | undefined };

/** The matrix as it is shown: chunks across, everything else down. */
export type LatencyTable = { readonly chunks: readonly string[]; readonly rows: readonly LatencyTableRow[] };

/** Arranges cells and what is known of them. */
export function latencyTable(cells: readonly LatencyCell[], results: readonly LatencyCellResult[]): LatencyTable {
  const known = new Map(results.map((result) => [result.cell.id, result]));
  const chunks = [...new Set(cells.map(({ chunk }) => describeChunk(chunk)))].sort(byLength);
  const rows = new Map<string, { readonly first: LatencyCell; readonly cells: Map<string, LatencyTableCell> }>();
  for (const cell of cells) {
    const key = [cell.path, cell.hasProcessing, cell.sampleRate, describeBuffer(cell.buffer)].join("/");
    const row = rows.get(key) ?? { first: cell, cells: new Map() };
    row.cells.set(describeChunk(cell.chunk), { cell, result: known.get(cell.id) });
    rows.set(key, row);
  }
  return {
    chunks,
    rows: [...rows].map(([key, { first, cells: row }]) => ({
      key,
      path: pathLabel(first),
      rate: rateLabel(first.sampleRate),
      buffer: describeBuffer(first.buffer),
      cells: chunks.map((chunk) => row.get(chunk)),
    })),
  };
}

/** Frame lengths before quanta, each by its number. */
function byLength(a: string, b: string): number {
  const rank = (chunk: string): number => (chunk.endsWith("ms") ? 0 : 100_000) + Number.parseFloat(chunk);
  return rank(a) - rank(b);
}

/** Where a delay stands between nothing and what is felt as a satellite link, 0…1: what the table's colours show. */
export function heat(delayMs: number): number {
  return Math.min(1, Math.max(0, Math.log2(Math.max(delayMs, 5) / 5) / 5));
}

/** The median of a cell as text, or a word for why there is none. */
export function cellText(result: LatencyCellResult | undefined): string {
  if (result === undefined) return "·";
  if (result.status !== "measured") return result.status === "failed" ? "failed" : "n/a";
  return result.delay === undefined ? "lost" : result.delay.p50.toFixed(result.delay.p50 < 100 ? 1 : 0);
}
