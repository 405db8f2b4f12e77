import type UPlot from "uplot";
import { resolveColour } from "./meter-painting.ts";

/** Colours of a plot in the page's present theme. */
export type PlotStyle = {
  /** The colour behind a token named without its prefix, such as `accent`. */
  readonly colour: (name: string) => string;
  /** What every axis has in common. */
  readonly axis: UPlot.Axis;
};

/** Reads the colours that plots under `host` are painted with now; read them again when `colourEpoch` has moved. */
export function plotStyle(host: Element): PlotStyle {
  const style = getComputedStyle(host);
  const colour = (name: string): string => resolveColour(style, `--antiphon-${name}`);
  return {
    colour,
    axis: {
      stroke: colour("muted"),
      font: "11px system-ui, sans-serif",
      grid: { stroke: colour("hairline"), width: 1 },
      ticks: { show: false },
    },
  };
}
