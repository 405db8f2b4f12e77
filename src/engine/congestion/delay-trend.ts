import type { Milliseconds } from "../media/units.ts";

/** Packets in the regression window (libwebrtc trendline_estimator, 2026-07). */
const WINDOW = 20;
/** Smoothing of the accumulated delay (same source). */
const SMOOTHING = 0.9;
/** Gain of the slope (same source). */
const GAIN = 4;
/** The slope is weighted by the number of packets seen, up to this many (same source). */
const MAX_WEIGHT = 60;
/** Adaptive threshold: start, bounds, and adaptation per ms below and above it (same source). */
const THRESHOLD = { start: 12.5, min: 6, max: 600, down: 0.039, up: 0.0087 } as const;
/** A slope this far above the threshold is an outlier (a route change) and does not move it (same source). */
const MAX_ADAPT_OFFSET = 15;
/** A packet after a pause this long starts a new regression: the queue has changed unobserved. */
const MAX_GAP_MS: Milliseconds = 1000;

/**
 * Slope of the one-way delay over the newest packets, by linear regression, against a threshold that adapts to the path's jitter
 * (Carlucci et al., "Analysis and design of the Google congestion control", 2016). Late packets are left out: their order
 * would read as a slope. Allocates nothing.
 */
export class DelayTrend {
  readonly #arrivals = new Float64Array(WINDOW);
  readonly #delays = new Float64Array(WINDOW);
  #count = 0;
  #weight = 0;
  #accumulated = 0;
  #smoothed = 0;
  #lastArrival: Milliseconds = 0;
  #lastSent: Milliseconds = 0;
  #threshold: number = THRESHOLD.start;
  #ratio = 0;

  /** Slope in units of the threshold after the newest packet: above 1 means that a queue is growing; 0 until the window fills. */
  get ratio(): number {
    return this.#ratio;
  }

  /** Takes one packet's send and arrival time, ms on two unrelated clocks that do not wrap. */
  update(sent: Milliseconds, arrival: Milliseconds): void {
    if (this.#weight === 0 || arrival - this.#lastArrival > MAX_GAP_MS) {
      this.#restart(sent, arrival);
      return;
    }
    if (sent <= this.#lastSent) return;
    const elapsed = arrival - this.#lastArrival;
    this.#accumulated += elapsed - (sent - this.#lastSent);
    this.#smoothed = SMOOTHING * this.#smoothed + (1 - SMOOTHING) * this.#accumulated;
    this.#lastSent = sent;
    this.#lastArrival = arrival;
    this.#arrivals[this.#count % WINDOW] = arrival;
    this.#delays[this.#count % WINDOW] = this.#smoothed;
    this.#count++;
    this.#weight = Math.min(MAX_WEIGHT, this.#weight + 1);
    if (this.#count < WINDOW) return;
    const trend = this.#weight * this.#slope() * GAIN;
    this.#adapt(Math.abs(trend), Math.min(100, Math.max(0, elapsed)));
    this.#ratio = trend / this.#threshold;
  }

  #restart(sent: Milliseconds, arrival: Milliseconds): void {
    this.#count = 0;
    this.#weight = 1;
    this.#accumulated = 0;
    this.#smoothed = 0;
    this.#ratio = 0;
    this.#lastSent = sent;
    this.#lastArrival = arrival;
  }

  #slope(): number {
    let sumX = 0;
    let sumY = 0;
    const origin = this.#arrivals[this.#count % WINDOW] ?? 0;
    for (let i = 0; i < WINDOW; i++) {
      sumX += (this.#arrivals[i] ?? 0) - origin;
      sumY += this.#delays[i] ?? 0;
    }
    const meanX = sumX / WINDOW;
    const meanY = sumY / WINDOW;
    let numerator = 0;
    let denominator = 0;
    for (let i = 0; i < WINDOW; i++) {
      const x = (this.#arrivals[i] ?? 0) - origin - meanX;
      numerator += x * ((this.#delays[i] ?? 0) - meanY);
      denominator += x * x;
    }
    return denominator > 0 ? numerator / denominator : 0;
  }

  #adapt(magnitude: number, elapsed: Milliseconds): void {
    if (magnitude > this.#threshold + MAX_ADAPT_OFFSET) return;
    const gain = magnitude < this.#threshold ? THRESHOLD.down : THRESHOLD.up;
    const moved = this.#threshold + gain * (magnitude - this.#threshold) * elapsed;
    this.#threshold = Math.min(THRESHOLD.max, Math.max(THRESHOLD.min, moved));
  }
}
