import { describe, expect, it } from "vitest";
import { ConnectionCount } from "../../../src/engine/congestion/connection-count.ts";
import type { LadderStep } from "../../../src/engine/congestion/frame-ladder.ts";
import type { PathObservation } from "../../../src/engine/congestion/path-observation.ts";
import { pathObservation } from "../../support/path-observation.ts";

const WIDE: LadderStep = {
  frameDuration: 20,
  framesPerPacket: 1,
  minPathRate: 90_000,
  maxBitrate: 510_000,
  dtx: false,
};
const NARROW: LadderStep = { ...WIDE, frameDuration: 60, minPathRate: 35_000 };

/** Connections after `reports` reports that all say the same. */
function countAfter(change: Partial<PathObservation>, step = WIDE, isQueued = false, reports = 8): number {
  const connections = new ConnectionCount();
  for (let i = 0; i < reports; i++) connections.update(pathObservation(change), step, isQueued);
  return connections.count;
}

describe("how many connections voice is spread over", () => {
  it("is one on a sound path", () => {
    expect(countAfter({})).toBe(1);
    expect(countAfter({ roundTripMs: 150, jitterMs: 60 })).toBe(1);
  });

  it("grows with loss and with the length of the path, up to six", () => {
    const counts = [
      countAfter({ loss: 0.02 }),
      countAfter({ loss: 0.1, roundTripMs: 100 }),
      countAfter({ loss: 0.3, roundTripMs: 100 }),
    ];
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[0]).toBeGreaterThan(1);
    expect(countAfter({ loss: 0.1, roundTripMs: 500 })).toBe(6);
    expect(countAfter({ loss: 1, roundTripMs: 10_000 })).toBe(6);
  });

  it("is more where one connection keeps frames back on a path without a queue", () => {
    expect(countAfter({ gateShare: 0.1 })).toBeGreaterThan(1);
    expect(countAfter({ gateShare: 0.1 }, WIDE, true)).toBe(1);
  });

  it("stays one on a narrow path, whose queue more windows would only fill", () => {
    expect(countAfter({ loss: 0.2, roundTripMs: 900 }, NARROW)).toBe(1);
  });

  it("does not follow a single report", () => {
    const connections = new ConnectionCount();
    for (let i = 0; i < 20; i++)
      connections.update(pathObservation(i === 10 ? { roundTripMs: 900, loss: 0.1 } : {}), WIDE, false);
    expect(connections.count).toBe(1);
  });

  it("is no fewer than asked for in any case, but on a narrow path", () => {
    for (const [step, expected] of [
      [WIDE, 3],
      [NARROW, 1],
    ] as const) {
      const connections = new ConnectionCount();
      connections.least = 3;
      for (let i = 0; i < 5; i++) connections.update(pathObservation({}), step, false);
      expect(connections.count).toBe(expected);
    }
  });

  it("never takes connections back, and says in words and figures why there are more", () => {
    const connections = new ConnectionCount();
    for (let i = 0; i < 5; i++) connections.update(pathObservation({ loss: 0.1, roundTripMs: 100 }), WIDE, false);
    const { count } = connections;
    expect(count).toBeGreaterThan(1);
    expect(connections.reason).toMatch(/10 % loss, 100 ms/);
    for (let i = 0; i < 50; i++) connections.update(pathObservation({}), WIDE, false);
    expect(connections.count).toBe(count);
  });
});
