import { describe, expect, it } from "vitest";
import { Hysteresis } from "../../../src/engine/congestion/hysteresis.ts";

/** Times at which the step changes while the situation asks for `needed` and `safe` from `from` to `to`. */
function changes(ladder: Hysteresis, needed: number, safe: number, from: number, to: number): number[] {
  const times: number[] = [];
  for (let now = from; now < to; now += 100) if (ladder.update(needed, safe, now)) times.push(now);
  return times;
}

describe("hysteresis", () => {
  it("goes down after half a second, straight to the step that is needed", () => {
    const ladder = new Hysteresis(0);
    expect(changes(ladder, 2, 2, 0, 1000)).toEqual([500]);
    expect(ladder.step).toBe(2);
  });

  it("goes up one step every five seconds", () => {
    const ladder = new Hysteresis(2);
    expect(changes(ladder, 0, 0, 0, 11_000)).toEqual([5000, 10_100]);
  });

  it("ignores what does not last", () => {
    const ladder = new Hysteresis(1);
    for (let now = 0; now < 20_000; now += 400) {
      expect(changes(ladder, 2, 2, now, now + 300)).toEqual([]);
      expect(changes(ladder, 1, 1, now + 300, now + 400)).toEqual([]);
    }
  });

  it("undoes a wrong step up at once and waits twice as long before the next", () => {
    const ladder = new Hysteresis(1);
    expect(changes(ladder, 0, 0, 0, 5100)).toEqual([5000]);
    expect(changes(ladder, 1, 1, 5100, 6000)).toEqual([5100]);
    expect(changes(ladder, 0, 0, 6000, 17_000)).toEqual([16_000]);
  });
});
