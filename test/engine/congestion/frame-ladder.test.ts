import { describe, expect, it } from "vitest";
import { FrameLadder, overheadRate } from "../../../src/engine/congestion/frame-ladder.ts";

/** Follows a path rate for `seconds`, a report every quarter of one, from `from` ms on; returns when that was over. */
function follow(ladder: FrameLadder, rate: number, seconds: number, from = 0): number {
  for (let now = from; now < from + seconds * 1000; now += 225) ladder.update(rate, now);
  return from + seconds * 1000;
}

describe("frame duration by path rate", () => {
  it("begins with the user's own duration", () => {
    for (const preferred of [2.5, 5, 10, 20, 40, 60] as const) {
      const ladder = new FrameLadder();
      ladder.configure(preferred);
      expect(ladder.step.frameDuration).toBe(preferred);
    }
  });

  it("halves 20 ms where that is allowed and the path carries it with every copy", () => {
    const ladder = new FrameLadder();
    ladder.allowShort(true, 32_000, 2);
    const needed = overheadRate(10) + 3 * 32_000;
    follow(ladder, needed, 10);
    expect(ladder.step.frameDuration).toBe(20);
    follow(ladder, needed * 1.2, 10, 10_000);
    expect(ladder.step.frameDuration).toBe(10);
    expect(ladder.top).toBe(ladder.step);
  });

  it("does not where it is not allowed, and goes back at once when it is not any more", () => {
    const ladder = new FrameLadder();
    follow(ladder, 1_000_000, 20);
    expect(ladder.step.frameDuration).toBe(20);
    expect(ladder.top).toBe(ladder.step);
    ladder.allowShort(true, 32_000, 0);
    const now = follow(ladder, 1_000_000, 10, 20_000);
    expect(ladder.step.frameDuration).toBe(10);
    ladder.allowShort(false, 32_000, 0);
    follow(ladder, 1_000_000, 1, now);
    expect(ladder.step.frameDuration).toBe(20);
  });

  it("leaves every duration but 20 ms as the user chose it", () => {
    for (const preferred of [10, 40, 60] as const) {
      const ladder = new FrameLadder();
      ladder.configure(preferred);
      ladder.allowShort(true, 32_000, 0);
      follow(ladder, 1_000_000, 20);
      expect(ladder.step.frameDuration).toBe(preferred);
    }
  });

  it("goes down to 60 ms and two frames a packet on the narrowest path", () => {
    const ladder = new FrameLadder();
    follow(ladder, 25_000, 3);
    expect(ladder.step).toMatchObject({ frameDuration: 60, framesPerPacket: 2, dtx: true });
  });
});
