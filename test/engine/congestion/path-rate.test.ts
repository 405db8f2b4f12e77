import { describe, expect, it } from "vitest";
import { hasQueue, type PathObservation } from "../../../src/engine/congestion/path-observation.ts";
import { PathRate } from "../../../src/engine/congestion/path-rate.ts";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { pathObservation } from "../../support/path-observation.ts";

/** A long path that is used to the full. */
const WIDE = pathObservation({ deliveredRate: 200_000, activeRate: 200_000, roundTripMs: 500 });

/** A quarter of a second between two reports, ms. */
const REPORT_MS = 250;

/** Rate of an estimate that began at 500 kb/s, after 4 s of a wide path and 2 s that are different. */
function rateAfter(change: Partial<PathObservation>): number {
  const path = new PathRate(500_000);
  for (let now = 0; now < 4000; now += REPORT_MS) path.update({ ...WIDE, now });
  for (let now = 4000; now < 6000; now += REPORT_MS) path.update({ ...WIDE, ...change, now });
  return path.rate;
}

describe("a queue on the path", () => {
  const queue = { queueMs: 140, newestQueueMs: 140, delayTrend: 2, deliveredRate: 60_000, activeRate: 60_000 };

  it("is congestion while somebody talks", () => {
    expect(rateAfter(queue)).toBeLessThan(60_000);
  });

  it("is not ours in a pause, in which next to nothing is sent", () => {
    const pause = { deliveredRate: 6000, activeRate: 24_000, activeShare: 0.15, queuePackets: 7, packets: 2 };
    expect(rateAfter({ ...queue, ...pause })).toBeGreaterThanOrEqual(500_000);
    expect(rateAfter({ ...queue, ...pause, delayTrend: 0 })).toBeGreaterThanOrEqual(500_000);
  });
});

describe("jitter without a queue", () => {
  /** Share of windows of four reports of `each` packets, of evenly spread delays, in which a queue is seen. */
  function seenShare(each: number, seed: number): number {
    const random = seededRandom(seed);
    const windows = 2000;
    let seen = 0;
    for (let i = 0; i < windows; i++) {
      const reports = Array.from({ length: 4 }, () => Array.from({ length: each }, () => 200 * random()));
      const spreads = reports.map((delays) => delays.reduce((a, b) => a + b, 0) / each - Math.min(...delays));
      const jitterMs = spreads.reduce((a, b) => a + b, 0) / spreads.length;
      const queueMs = Math.min(...reports.flat());
      if (hasQueue({ ...WIDE, queueMs, jitterMs, queuePackets: 4 * each, queueReports: 4 })) seen++;
    }
    return seen / windows;
  }

  it.each([
    [2, 0.05],
    [3, 0.02],
    [5, 0.01],
    [11, 0.01],
  ])("is seldom taken for one, with %i packets a report", (each, share) => {
    expect(seenShare(each, each)).toBeLessThan(share);
  });

  it("does not hide a queue that is longer than it", () => {
    for (const each of [3, 11]) {
      expect(hasQueue({ ...WIDE, queueMs: 60, jitterMs: 12, queuePackets: 4 * each, queueReports: 4 })).toBe(true);
    }
  });
});
