const SLOTS = 64;
const MASK = SLOTS - 1;
/** A share of 1. Shares are whole numbers: what is computed seldom is never compiled, and would put each fraction on the heap. */
const ALL = 2 ** 24;
/** Weight of one missing frame: 1/8. */
const WEIGHT_SHIFT = 3;
/** Share of missing frames that come soon after all, from which waiting for one is worth it. */
const LIKELY = ALL / 2;

/**
 * Remembers which frames were missing when they were needed though later ones were there, and how many of those came after all:
 * whether a gap in the numbers means loss or reordering. No allocation.
 */
export class ReorderingHistory {
  readonly #missed = new Float64Array(SLOTS).fill(-1);
  /** A new path gets the benefit of the doubt: waiting once for a lost frame costs little. */
  #share = ALL;

  /** Whether a frame that is missing now will probably still come. */
  get isLikely(): boolean {
    return this.#share > LIKELY;
  }

  /** A frame was given up. */
  missed(sequence: number): void {
    this.#missed[sequence & MASK] = sequence;
    this.#share -= this.#share >> WEIGHT_SHIFT;
  }

  /** A frame came after its time. */
  came(sequence: number): void {
    if (this.#missed[sequence & MASK] !== sequence) return;
    this.#missed[sequence & MASK] = -1;
    this.#share = Math.min(ALL, this.#share + ((2 * ALL) >> WEIGHT_SHIFT));
  }

  /** A frame was waited for, and came. */
  awaited(): void {
    this.#share += (ALL - this.#share) >> WEIGHT_SHIFT;
  }

  /** Forgets the path. */
  reset(): void {
    this.#missed.fill(-1);
    this.#share = ALL;
  }
}
