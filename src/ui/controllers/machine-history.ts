import type { MachineCounters } from "./machine-counters.ts";

/** Samples kept: four minutes at two a second. */
const MAX_SAMPLES = 480;

/** One moment of this machine, as it was since the sample before. Undefined where nothing is known. */
export type MachineSample = {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Times the output ran dry. */
  readonly underruns: number | undefined;
  /** Share of one processor core that the microphone's chain and encoder took, 0…100. */
  readonly captureLoadPercent: number | undefined;
  /** Frames that the network thread did not take in time. */
  readonly overruns: number | undefined;
};

/** What the last minutes cost this machine, and where it fell behind. */
export class MachineHistory {
  readonly #samples: MachineSample[] = [];
  #before: (MachineCounters & { readonly now: number }) | undefined;

  /** Oldest first. */
  get samples(): readonly MachineSample[] {
    return this.#samples;
  }

  /** Forgets everything: another call begins. */
  clear(): void {
    this.#samples.length = 0;
    this.#before = undefined;
  }

  /** Takes a sample at `at`, ms since 1970; `now` is the same moment on a clock that never jumps, ms. */
  sample(counters: MachineCounters, { at, now }: { readonly at: number; readonly now: number }): void {
    const before = this.#before;
    this.#before = { ...counters, now };
    if (before === undefined) {
      return;
    }
    const cost = growth(before.costMs, counters.costMs);
    this.#samples.push({
      at,
      underruns: growth(before.underruns, counters.underruns),
      captureLoadPercent: cost === undefined ? undefined : (100 * cost) / (now - before.now),
      overruns: growth(before.overruns, counters.overruns),
    });
    if (this.#samples.length > MAX_SAMPLES) {
      this.#samples.shift();
    }
  }
}

/** How much a counter grew; undefined when it is unknown or has started over. */
function growth(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}
