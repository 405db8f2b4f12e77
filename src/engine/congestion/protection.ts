import type { Milliseconds } from "../media/units.ts";
import { Hysteresis } from "./hysteresis.ts";

/** Redundancy never reaches farther back than this, ms: the listener's jitter buffer has to wait for it. */
const MAX_REACH_MS: Milliseconds = 130;

/** One step of a ladder over loss: above `enter` it applies, under `leave` the next lower one is safe. */
interface Step {
  readonly enter: number;
  readonly leave: number;
}

/** Smoothed loss at which each level of protection applies, worst first; none is implied. */
const LEVELS: readonly Step[] = [
  { enter: 0.15, leave: 0.12 },
  { enter: 0.05, leave: 0.04 },
  { enter: 0.01, leave: 0.006 },
];

/** Smoothed loss at which the encoder is told to expect each of {@link EXPECTED_PERCENT}, worst first. */
const EXPECTED: readonly Step[] = [
  { enter: 0.25, leave: 0.2 },
  { enter: 0.15, leave: 0.12 },
  { enter: 0.075, leave: 0.06 },
  { enter: 0.01, leave: 0.006 },
];
/** Opus does not gain from a higher expected loss. */
const EXPECTED_PERCENT: readonly number[] = [0, 5, 10, 20, 30];

/** Mean burst length, in packets, from which copies are spread. */
const SPREADING: readonly Step[] = [{ enter: 1.5, leave: 1.3 }];

/**
 * Where copies of older frames lie, by spread and by their number. In a burst, neighbours die together: spread copies survive it,
 * and cost the listener as much waiting as they reach back. At up to 15 % loss near copies sound the same and are 18 ms quicker (PLCMOS
 * 4.33 and 4.34 in bursts of 2), at more they do not (3.88 and 4.06 at 20 % in bursts of 3). A third spread copy would cost another
 * 20 ms and a fourth part of the channel's congestion window for one frame in a hundred (Gilbert–Elliott bursts, in virtual time).
 */
const DISTANCES: readonly (readonly (readonly number[])[])[] = [
  [[], [1], [1, 2], [1, 2, 3]],
  [[], [2], [1, 2], [2, 3]],
];

/**
 * Copies of frames this short stay near, and a third one is worth its bytes: three of them one to three frames back are heard as soon as two
 * lying two and three back, and sound as well (PLCMOS 4.17 and 4.00 at 20 % loss in bursts of 3, 3.79 and 3.84 at 30 %, in virtual time).
 */
const SHORT_FRAME_MS: Milliseconds = 10;
/** So long without any loss, as a share of the usual wait for less, and protection ends at once: averages take longer to forget. */
const CLEAN_SHARE = 0.8;

/** Decides how much protection the loss calls for: more within half a second, less after five quiet seconds. */
export class ProtectionController {
  // Step 0 of each ladder, its best, is a path that needs none.
  readonly #level = new Hysteresis(0);
  readonly #expected = new Hysteresis(0);
  readonly #spread = new Hysteresis(0);

  /** 0 none, 1 for up to 5 % loss, 2 for up to 15 %, 3 beyond. */
  get level(): number {
    return this.#level.step;
  }

  /** Loss that the encoder should expect, %. */
  get expectedLossPercent(): number {
    return EXPECTED_PERCENT[this.#expected.step] ?? 0;
  }

  /** How many frames of `frameMs` back each of `count` copies should lie, nearest first. */
  distances(count: number, frameMs: Milliseconds): readonly number[] {
    const spread = frameMs <= SHORT_FRAME_MS && count > 1 ? 0 : this.#spread.step;
    const wanted = DISTANCES[spread]?.[count] ?? [];
    return wanted.filter((distance, index) => index === 0 || distance * frameMs <= MAX_REACH_MS);
  }

  /** Follows the smoothed loss (0..1), the mean length of its bursts in packets, and how long there has been none. */
  update(loss: number, meanBurst: number, cleanMs: Milliseconds, now: Milliseconds): void {
    follow(this.#level, LEVELS, loss, cleanMs, now);
    follow(this.#expected, EXPECTED, loss, cleanMs, now);
    climb(this.#spread, SPREADING, meanBurst, now);
  }
}

function follow(
  ladder: Hysteresis,
  steps: readonly Step[],
  loss: number,
  cleanMs: Milliseconds,
  now: Milliseconds,
): void {
  if (ladder.step > 0 && cleanMs >= CLEAN_SHARE * ladder.upHoldMs) ladder.raise(0, now);
  else if (cleanMs < CLEAN_SHARE * ladder.upHoldMs) climb(ladder, steps, loss, now);
}

function climb(ladder: Hysteresis, steps: readonly Step[], value: number, now: Milliseconds): void {
  ladder.update(stepFor(steps, value, "enter"), stepFor(steps, value, "leave"), now);
}

function stepFor(steps: readonly Step[], value: number, bound: keyof Step): number {
  const index = steps.findIndex((step) => value > step[bound]);
  return index < 0 ? 0 : steps.length - index;
}
