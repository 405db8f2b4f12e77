import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { ClockFollower, refit } from "../../../src/engine/recording/clock-follower.ts";

const BATCH = 2_400;

describe("following another sample clock", () => {
  it.each([
    [-100, 1.5],
    [-50, 1],
    [-20, 1],
    [0, 1],
    [50, 1],
    [100, 1.5],
    [300, 3],
  ])("at %i ppm keeps within %i ms for an hour, however late deliveries are", (ppm, limitMs) => {
    const seed = 7;
    const random = seededRandom(seed);
    const follower = new ClockFollower();
    const ratio = 1 + ppm / 1e6;
    let placedEnd: number | undefined;
    let worst = 0;
    for (let batch = 0; batch < 20 * 3600; batch += 1) {
      const position = batch * BATCH;
      // Our clock when the last sample of the batch was captured, and when the batch is there: 0 to 30 ms later.
      const captured = 1_000_000 + (position + BATCH) * ratio;
      const now = Math.round(captured + random() * random() * 1_440);
      const placed = follower.place(position, BATCH, now);
      // Behind the first seconds nothing is torn and nothing overlaps.
      if (placedEnd !== undefined && batch > 60) expect(placed.position, `seed ${seed}`).toBe(placedEnd);
      placedEnd = placed.position + placed.frames;
      if (batch > 1_000) worst = Math.max(worst, Math.abs(placedEnd - captured));
    }
    expect(worst / 48, `seed ${seed}`).toBeLessThan(limitMs);
  });

  it("starts over with another source", () => {
    const follower = new ClockFollower();
    follower.place(5_000_000, BATCH, 10_000);
    follower.reset();
    expect(follower.place(0, BATCH, 20_000)).toEqual({ position: 20_000 - BATCH, frames: BATCH });
  });

  it("refits a batch to any length with its ends in place", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: -2, max: 2 }), (length, change) => {
        const samples = new Float32Array(length).map((_, index) => index / length);
        const fitted = refit(samples, Math.max(1, length + change));
        expect(fitted.length).toBe(Math.max(1, length + change));
        expect(fitted[0]).toBe(samples[0]);
        if (fitted.length > 1) expect(fitted.at(-1)).toBeCloseTo(samples.at(-1) ?? 0, 5);
      }),
    );
  });
});
