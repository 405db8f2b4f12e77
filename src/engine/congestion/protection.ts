import type { Milliseconds } from "../media/units.ts";
import { Hysteresis } from "./hysteresis.ts";

/** Redundancy never reaches farther back than this, ms: the listener's jitter buffer has to wait for it. */
const MAX_REACH_MS: Milliseconds = 130;
/** Opus does not gain from a higher expected loss. */
const MAX_EXPECTED_LOSS_PERCENT = 30;

/** Loss above which each level applies (0 is implied) and under which the next lower becomes safe. */
const LEVELS = [
  { enter: 0.15, leave: 0.12 },
  { enter: 0.05, leave: 0.04 },
  { enter: 0.01, leave: 0.006 },
] as const;

/**
 * Where copies of older frames lie, for `count` copies of frames of `frameMs` on a path with loss bursts of `meanBurst` packets.
 * In a burst, neighbours die together: spread copies survive it, and cost the listener as much waiting as they reach back.
 */
export function redundancyDistances(count: number, meanBurst: number, frameMs: number): readonly number[] {
  const wanted = SPREADS.find((spread) => meanBurst < spread.maxBurst)?.byCount[count] ?? [];
  return wanted.filter((distance, index) => index === 0 || distance * frameMs <= MAX_REACH_MS);
}

const SPREADS: readonly { readonly maxBurst: number; readonly byCount: readonly (readonly number[])[] }[] = [
  { maxBurst: 1.4, byCount: [[], [1], [1, 2], [1, 2, 3]] },
  { maxBurst: 2.5, byCount: [[], [2], [1, 3], [1, 2, 4]] },
  { maxBurst: Number.POSITIVE_INFINITY, byCount: [[], [2], [2, 4], [1, 3, 5]] },
];

/** Decides how much protection the loss calls for: more at once, less after five quiet seconds. */
export class ProtectionController {
  // Step 0 of the ladder, its best, is a path that needs no protection.
  readonly #hysteresis = new Hysteresis(0);

  /** 0 none, 1 for up to 5 % loss, 2 for up to 15 %, 3 beyond. */
  get level(): number {
    return this.#hysteresis.step;
  }

  /** Follows the smoothed loss (0..1). Returns whether the level changed. */
  update(loss: number, now: Milliseconds): boolean {
    return this.#hysteresis.update(levelFor(loss, "enter"), levelFor(loss, "leave"), now);
  }
}

function levelFor(loss: number, bound: "enter" | "leave"): number {
  const index = LEVELS.findIndex((level) => loss > level[bound]);
  return index < 0 ? 0 : LEVELS.length - index;
}

/** Loss that the encoder should expect, %, from the smoothed loss (0..1). */
export function expectedLossPercent(loss: number): number {
  return Math.min(MAX_EXPECTED_LOSS_PERCENT, Math.round(loss * 20) * 5);
}
