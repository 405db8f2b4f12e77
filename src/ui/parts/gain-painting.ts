/** Largest change that a gain meter shows, dB to either side. */
export const GAIN_SPAN_DB = 24;

/** Draws a gain as a bar from the middle: to the left for less, to the right for more, with a tick at 0 dB. */
export function paintGain(
  context: CanvasRenderingContext2D,
  gainDb: number,
  colours: { readonly well: string; readonly less: string; readonly more: string; readonly tick: string },
): void {
  const { width, height } = context.canvas;
  const middle = width / 2;
  const bounded = Math.min(GAIN_SPAN_DB, Math.max(-GAIN_SPAN_DB, gainDb));
  const length = (bounded / GAIN_SPAN_DB) * middle;
  context.fillStyle = colours.well;
  context.fillRect(0, 0, width, height);
  context.fillStyle = bounded < 0 ? colours.less : colours.more;
  context.fillRect(Math.min(middle, middle + length), 0, Math.abs(length), height);
  context.fillStyle = colours.tick;
  context.fillRect(Math.round(middle) - 1, 0, 2, height);
}
