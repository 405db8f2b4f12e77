import { describe, expect, it } from "vitest";
import { distributionOf, quantile } from "../../../src/engine/measurement/distribution.ts";

describe("distribution", () => {
  it("interpolates quantiles between neighbours", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0)).toBe(1);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it("does not depend on the order of the measurements", () => {
    const expected = { count: 5, min: 1, p50: 3, p95: 4.8, p99: 4.96, max: 5, mean: 3 };
    const found = distributionOf([5, 3, 1, 4, 2]);
    expect(found).toBeDefined();
    for (const [name, value] of Object.entries(expected)) {
      expect(found?.[name as keyof typeof expected]).toBeCloseTo(value, 9);
    }
  });

  it("is undefined for no measurements", () => {
    expect(distributionOf([])).toBeUndefined();
  });
});
