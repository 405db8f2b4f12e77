/** A rate limit: `perSecond` on average, with bursts of up to `burst`. Time is given by the caller, in milliseconds. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #updatedMs: number;

  constructor(options: { readonly perSecond: number; readonly burst: number }, nowMs: number) {
    this.#perMs = options.perSecond / 1000;
    this.#burst = options.burst;
    this.#tokens = options.burst;
    this.#updatedMs = nowMs;
  }

  /** Takes `count` tokens; false, and none taken, when there are not enough. A clock that steps back is ignored. */
  take(nowMs: number, count = 1): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#updatedMs);
    this.#updatedMs = Math.max(this.#updatedMs, nowMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedMs * this.#perMs);
    if (this.#tokens < count) {
      return false;
    }
    this.#tokens -= count;
    return true;
  }

  /** Whether the bucket is full again: nothing was taken for long enough that it can be forgotten. */
  isFull(nowMs: number): boolean {
    return this.#tokens + Math.max(0, nowMs - this.#updatedMs) * this.#perMs >= this.#burst;
  }
}
