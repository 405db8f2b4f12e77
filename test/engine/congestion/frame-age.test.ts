import { describe, expect, it } from "vitest";
import { FrameAge } from "../../../src/engine/congestion/frame-age.ts";

/** 20 ms at 48 kHz. */
const FRAME = 960;

describe("the age of frames", () => {
  it("is next to nothing while frames come as they are made, across the wrap of the timestamp", () => {
    const age = new FrameAge();
    for (let i = 0; i < 500; i++) {
      expect(age.update((0xffff_0000 + i * FRAME) >>> 0, 1000 + i * 20 + (i % 3))).toBeLessThanOrEqual(3);
    }
  });

  it("tells how long each frame of a stuck queue has waited", () => {
    const age = new FrameAge();
    for (let i = 0; i < 50; i++) age.update(i * FRAME, i * 20);
    const ages = Array.from({ length: 10 }, (_, i) => age.update((50 + i) * FRAME, (50 + 9) * 20));
    expect(ages[0]).toBeCloseTo(180, -1);
    expect(ages[9]).toBeLessThan(5);
  });

  it("notices within 40 ms that the capture clock has stood still, and calls frames young again", () => {
    const age = new FrameAge();
    for (let i = 0; i < 50; i++) age.update(i * FRAME, i * 20);
    // The audio thread lost 150 ms: timestamps go on where they were, 150 ms later.
    const ages = Array.from({ length: 10 }, (_, i) => age.update((50 + i) * FRAME, (50 + i) * 20 + 150));
    expect(ages.filter((ms) => ms > 60).length).toBeLessThanOrEqual(2);
    expect(Math.max(...ages.slice(3))).toBeLessThan(5);
  });

  it("follows an audio clock slower than the system's", () => {
    const age = new FrameAge();
    for (let i = 0; i < 5000; i++) expect(age.update(i * FRAME, i * 20 * 1.0005)).toBeLessThan(5);
  });
});
