/** Gives a canvas that fills a box of `size` CSS pixels as many pixels as that box has on the screen. It is empty then. */
export function fitCanvas(canvas: HTMLCanvasElement, size: Pick<DOMRectReadOnly, "width" | "height">): void {
  canvas.width = Math.max(1, Math.round(size.width * devicePixelRatio));
  canvas.height = Math.max(1, Math.round(size.height * devicePixelRatio));
}
