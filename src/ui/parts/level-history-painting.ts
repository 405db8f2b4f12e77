import type { LevelHistory } from "./level-history.ts";
import { resolveColour } from "./meter-painting.ts";

/** Bottom and top of the plot, dBFS. */
export const HISTORY_FLOOR_DB = -90;
const HISTORY_TOP_DB = 0;

/** A level that decides something, drawn as a line over the history. */
export type Threshold = {
  readonly id: string;
  readonly label: string;
  readonly levelDb: number;
  /** Whether it can be dragged. */
  readonly isMovable: boolean;
};

/** Colours of the plot. */
export type HistoryColours = {
  readonly well: string;
  readonly level: string;
  readonly sent: string;
  readonly floor: string;
  readonly line: string;
  readonly text: string;
  readonly grid: string;
};

/** Resolves the plot's colours where `element` stands. */
export function readHistoryColours(element: Element): HistoryColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => resolveColour(style, `--antiphon-${name}`);
  return {
    well: read("well"),
    level: read("border"),
    sent: read("ok"),
    floor: read("warn"),
    line: read("accent"),
    text: read("muted"),
    grid: read("hairline"),
  };
}

/** Distance of a level from the top of a plot of that height. */
export function historyY(levelDb: number, height: number): number {
  const share = (HISTORY_TOP_DB - levelDb) / (HISTORY_TOP_DB - HISTORY_FLOOR_DB);
  return Math.min(1, Math.max(0, share)) * height;
}

/** The level at a distance from the top. */
export function historyLevel(y: number, height: number): number {
  return HISTORY_TOP_DB - (y / height) * (HISTORY_TOP_DB - HISTORY_FLOOR_DB);
}

/** Draws the history with its grid, the noise floor and the thresholds. What was sent stands out in colour and in a bar along the bottom. */
export function paintHistory(
  context: CanvasRenderingContext2D,
  history: LevelHistory,
  options: { readonly colours: HistoryColours; readonly thresholds: readonly Threshold[]; readonly scale: number },
): void {
  const { colours, thresholds, scale } = options;
  const { width, height } = context.canvas;
  context.fillStyle = colours.well;
  context.fillRect(0, 0, width, height);
  paintGrid(context, colours, scale);
  const columnWidth = width / history.columns;
  for (let i = 0; i < history.columns; i++) {
    const column = (history.head + 1 + i) % history.columns;
    const top = historyY(history.levelDb[column] ?? HISTORY_FLOOR_DB, height);
    const isSent = history.isTransmitting[column] === 1;
    context.fillStyle = isSent ? colours.sent : colours.level;
    context.fillRect(i * columnWidth, top, Math.ceil(columnWidth), height - top);
    const floor = history.noiseFloorDb[column] ?? Number.NEGATIVE_INFINITY;
    if (floor > HISTORY_FLOOR_DB) {
      context.fillStyle = colours.floor;
      context.fillRect(i * columnWidth, historyY(floor, height), Math.ceil(columnWidth), Math.max(1, scale));
    }
  }
  for (const threshold of thresholds) {
    paintThreshold(context, threshold, { colours, scale });
  }
}

function paintGrid(context: CanvasRenderingContext2D, colours: HistoryColours, scale: number): void {
  const { width, height } = context.canvas;
  context.font = `${Math.round(10 * scale)}px system-ui, sans-serif`;
  context.textBaseline = "top";
  context.textAlign = "left";
  for (let levelDb = -20; levelDb > HISTORY_FLOOR_DB; levelDb -= 20) {
    const y = Math.round(historyY(levelDb, height));
    context.fillStyle = colours.grid;
    context.fillRect(0, y, width, Math.max(1, Math.round(scale)));
    context.fillStyle = colours.text;
    context.fillText(`−${-levelDb}`, 4 * scale, y + 2 * scale);
  }
}

function paintThreshold(
  context: CanvasRenderingContext2D,
  threshold: Threshold,
  options: { readonly colours: HistoryColours; readonly scale: number },
): void {
  const { colours, scale } = options;
  const { width, height } = context.canvas;
  const y = Math.round(historyY(threshold.levelDb, height));
  context.strokeStyle = colours.line;
  context.lineWidth = 2 * scale;
  context.setLineDash(threshold.isMovable ? [] : [4 * scale, 4 * scale]);
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
  context.setLineDash([]);
  const text = `${threshold.label} −${Math.abs(threshold.levelDb).toFixed(0)}`;
  context.font = `600 ${Math.round(11 * scale)}px system-ui, sans-serif`;
  context.textAlign = "right";
  const textWidth = context.measureText(text).width;
  const labelY = y < 20 * scale ? y + 3 * scale : y - 17 * scale;
  context.fillStyle = colours.well;
  context.globalAlpha = 0.8;
  context.fillRect(width - textWidth - 12 * scale, labelY, textWidth + 8 * scale, 15 * scale);
  context.globalAlpha = 1;
  context.fillStyle = colours.line;
  context.fillText(text, width - 8 * scale, labelY + 2 * scale);
}
