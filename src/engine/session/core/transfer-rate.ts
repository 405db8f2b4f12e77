/** Weight of a new second against the seconds before. */
const SMOOTHING = 0.3;

/** Shortest span over which a rate is taken, ms. */
const SPAN_MS = 500;

/** The speed of a transfer, for people: smoothed over a few seconds. Time is given by the caller, in ms. */
export class TransferRate {
  #startMs: number;
  #bytes = 0;
  #rate = 0;
  #hasRate = false;

  constructor(nowMs: number) {
    this.#startMs = nowMs;
  }

  /** Bytes a second; 0 before half a second has passed. */
  get bytesPerSecond(): number {
    return this.#rate;
  }

  /** Counts `bytes` that have just gone through. */
  add(bytes: number, nowMs: number): void {
    this.#bytes += bytes;
    const elapsedMs = nowMs - this.#startMs;
    if (elapsedMs < SPAN_MS) {
      return;
    }
    const rate = (this.#bytes * 1000) / elapsedMs;
    this.#rate = this.#hasRate ? this.#rate + SMOOTHING * (rate - this.#rate) : rate;
    this.#hasRate = true;
    this.#bytes = 0;
    this.#startMs = nowMs;
  }

  /** Begins anew after a pause. */
  restart(nowMs: number): void {
    this.#bytes = 0;
    this.#rate = 0;
    this.#hasRate = false;
    this.#startMs = nowMs;
  }
}
