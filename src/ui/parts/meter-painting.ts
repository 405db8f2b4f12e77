import {
  METER_CAUTION_DB,
  METER_FLOOR_DB,
  METER_HOT_DB,
  type MeterBallistics,
  meterPosition,
} from "./meter-ballistics.ts";

/** Colours of a meter, read from the tokens of the element it is drawn in. */
export type MeterColours = {
  readonly well: string;
  readonly ok: string;
  readonly warn: string;
  readonly bad: string;
  readonly text: string;
  readonly border: string;
};

/** Resolves the token colours where `element` stands. `light-dark()` is resolved by the browser through a probe property. */
export function readMeterColours(element: Element): MeterColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => resolveColour(style, name);
  return {
    well: read("--antiphon-well"),
    ok: read("--antiphon-ok"),
    warn: read("--antiphon-warn"),
    bad: read("--antiphon-bad"),
    text: read("--antiphon-text"),
    border: read("--antiphon-border"),
  };
}

/** Picks the half of a `light-dark(a, b)` token that applies; a canvas takes only plain colours. */
export function resolveColour(style: CSSStyleDeclaration, name: string): string {
  const value = style.getPropertyValue(name).trim();
  const pair = /^light-dark\(\s*([^,]+),\s*([^)]+)\)$/.exec(value);
  if (pair === null) {
    return value;
  }
  return (isDark(style) ? pair[2] : pair[1])?.trim() ?? value;
}

function isDark(style: CSSStyleDeclaration): boolean {
  const scheme = style.colorScheme;
  if (scheme.includes("light") && scheme.includes("dark")) {
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }
  return scheme.includes("dark");
}

/**
 * Draws a meter over the whole canvas, along x or, when `isVertical`, from the bottom up. The zones differ in colour and by
 * notches cut at their borders, so that they are told apart without colour.
 */
export function paintMeter(
  context: CanvasRenderingContext2D,
  meter: MeterBallistics,
  options: { readonly colours: MeterColours; readonly isVertical: boolean; readonly scale: number },
): void {
  const { colours, isVertical, scale } = options;
  const { width, height } = context.canvas;
  const length = isVertical ? height : width;
  const breadth = isVertical ? width : height;
  const fill = (fromDb: number, toDb: number, colour: string): void => {
    const from = Math.round(meterPosition(fromDb) * length);
    const to = Math.round(meterPosition(toDb) * length);
    strip(context, isVertical, from, Math.max(0, to - from), colour);
  };
  context.clearRect(0, 0, width, height);
  strip(context, isVertical, 0, length, colours.well);
  fill(METER_FLOOR_DB, Math.min(meter.barDb, METER_CAUTION_DB), colours.ok);
  if (meter.barDb > METER_CAUTION_DB) {
    fill(METER_CAUTION_DB, Math.min(meter.barDb, METER_HOT_DB), colours.warn);
  }
  if (meter.barDb > METER_HOT_DB) {
    fill(METER_HOT_DB, Math.min(meter.barDb, 0), colours.bad);
  }
  const notch = Math.max(1, Math.round(scale));
  context.globalAlpha = 0.55;
  for (const notchDb of [METER_CAUTION_DB, METER_HOT_DB]) {
    strip(context, isVertical, Math.round(meterPosition(notchDb) * length), notch * 2, colours.well);
  }
  context.globalAlpha = 1;
  if (meter.rmsDb > METER_FLOOR_DB) {
    marker(context, isVertical, meterPosition(meter.rmsDb) * length, breadth, colours.text, notch);
  }
  if (meter.heldDb > METER_FLOOR_DB) {
    const colour = meter.heldDb > METER_HOT_DB ? colours.bad : colours.text;
    strip(context, isVertical, Math.min(length - notch * 2, meterPosition(meter.heldDb) * length), notch * 2, colour);
  }
  if (meter.isClipped) {
    strip(context, isVertical, length - notch * 5, notch * 5, colours.bad);
  }
}

function strip(
  context: CanvasRenderingContext2D,
  isVertical: boolean,
  from: number,
  length: number,
  colour: string,
): void {
  const { width, height } = context.canvas;
  context.fillStyle = colour;
  if (isVertical) {
    context.fillRect(0, height - from - length, width, length);
  } else {
    context.fillRect(from, 0, length, height);
  }
}

function marker(
  context: CanvasRenderingContext2D,
  isVertical: boolean,
  at: number,
  breadth: number,
  colour: string,
  thickness: number,
): void {
  const inset = Math.round(breadth * 0.25);
  context.fillStyle = colour;
  context.globalAlpha = 0.7;
  if (isVertical) {
    context.fillRect(inset, context.canvas.height - at, breadth - inset * 2, thickness);
  } else {
    context.fillRect(at, inset, thickness, breadth - inset * 2);
  }
  context.globalAlpha = 1;
}
