import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewer16, SequenceUnwrapper16, TimestampUnwrapper32 } from "../../../src/engine/media/sequence-number.ts";

describe("isNewer16", () => {
  it("orders numbers across the wrap", () => {
    expect(isNewer16(0, 65535)).toBe(true);
    expect(isNewer16(65535, 0)).toBe(false);
    expect(isNewer16(7, 7)).toBe(false);
    expect(isNewer16(0x8000, 0)).toBe(false);
    expect(isNewer16(0x7fff, 0)).toBe(true);
  });
});

describe("SequenceUnwrapper16", () => {
  it("recovers any walk whose steps stay within half a turn of the newest number", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65535 }),
        fc.array(fc.integer({ min: -20_000, max: 30_000 }), { maxLength: 200 }),
        (first, steps) => {
          const unwrapper = new SequenceUnwrapper16();
          let newest = first;
          expect(unwrapper.unwrap(first)).toBe(first);
          for (const step of steps) {
            const value = newest + step;
            expect(unwrapper.unwrap(((value % 65536) + 65536) % 65536)).toBe(value);
            newest = Math.max(newest, value);
          }
        },
      ),
    );
  });

  it("starts over after a reset and does not move when peeked", () => {
    const unwrapper = new SequenceUnwrapper16();
    unwrapper.unwrap(65535);
    expect(unwrapper.peek(3)).toBe(65539);
    expect(unwrapper.unwrap(65534)).toBe(65534);
    unwrapper.reset();
    expect(unwrapper.unwrap(3)).toBe(3);
  });
});

describe("TimestampUnwrapper32", () => {
  it("keeps exact integers over an hour of wraps in both directions of reordering", () => {
    const unwrapper = new TimestampUnwrapper32();
    let expected = 4_294_960_000;
    unwrapper.unwrap(expected);
    for (let i = 0; i < 10_000; i++) {
      expected += 1_000_000_000;
      expect(unwrapper.unwrap(expected % 2 ** 32)).toBe(expected);
      expect(unwrapper.unwrap((expected - 960) % 2 ** 32)).toBe(expected - 960);
    }
  });
});
