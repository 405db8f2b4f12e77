/** Colours of a waveform, as the canvas takes them. */
export type WaveformColours = { readonly played: string; readonly rest: string };

/** Where a waveform is drawn and how far it is played. */
export type WaveformView = {
  readonly colours: WaveformColours;
  /** Share of the bars that is played, 0…1. */
  readonly played: number;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
};

/** Lowest bar, CSS pixels: silence is still a line to click on. */
const LEAST_HEIGHT = 3;

/** Share of a bar's step that is left free. */
const GAP_SHARE = 0.4;

/** Reads the colours from the page's tokens. */
export function readWaveformColours(element: Element): WaveformColours {
  const style = getComputedStyle(element);
  return { played: style.color, rest: style.borderColor };
}

/** Draws bars of 0…255, mirrored around the middle, over the whole canvas. The step from played to rest may cut a bar. */
export function paintWaveform(context: CanvasRenderingContext2D, bars: ArrayLike<number>, view: WaveformView): void {
  const { width, height } = context.canvas;
  const step = width / Math.max(1, bars.length);
  const barWidth = Math.max(1, step * (1 - GAP_SHARE));
  const edge = view.played * width;
  context.clearRect(0, 0, width, height);
  for (let index = 0; index < bars.length; index += 1) {
    // The square root shows quiet speech: linear peaks make everything but shouting a line.
    const share = Math.sqrt((bars[index] ?? 0) / 255);
    const barHeight = Math.max(LEAST_HEIGHT * view.scale, share * height);
    const x = index * step + (step - barWidth) / 2;
    const y = (height - barHeight) / 2;
    const playedWidth = Math.max(0, Math.min(barWidth, edge - x));
    paintBar(context, { x, y, width: barWidth, height: barHeight, colour: view.colours.rest });
    if (playedWidth > 0) {
      context.save();
      context.beginPath();
      context.rect(x, 0, playedWidth, height);
      context.clip();
      paintBar(context, { x, y, width: barWidth, height: barHeight, colour: view.colours.played });
      context.restore();
    }
  }
}

type Bar = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
};

function paintBar(context: CanvasRenderingContext2D, { x, y, width, height, colour }: Bar): void {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(width, height) / 2);
  context.fill();
}
