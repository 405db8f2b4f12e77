import { describe, expect, it } from "vitest";
import { DelayManager } from "../../../src/engine/jitter-buffer/delay-manager.ts";
import { DriftEstimator } from "../../../src/engine/jitter-buffer/drift-estimator.ts";
import { TransitWindow } from "../../../src/engine/jitter-buffer/transit-window.ts";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import type { JitterBufferSettings } from "../../../src/engine/settings/playout-settings.ts";

const MS = 48;
const { jitterBuffer } = defaultSettings;

/** Target above the least transit in ms, after frames of 20 ms with these delays. */
function targetAfter(delays: readonly number[], settings: Partial<JitterBufferSettings> = {}): number {
  const manager = new DelayManager({ ...jitterBuffer, ...settings });
  const arrivals = delays.map((delay, index) => ({ timestamp: index * 960, now: (index * 20 + delay) * MS }));
  for (const { now, timestamp } of arrivals.sort((a, b) => a.now - b.now)) manager.onAvailable(now, timestamp);
  const end = arrivals.at(-1)?.now ?? 0;
  return (manager.target(end) - manager.minimumTransit) / MS;
}

function repeat(count: number, delay: (index: number) => number): readonly number[] {
  return Array.from({ length: count }, (_, index) => delay(index));
}

describe("the delay manager", () => {
  it("needs less than a millisecond on a path without jitter", () => {
    expect(targetAfter(repeat(200, () => 40))).toBeLessThan(1);
  });

  it("orders its targets from quick to safe", () => {
    const random = seededRandom(5);
    const delays = repeat(400, () => 40 + 60 * random() ** 3);
    const [quick, middle, safe] = [0, 0.5, 1].map((preference) => targetAfter(delays, { preference }));
    expect(quick).toBeLessThan(middle ?? 0);
    expect(middle).toBeLessThan(safe ?? 0);
    expect(safe).toBeGreaterThan(45);
  });

  it("keeps within the bounds, and to the manual target", () => {
    const delays = repeat(400, (index) => 40 + (index % 9) * 10);
    expect(targetAfter(delays, { maxMs: 30 })).toBe(30);
    expect(
      targetAfter(
        repeat(400, () => 40),
        { minMs: 70 },
      ),
    ).toBe(70);
    expect(targetAfter(delays, { mode: "manual", targetMs: 123 })).toBe(123);
  });

  it("does not let one stray packet raise the target", () => {
    const delays = repeat(300, (index) => (index === 250 ? 140 : 40 + (index % 3)));
    expect(targetAfter(delays)).toBeLessThan(5);
  });
});

describe("the delay manager, after a path has stood still for 100 ms", () => {
  /** Delays of frames on a path of 40 ms that holds everything back for 100 ms from each of these frames on. */
  const hiccups = (count: number, at: readonly number[]): readonly number[] =>
    repeat(count, (index) => {
      const since = at.find((first) => index >= first && index < first + 5);
      return since === undefined ? 40 : 40 + 100 - (index - since) * 20;
    });

  it("forgets it when it was the only one, unless safety is preferred", () => {
    expect(targetAfter(hiccups(300, [200]))).toBeLessThan(5);
    expect(targetAfter(hiccups(300, [200]), { preference: 1 })).toBeGreaterThan(85);
  });

  it("provides for it when it comes again within seconds", () => {
    expect(targetAfter(hiccups(400, [200, 350]))).toBeGreaterThan(85);
  });

  it("provides for what came twice, not for the one time that took longer, unless safety is preferred", () => {
    const delays = hiccups(400, [200, 350]).map((delay, index) => (index === 280 ? 440 : delay));
    const withQueue = delays.map((delay, index) =>
      index > 280 && index < 300 ? Math.max(delay, 440 - (index - 280) * 20) : delay,
    );
    expect(targetAfter(withQueue)).toBeGreaterThan(85);
    expect(targetAfter(withQueue)).toBeLessThan(150);
    expect(targetAfter(withQueue, { preference: 1 })).toBeGreaterThan(350);
  });
});

describe("the transit window", () => {
  it("agrees with sorting the transits it holds", () => {
    const random = seededRandom(8);
    const window = new TransitWindow();
    const kept: { readonly time: number; readonly transit: number }[] = [];
    for (let i = 0; i < 2_000; i++) {
      const time = i * 960;
      const transit = 10_000 + Math.floor(4_800 * random() ** 2) - (i > 1_000 ? 3_000 : 0);
      window.expireBefore(time - 200 * 960);
      window.add(time, transit);
      kept.push({ time, transit });
      const held = kept.filter((entry) => entry.time >= time - 200 * 960).map((entry) => entry.transit);
      if (i % 100 !== 50) continue;
      expect(window.count).toBe(held.length);
      expect(Math.abs(window.minimum - Math.min(...held))).toBeLessThanOrEqual(24);
      const sorted = held.toSorted((a, b) => b - a);
      expect(Math.abs(window.upperBound(10) - (sorted[10] ?? 0))).toBeLessThanOrEqual(200);
    }
  });
});

describe("the drift estimator", () => {
  it.each([-500, -50, 0, 120, 500])("finds a drift of %d ppm under jitter within two minutes", (ppm) => {
    const random = seededRandom(2);
    const estimator = new DriftEstimator();
    for (let index = 0; index < 6_000; index++) {
      const now = Math.floor(((index * 960) / (1 + ppm * 1e-6) + 2_000 + random() * 960) / 128) * 128;
      estimator.add(now, now - index * 960);
    }
    expect(Math.abs(estimator.ppm - ppm)).toBeLessThan(25);
  });

  it("does not take a new route for drift", () => {
    const random = seededRandom(2);
    const estimator = new DriftEstimator();
    for (let index = 0; index < 6_000; index++) {
      const route = index > 3_000 ? 9_600 : 0;
      const now = Math.floor((index * 960 + 2_000 + route + random() * 960) / 128) * 128;
      estimator.add(now, now - index * 960);
    }
    expect(Math.abs(estimator.ppm)).toBeLessThan(25);
  });
});
