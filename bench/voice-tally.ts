/** What a listener counts of the voices it hears, since its streams began. */
export type VoiceCounts = {
  /** Seconds that samples waited in the jitter buffer, summed over samples, and those samples. */
  readonly delay: number;
  readonly emitted: number;
  readonly concealed: number;
  readonly total: number;
  readonly received: number;
  readonly lost: number;
};

/** Adds up counts over time, also across a broken connection, after which a listener counts from zero. */
export class VoiceTally {
  #last: VoiceCounts;
  readonly #sum = { delay: 0, emitted: 0, concealed: 0, total: 0, received: 0, lost: 0 };

  /** Counts what comes after `start`. */
  constructor(start: VoiceCounts) {
    this.#last = start;
  }

  /** Takes the counts of now. */
  add(now: VoiceCounts): void {
    const hasRestarted = now.total < this.#last.total;
    for (const key of Object.keys(this.#sum) as (keyof VoiceCounts)[]) {
      this.#sum[key] += now[key] - (hasRestarted ? 0 : this.#last[key]);
    }
    this.#last = now;
  }

  /** Mean time in the jitter buffer, ms. */
  get jitterBufferMs(): number {
    return (1000 * this.#sum.delay) / Math.max(1, this.#sum.emitted);
  }

  get concealedPercent(): number {
    return percent(this.#sum.concealed, this.#sum.total);
  }

  get lostPercent(): number {
    return percent(this.#sum.lost, this.#sum.lost + this.#sum.received);
  }
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : (100 * part) / whole;
}
