import type { Milliseconds } from "../media/units.ts";

/** How long a better value must be possible before it is taken, and a worse one needed before it is obeyed, ms. */
const UP_HOLD_MS: Milliseconds = 5000;
const DOWN_HOLD_MS: Milliseconds = 500;
/** An upward step undone within this time was wrong, ms: it is undone at once, and doubles the wait for the next, up to the limit. */
const REGRET_MS: Milliseconds = 8000;
const MAX_UP_HOLD_MS: Milliseconds = 60_000;

/**
 * A step on a ladder (0 = best) that goes down soon and up late, and later still after an upward step that had to be undone.
 */
export class Hysteresis {
  /** The current step. */
  step: number;
  #upSince: Milliseconds | undefined;
  #downSince: Milliseconds | undefined;
  #upHold: Milliseconds = UP_HOLD_MS;
  #raisedAt: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(step: number) {
    this.step = step;
  }

  /**
   * Moves towards what the situation asks for: `needed` is the step needed now (go down to it if it is worse), `safe` the step that
   * would be safe with margin (go up one at a time). Returns whether the step changed.
   */
  update(needed: number, safe: number, now: Milliseconds): boolean {
    this.#downSince = needed > this.step ? (this.#downSince ?? now) : undefined;
    this.#upSince = safe < this.step ? (this.#upSince ?? now) : undefined;
    const isRegretted = now - this.#raisedAt < REGRET_MS;
    if (this.#downSince !== undefined && now - this.#downSince >= (isRegretted ? 0 : DOWN_HOLD_MS)) {
      if (isRegretted) this.#upHold = Math.min(MAX_UP_HOLD_MS, this.#upHold * 2);
      this.#move(needed);
      return true;
    }
    if (this.#upSince !== undefined && now - this.#upSince >= this.#upHold) {
      if (now - this.#raisedAt > MAX_UP_HOLD_MS) this.#upHold = UP_HOLD_MS;
      this.#raisedAt = now;
      this.#move(this.step - 1);
      return true;
    }
    return false;
  }

  /** How long a better value must be possible before it is taken now, ms: longer after a regret. */
  get upHoldMs(): Milliseconds {
    return this.#upHold;
  }

  /** Goes up to `step` without waiting, on evidence; counts as a step up. Returns true. */
  raise(step: number, now: Milliseconds): true {
    if (now - this.#raisedAt > MAX_UP_HOLD_MS) this.#upHold = UP_HOLD_MS;
    this.#raisedAt = now;
    this.#move(step);
    return true;
  }

  /** Goes to `step` without waiting. */
  reset(step: number): void {
    this.#move(step);
  }

  #move(step: number): void {
    this.step = step;
    this.#upSince = undefined;
    this.#downSince = undefined;
  }
}
