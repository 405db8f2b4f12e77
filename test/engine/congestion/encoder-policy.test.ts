import { describe, expect, it } from "vitest";
import { combineTargets } from "../../../src/engine/congestion/encoder-policy.ts";
import { DEFAULT_PREFERENCES } from "../../../src/engine/congestion/encoder-target.ts";
import type { LinkTarget } from "../../../src/engine/congestion/link-controller.ts";
import { NO_PINS } from "../../../src/engine/settings/no-pins.ts";

function target(change: Partial<LinkTarget>): LinkTarget {
  const reasons = Object.fromEntries(
    ["path-rate", "frame-duration", "bitrate", "redundancy", "fec", "expected-loss", "dred", "dtx", "connections"].map(
      (name) => [name, ""],
    ),
  ) as LinkTarget["reasons"];
  return {
    pathRate: 150_000,
    frameDuration: 20,
    framesPerPacket: 1,
    bitrate: 32_000,
    redundancyDistances: [],
    fec: false,
    expectedLossPercent: 0,
    dredDuration: 0,
    dtx: false,
    connections: 1,
    reasons,
    ...change,
  };
}

describe("one encoder for all links", () => {
  it("runs as the user wants without links", () => {
    expect(combineTargets([], DEFAULT_PREFERENCES, NO_PINS)).toEqual(DEFAULT_PREFERENCES);
  });

  it("follows the slowest of a few links in rate and the most lossy in protection", () => {
    const slow = target({ frameDuration: 60, bitrate: 16_000, dtx: true });
    const lossy = target({ fec: true, expectedLossPercent: 20, dredDuration: 12 });
    expect(combineTargets([target({}), slow, lossy], DEFAULT_PREFERENCES, NO_PINS)).toEqual({
      frameDuration: 60,
      bitrate: 16_000,
      fec: true,
      expectedLossPercent: 20,
      dtx: true,
      dredDuration: 12,
    });
  });

  it("does not let one of four slow the other three down", () => {
    const slow = target({ frameDuration: 60, bitrate: 10_000 });
    const combined = combineTargets([target({}), slow, target({}), target({})], DEFAULT_PREFERENCES, NO_PINS);
    expect(combined).toMatchObject({ frameDuration: 20, bitrate: 32_000 });
  });
});
