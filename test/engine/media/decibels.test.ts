import { expect, it } from "vitest";
import { dbToGain, dbToPower, gainToDb, powerToDb, SILENCE_DB } from "../../../src/engine/media/decibels.ts";
import { millisecondsToSamples, samplesToMilliseconds } from "../../../src/engine/media/units.ts";

it("converts gains and powers to decibels and back", () => {
  for (const db of [-100, -20, -6.0206, 0, 12]) {
    expect(gainToDb(dbToGain(db))).toBeCloseTo(db, 9);
    expect(powerToDb(dbToPower(db))).toBeCloseTo(db, 9);
  }
  expect(dbToGain(Number.NEGATIVE_INFINITY)).toBe(0);
});

it("reports silence, negative and invalid values as the silence level", () => {
  for (const value of [0, -1, Number.NaN]) {
    expect(gainToDb(value)).toBe(SILENCE_DB);
    expect(powerToDb(value)).toBe(SILENCE_DB);
  }
});

it("counts 48 samples a millisecond", () => {
  expect(millisecondsToSamples(20)).toBe(960);
  expect(samplesToMilliseconds(120)).toBe(2.5);
});
