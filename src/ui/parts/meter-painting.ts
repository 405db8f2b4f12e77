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

/** What a meter shows, in pixels from its floor. Markers that rest at the floor are not shown: −1. */
export type MeterPicture = {
  readonly length: number;
  readonly bar: number;
  readonly rms: number;
  readonly held: number;
  readonly isHeldHot: boolean;
  readonly isClipped: boolean;
};

/** What a meter of `length` pixels shows. */
export function meterPicture(meter: MeterBallistics, length: number): MeterPicture {
  const at = (levelDb: number): number => Math.round(meterPosition(levelDb) * length);
  return {
    length,
    bar: at(meter.barDb),
    rms: meter.rmsDb > METER_FLOOR_DB ? at(meter.rmsDb) : -1,
    held: meter.heldDb > METER_FLOOR_DB ? at(meter.heldDb) : -1,
    isHeldHot: meter.heldDb > METER_HOT_DB,
    isClipped: meter.isClipped,
  };
}

/** Whether painting `picture` would change nothing about `painted`. */
export function isSamePicture(picture: MeterPicture, painted: MeterPicture | undefined): boolean {
  return (
    painted !== undefined &&
    picture.length === painted.length &&
    picture.bar === painted.bar &&
    picture.rms === painted.rms &&
    picture.held === painted.held &&
    picture.isHeldHot === painted.isHeldHot &&
    picture.isClipped === painted.isClipped
  );
}

/**
 * Draws a meter over the whole canvas, along x or, when `isVertical`, from the bottom up. The zones differ in colour and by
 * notches cut at their borders, so that they are told apart without colour.
 */
export function paintMeter(
  context: CanvasRenderingContext2D,
  picture: MeterPicture,
  options: { readonly colours: MeterColours; readonly isVertical: boolean; readonly scale: number },
): void {
  const { colours, isVertical, scale } = options;
  const { length, bar, rms, held } = picture;
  const { width, height } = context.canvas;
  const caution = Math.round(meterPosition(METER_CAUTION_DB) * length);
  const hot = Math.round(meterPosition(METER_HOT_DB) * length);
  const fill = (from: number, to: number, colour: string): void => {
    if (to > from) {
      strip(context, isVertical, from, to - from, colour);
    }
  };
  context.clearRect(0, 0, width, height);
  fill(0, length, colours.well);
  fill(0, Math.min(bar, caution), colours.ok);
  fill(caution, Math.min(bar, hot), colours.warn);
  fill(hot, bar, colours.bad);
  const notch = Math.max(1, Math.round(scale));
  context.globalAlpha = 0.55;
  fill(caution, caution + notch * 2, colours.well);
  fill(hot, hot + notch * 2, colours.well);
  context.globalAlpha = 1;
  if (rms >= 0) {
    marker(context, isVertical, rms, isVertical ? width : height, colours.text, notch);
  }
  if (held >= 0) {
    const at = Math.min(length - notch * 2, held);
    fill(at, at + notch * 2, picture.isHeldHot ? colours.bad : colours.text);
  }
  if (picture.isClipped) {
    fill(length - notch * 5, length, colours.bad);
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
