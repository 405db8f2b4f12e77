import { expect, it } from "vitest";
import { seededRandom } from "../../../src/engine/media/random.ts";

it("repeats its sequence for the same seed and differs for another", () => {
  const [a, b, c] = [seededRandom(5), seededRandom(5), seededRandom(6)];
  const first = Array.from({ length: 100 }, a);
  expect(Array.from({ length: 100 }, b)).toEqual(first);
  expect(Array.from({ length: 100 }, c)).not.toEqual(first);
});

it("is uniform enough for loss models: ten bins of 100,000 draws within 3 % of each other", () => {
  const random = seededRandom(1);
  const bins = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const bin = Math.floor(random() * 10);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(300);
});
