import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createPacketRing,
  READ_CURSOR,
  SharedPacketReader,
  SharedPacketWriter,
  WRITE_CURSOR,
} from "../../../src/engine/shared-memory/shared-packet-ring.ts";

function ringAt(capacityBytes: number, cursor: number): SharedArrayBuffer {
  const buffer = createPacketRing(capacityBytes);
  const words = new Int32Array(buffer);
  words[WRITE_CURSOR] = cursor;
  words[READ_CURSOR] = cursor;
  return buffer;
}

function record(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (seed * 31 + index * 7) & 0xff);
}

describe("packet ring", () => {
  it("returns records in order, byte for byte", () => {
    const ring = createPacketRing(1024);
    const writer = new SharedPacketWriter(ring);
    const reader = new SharedPacketReader(ring);
    writer.write(record(3, 1), 3);
    writer.write(record(200, 2), 200);
    const into = new Uint8Array(256);
    expect(reader.read(into)).toBe(3);
    expect(into.slice(0, 3)).toEqual(record(3, 1));
    expect(reader.read(into)).toBe(200);
    expect(into.slice(0, 200)).toEqual(record(200, 2));
    expect(reader.read(into)).toBe(0);
  });

  it("drops the newest record whole when there is no room, and counts it", () => {
    const ring = createPacketRing(64);
    const writer = new SharedPacketWriter(ring);
    const reader = new SharedPacketReader(ring);
    expect(writer.write(record(40, 1), 40)).toBe(true);
    expect(writer.write(record(40, 2), 40)).toBe(false);
    expect(writer.overruns).toBe(1);
    expect(reader.overruns).toBe(1);
    const into = new Uint8Array(64);
    expect(reader.read(into)).toBe(40);
    expect(into.slice(0, 40)).toEqual(record(40, 1));
    expect(reader.read(into)).toBe(0);
  });

  it("fills to the last byte", () => {
    const ring = createPacketRing(64);
    const writer = new SharedPacketWriter(ring);
    expect(writer.write(record(60, 1), 60)).toBe(true);
    expect(writer.write(record(1, 1), 1)).toBe(false);
    const into = new Uint8Array(64);
    expect(new SharedPacketReader(ring).read(into)).toBe(60);
    expect(into.slice(0, 60)).toEqual(record(60, 1));
  });

  it("refuses records longer than their bytes, empty ones and ones larger than the ring", () => {
    const writer = new SharedPacketWriter(createPacketRing(64));
    expect(writer.write(new Uint8Array(4), 5)).toBe(false);
    expect(writer.write(new Uint8Array(4), 0)).toBe(false);
    expect(writer.write(new Uint8Array(100), 100)).toBe(false);
    expect(writer.overruns).toBe(3);
  });

  it("skips and counts a record that does not fit the reader's buffer", () => {
    const ring = createPacketRing(256);
    const writer = new SharedPacketWriter(ring);
    const reader = new SharedPacketReader(ring);
    writer.write(record(50, 1), 50);
    writer.write(record(8, 2), 8);
    const into = new Uint8Array(16);
    expect(reader.read(into)).toBe(8);
    expect(into.slice(0, 8)).toEqual(record(8, 2));
    expect(reader.oversized).toBe(1);
  });

  it.each([0, 100, 32, 2 ** 31, Number.NaN])("refuses a capacity of %d bytes", (capacity) => {
    expect(() => createPacketRing(capacity)).toThrow(RangeError);
  });

  it("behaves as a bounded queue under any order of calls, across every wrap of the cursors", () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant("write" as const), length: fc.integer({ min: 1, max: 150 }) }),
      fc.record({ kind: fc.constant("read" as const), length: fc.constant(0) }),
    );
    const starts = fc.constantFrom(0, 0x7fffff80, 0x7ffffffc, -128, -4, 0x40000000);
    fc.assert(
      fc.property(starts, fc.array(operation, { maxLength: 200 }), (start, operations) => {
        const capacity = 512;
        const ring = ringAt(capacity, start);
        const writer = new SharedPacketWriter(ring);
        const reader = new SharedPacketReader(ring);
        const model: Uint8Array[] = [];
        let used = 0;
        let dropped = 0;
        let seed = 0;
        const into = new Uint8Array(160);
        for (const { kind, length } of operations) {
          if (kind === "write") {
            seed += 1;
            const bytes = record(length, seed);
            const size = 4 + Math.ceil(length / 4) * 4;
            const fits = used + size <= capacity;
            expect(writer.write(bytes, length)).toBe(fits);
            if (fits) {
              model.push(bytes);
              used += size;
            } else {
              dropped += 1;
            }
          } else {
            const expected = model.shift();
            const got = reader.read(into);
            expect(into.slice(0, got)).toEqual(expected ?? new Uint8Array(0));
            used -= expected === undefined ? 0 : 4 + Math.ceil(expected.length / 4) * 4;
          }
          expect(reader.overruns).toBe(dropped);
        }
      }),
      { numRuns: 300 },
    );
  });
});
