import type { LatencyRun } from "../../../engine/index.ts";
import { resolveColour } from "../../parts/meter-painting.ts";
import { cellText, heat, latencyTable } from "./latency-table.ts";

const CELL = { width: 76, height: 36 } as const;
const HEAD = { width: 300, height: 84 } as const;
const SCALE = 2;

/** Paints the table of a run with its date and machine as a PNG, in the page's present colours. */
export function heatmapImage(run: LatencyRun, host: Element): Promise<Blob> {
  const { chunks, rows } = latencyTable(
    run.cells.map(({ cell }) => cell),
    run.cells,
  );
  const style = getComputedStyle(host);
  const colour = (name: string): string => resolveColour(style, `--antiphon-${name}`);
  const canvas = document.createElement("canvas");
  canvas.width = SCALE * (HEAD.width + chunks.length * CELL.width + 24);
  canvas.height = SCALE * (HEAD.height + rows.length * CELL.height + 24);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("Cannot paint the table: this browser has no 2D canvas left");
  context.scale(SCALE, SCALE);
  context.fillStyle = colour("surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  const write = (text: string, x: number, y: number, font = "13px system-ui, sans-serif", fill = "text"): void => {
    context.font = font;
    context.fillStyle = colour(fill);
    context.fillText(text, x, y);
  };
  write("Antiphon latency, median in ms", 16, 24, "600 16px system-ui, sans-serif");
  const { environment } = run;
  write(
    `${run.startedAt.slice(0, 16).replace("T", " ")} UTC · ${environment.platform} · ${environment.processors} processors`,
    16,
    46,
    "12px system-ui, sans-serif",
    "muted",
  );
  context.textAlign = "center";
  for (const [column, chunk] of chunks.entries()) {
    write(chunk, HEAD.width + (column + 0.5) * CELL.width, HEAD.height - 14, "12px system-ui, sans-serif", "muted");
  }
  for (const [line, row] of rows.entries()) {
    const top = HEAD.height + line * CELL.height;
    context.textAlign = "start";
    write(`${row.path} · ${row.rate} · ${row.buffer}`, 16, top + CELL.height / 2);
    context.textAlign = "center";
    for (const [column, cell] of row.cells.entries()) {
      if (cell === undefined) continue;
      const { result } = cell;
      const median = result?.status === "measured" ? result.delay?.p50 : undefined;
      const left = HEAD.width + column * CELL.width;
      context.fillStyle = colour("surface-2");
      context.fillRect(left + 1, top + 1, CELL.width - 2, CELL.height - 2);
      if (median !== undefined) {
        context.fillStyle = colour("ok-soft");
        context.fillRect(left + 1, top + 1, CELL.width - 2, CELL.height - 2);
        context.globalAlpha = heat(median);
        context.fillStyle = colour("bad-soft");
        context.fillRect(left + 1, top + 1, CELL.width - 2, CELL.height - 2);
        context.globalAlpha = 1;
      }
      write(cellText(result), left + CELL.width / 2, top + CELL.height / 2);
    }
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("Cannot paint the table as PNG")) : resolve(blob)));
  });
}
