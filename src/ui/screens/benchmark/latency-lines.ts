import type { LatencyCellResult, LatencyPathName, MeasuredLatency } from "../../../engine/index.ts";
import { pathLabel, rateLabel } from "./path-labels.ts";

/** One line of the plot; `values` are medians in ms, null where there is none. */
export type LatencyLine = {
  readonly label: string;
  readonly colour: string;
  readonly isDashed: boolean;
  readonly values: readonly (number | null)[];
};

/** The plot: chunk lengths in ms, ascending, and a line for each path and rate. */
export type LatencyLines = { readonly chunksMs: readonly number[]; readonly lines: readonly LatencyLine[] };

const COLOURS = ["stage-1", "stage-5", "stage-4", "stage-2", "stage-3", "stage-6", "stage-7"] as const;

/** The browser's own track is the yardstick: always dashed. */
const YARDSTICK: LatencyPathName = "native-webrtc";

const lengthMs = ({ cell, sampleRate }: MeasuredLatency): number =>
  "frameMs" in cell.chunk ? cell.chunk.frameMs : (1_000 * cell.chunk.quantumFrames) / sampleRate;

/** Arranges what was measured for a plot over chunk lengths. The browser's track, which has one, becomes a level line. */
export function latencyLines(results: readonly LatencyCellResult[]): LatencyLines {
  const measured = results.filter(
    (result): result is MeasuredLatency => result.status === "measured" && result.delay !== undefined,
  );
  const chunksMs = [...new Set(measured.map(lengthMs))].sort((a, b) => a - b);
  const groups = new Map<string, MeasuredLatency[]>();
  for (const result of measured) {
    const label = `${pathLabel(result.cell)}, ${rateLabel(result.cell.sampleRate)}`;
    groups.set(label, [...(groups.get(label) ?? []), result]);
  }
  const lines = [...groups].map(([label, group], index): LatencyLine => {
    const isYardstick = group[0]?.cell.path === YARDSTICK;
    const values = chunksMs.map((chunk) => {
      const found = isYardstick ? group[0] : group.find((result) => lengthMs(result) === chunk);
      return found?.delay?.p50 ?? null;
    });
    return { label, colour: COLOURS[index % COLOURS.length] ?? "accent", isDashed: isYardstick, values };
  });
  return { chunksMs, lines };
}
