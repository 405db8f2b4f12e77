/** Ticks per sub-window; the floor is the minimum over the last eight, about 1.9 s at 10 ms a tick. */
const SUB_WINDOW = 24;
const SUB_WINDOWS = 8;
/** Smoothing of the level before the minimum is taken, per tick. */
const SMOOTHING = 0.3;
/**
 * A minimum over many ticks lies below the mean of steady noise; this corrects it (minimum statistics, Martin 2001), measured
 * with white and pink noise.
 */
const BIAS_DB = 1.5;
/** Reported until the first sub-window is full, dBFS. */
const INITIAL_DB = -70;

/** Tracks the level of background noise under speech: the minimum of the smoothed level over the last two seconds. One tick = 10 ms. */
export class NoiseFloor {
  readonly #minima = new Float64Array(SUB_WINDOWS).fill(Number.POSITIVE_INFINITY);
  #slot = 0;
  #count = 0;
  #smoothed = Number.NaN;
  #current = Number.POSITIVE_INFINITY;
  #levelDb = INITIAL_DB;

  /** dBFS (RMS). */
  get levelDb(): number {
    return this.#levelDb;
  }

  /** Takes the RMS level of one tick, dBFS. Digital silence says nothing about the noise and is skipped. */
  update({ levelDb }: { readonly levelDb: number }): void {
    if (levelDb <= -100) return;
    this.#smoothed = Number.isFinite(this.#smoothed)
      ? this.#smoothed + SMOOTHING * (levelDb - this.#smoothed)
      : levelDb;
    if (this.#smoothed < this.#current) this.#current = this.#smoothed;
    if (++this.#count === SUB_WINDOW) {
      this.#minima[this.#slot] = this.#current;
      this.#slot = (this.#slot + 1) % SUB_WINDOWS;
      this.#count = 0;
      this.#current = this.#smoothed;
    }
    let minimum = this.#current;
    for (let i = 0; i < SUB_WINDOWS; i++) minimum = Math.min(minimum, this.#minima[i] as number);
    this.#levelDb = minimum + BIAS_DB;
  }

  /** Forgets the past. */
  reset(): void {
    this.#minima.fill(Number.POSITIVE_INFINITY);
    this.#slot = 0;
    this.#count = 0;
    this.#smoothed = Number.NaN;
    this.#current = Number.POSITIVE_INFINITY;
    this.#levelDb = INITIAL_DB;
  }
}
