import type { Milliseconds } from "../media/units.ts";

/** Token bucket: at most `perSecond` events a second on average, `burst` at once. Allocates nothing. */
export class RateLimiter {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #updated: Milliseconds;

  constructor(options: { readonly perSecond: number; readonly burst: number; readonly now: Milliseconds }) {
    this.#burst = options.burst;
    this.#perMs = options.perSecond / 1000;
    this.#tokens = options.burst;
    this.#updated = options.now;
  }

  /** Whether one more event may pass at `now`; takes a token if so. */
  admit(now: Milliseconds): boolean {
    const elapsed = Math.max(0, now - this.#updated);
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#perMs);
    this.#updated = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
