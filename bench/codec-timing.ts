/** Frames not counted: a fresh codec and a fresh compilation are slow. */
const WARM_UP = 50;

/** µs of every call in the order of the calls, the first ones left out. */
export type CallTimes = readonly number[];

/** Takes the time of calls. */
export class CallTimer {
  readonly #times: number[] = [];

  /** Runs `work` and keeps how long it took. */
  time<Result>(work: () => Result): Result {
    const start = performance.now();
    const result = work();
    this.#times.push(1_000 * (performance.now() - start));
    return result;
  }

  /** All but the first calls. */
  get times(): CallTimes {
    return this.#times.slice(Math.min(WARM_UP, this.#times.length >> 1));
  }
}

/** The same calls in several rounds: of each its quickest time, since whatever else runs on the machine only adds. */
export function quickestTimes(rounds: readonly CallTimes[]): CallTimes {
  const [first = []] = rounds;
  return first.map((_, call) => Math.min(...rounds.map((round) => round[call] ?? Number.POSITIVE_INFINITY)));
}

/** Mean of the calls, µs. */
export function meanTime(times: CallTimes): number {
  if (times.length === 0) throw new Error("Nothing was timed: the signal is too short");
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}
