import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_RED_BLOCKS, RedPayloadView, writeRedPayload } from "../../../src/engine/packet/red-payload.ts";
import { OPUS_PAYLOAD_TYPE } from "../../../src/engine/packet/rtp-packet.ts";

const redundant = fc.record({
  bytes: fc.uint8Array({ maxLength: 200 }),
  timestampOffset: fc.integer({ min: 1, max: 0x3fff }),
});

describe("redundant payloads", () => {
  it("parse back to the frames they were written with", () => {
    const view = new RedPayloadView();
    fc.assert(
      fc.property(
        fc.array(redundant, { maxLength: 3 }),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.nat(30),
        (frames, primary, at) => {
          const into = new Uint8Array(1400);
          const withLength = frames.map((frame) => ({ ...frame, length: frame.bytes.length }));
          const end = writeRedPayload(into, at, withLength, frames.length, {
            bytes: primary,
            offset: 0,
            length: primary.length,
          });
          expect(end).toBeGreaterThan(at);
          expect(view.parse(into, at, end - at)).toBe(true);
          expect(view.count).toBe(frames.length + 1);
          const block = (i: number) => into.slice(view.blockOffset(i), view.blockOffset(i) + view.blockLength(i));
          frames.forEach((frame, i) => {
            expect(view.timestampOffset(i)).toBe(frame.timestampOffset);
            expect(block(i)).toEqual(frame.bytes);
          });
          expect(view.timestampOffset(frames.length)).toBe(0);
          expect(block(frames.length)).toEqual(primary);
        },
      ),
    );
  });

  it("of random bytes never throw and never point outside the payload", () => {
    const view = new RedPayloadView();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), fc.nat(8), (bytes, heads) => {
        for (let i = 0; i < heads && i * 4 < bytes.length; i++) bytes[i * 4] = 0x80 | OPUS_PAYLOAD_TYPE;
        if (heads * 4 < bytes.length) bytes[heads * 4] = OPUS_PAYLOAD_TYPE;
        if (!view.parse(bytes, 0, bytes.length)) {
          expect(view.count).toBe(0);
          return;
        }
        for (let i = 0; i < view.count; i++) {
          expect(view.blockOffset(i) + view.blockLength(i)).toBeLessThanOrEqual(bytes.length);
        }
        expect(view.blockLength(view.count - 1)).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("refuse endless chains, foreign codecs, missing and empty primaries", () => {
    const view = new RedPayloadView();
    const chain = new Uint8Array(1000);
    for (let i = 0; i < 200; i++) chain[i * 4] = 0x80 | OPUS_PAYLOAD_TYPE;
    expect(view.parse(chain, 0, 1000)).toBe(false);
    expect(view.parse(new Uint8Array([0x80 | 96, 0, 0, 0, OPUS_PAYLOAD_TYPE, 1]), 0, 6)).toBe(false);
    expect(view.parse(new Uint8Array([OPUS_PAYLOAD_TYPE]), 0, 1)).toBe(false);
    expect(view.parse(new Uint8Array(0), 0, 0)).toBe(false);
    expect(view.parse(new Uint8Array([0x80 | OPUS_PAYLOAD_TYPE, 0, 0, 2, OPUS_PAYLOAD_TYPE, 1, 2]), 0, 7)).toBe(false);
  });

  it("refuse to write what does not fit the fields", () => {
    const into = new Uint8Array(1200);
    const primary = { bytes: new Uint8Array(10), offset: 0, length: 10 };
    const frame = { bytes: new Uint8Array(2000), length: 10, timestampOffset: 960 };
    expect(writeRedPayload(into, 0, [{ ...frame, length: 1024 }], 1, primary)).toBe(0);
    expect(writeRedPayload(into, 0, [{ ...frame, timestampOffset: 0x4000 }], 1, primary)).toBe(0);
    expect(writeRedPayload(into, 0, [frame], 2, primary)).toBe(0);
    expect(writeRedPayload(into, 1180, [frame], 1, primary)).toBe(0);
    const many = new Array(MAX_RED_BLOCKS).fill(frame);
    expect(writeRedPayload(into, 0, many, MAX_RED_BLOCKS, primary)).toBe(0);
    expect(writeRedPayload(into, 0, many, MAX_RED_BLOCKS - 1, primary)).toBeGreaterThan(0);
  });
});
