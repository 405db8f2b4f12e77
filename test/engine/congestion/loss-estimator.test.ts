import { describe, expect, it } from "vitest";
import { LossEstimator } from "../../../src/engine/congestion/loss-estimator.ts";
import { CLEAN_PROFILE, Impairment } from "../../../src/engine/measurement/impairment.ts";
import { seededRandom } from "../../../src/engine/media/random.ts";

const FRAME_MS = 20;

/** Estimates a path with the loss over `seconds` of 20 ms packets. */
function watch(fraction: number, meanBurst: number, seconds: number, seed: number): LossEstimator {
  const loss = { type: "bursts", fraction, meanBurst } as const;
  const path = new Impairment({ ...CLEAN_PROFILE, loss }, seededRandom(seed), 0);
  const estimator = new LossEstimator();
  for (let time = 0; time < seconds * 1000; time += FRAME_MS) {
    estimator.update(path.offer(100, time).length === 0, time);
  }
  return estimator;
}

describe("the loss estimator", () => {
  it.each([1, 2, 3])("finds share and burst length of a bursty path (seed %i)", (seed) => {
    const estimator = watch(0.2, 3, 60, seed);
    expect(estimator.averageFraction).toBeGreaterThan(0.1);
    expect(estimator.averageFraction).toBeLessThan(0.35);
    expect(estimator.meanBurst).toBeGreaterThan(2);
    expect(estimator.meanBurst).toBeLessThan(4.5);
    expect(estimator.burstQuantile(0.95)).toBeGreaterThanOrEqual(5);
  });

  it("does not read one early loss as half of everything", () => {
    const estimator = new LossEstimator();
    estimator.update(false, 0);
    estimator.update(true, FRAME_MS);
    estimator.update(false, 2 * FRAME_MS);
    expect(estimator.fraction).toBeLessThan(0.06);
  });

  it("forgets loss and bursts after half a minute without any", () => {
    const estimator = watch(0.2, 3, 30, 1);
    for (let i = 0; i < 1600; i++) estimator.update(false, 30_000 + i * FRAME_MS);
    expect(estimator.fraction).toBeLessThan(0.001);
    expect(estimator.meanBurst).toBe(1);
  });
});
