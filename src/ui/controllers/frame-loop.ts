/** Called once a frame with the frame's time in milliseconds (the clock of `performance.now()`). */
export type FrameCallback = (now: number) => void;

/**
 * The one animation-frame loop of the page. Everything that moves at the rate of the screen (meters, rings, plots) is drawn from
 * here, so an idle page asks for no frames and a hidden one draws nothing.
 */
class FrameLoop {
  readonly #callbacks = new Set<FrameCallback>();
  #request = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#update());
  }

  /** Adds a callback and returns the function that takes it away again. */
  add(callback: FrameCallback): () => void {
    this.#callbacks.add(callback);
    this.#update();
    return () => {
      this.#callbacks.delete(callback);
      this.#update();
    };
  }

  #update(): void {
    const isWanted = this.#callbacks.size > 0 && document.visibilityState === "visible";
    if (isWanted && this.#request === 0) {
      this.#request = requestAnimationFrame(this.#frame);
    } else if (!isWanted && this.#request !== 0) {
      cancelAnimationFrame(this.#request);
      this.#request = 0;
    }
  }

  readonly #frame = (now: number): void => {
    this.#request = 0;
    for (const callback of this.#callbacks) {
      callback(now);
    }
    this.#update();
  };
}

/** The page's shared loop. */
export const frameLoop = new FrameLoop();
