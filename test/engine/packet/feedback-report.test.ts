import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createFeedbackReport,
  FEEDBACK_BYTES,
  isFeedbackDatagram,
  parseFeedbackReport,
  wasReceived,
  writeFeedbackReport,
} from "../../../src/engine/packet/feedback-report.ts";
import { OPUS_PAYLOAD_TYPE } from "../../../src/engine/packet/rtp-packet.ts";

const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const report = fc.record({
  ssrc: uint32,
  highestSequence: uint16,
  received: fc.uint32Array({ minLength: 4, maxLength: 4 }),
  packetsReceived: uint32,
  bytesReceived: uint32,
  packetsLate: uint16,
  fractionLost: uint16.map((value) => value / 0xffff),
  delayTrend: fc.integer({ min: -32768, max: 32767 }).map((value) => value / 256),
  minRelativeDelayMs: uint16,
  meanRelativeDelayMs: uint16,
  echoTimeMs: uint32,
  echoHoldMs: uint16,
  intervalMs: uint16,
  playoutDelayMs: uint16,
  playoutTargetMs: uint16,
  concealedMs: uint32,
  reportTimeMs: uint32,
});

describe("feedback reports", () => {
  it("parse back to what was written", () => {
    const bytes = new Uint8Array(100);
    fc.assert(
      fc.property(report, (fields) => {
        expect(writeFeedbackReport(bytes, fields)).toBe(FEEDBACK_BYTES);
        expect(isFeedbackDatagram(bytes, FEEDBACK_BYTES)).toBe(true);
        const read = createFeedbackReport();
        expect(parseFeedbackReport(bytes, FEEDBACK_BYTES, read)).toBe(true);
        expect(read).toEqual(fields);
      }),
    );
  });

  it("clamp what they are asked to write", () => {
    const bytes = new Uint8Array(FEEDBACK_BYTES);
    const wild = {
      ...createFeedbackReport(),
      fractionLost: 7,
      delayTrend: -1e9,
      meanRelativeDelayMs: 1e12,
      intervalMs: -5,
    };
    writeFeedbackReport(bytes, wild);
    const read = createFeedbackReport();
    parseFeedbackReport(bytes, FEEDBACK_BYTES, read);
    expect(read).toMatchObject({ fractionLost: 1, delayTrend: -128, meanRelativeDelayMs: 65535, intervalMs: 0 });
  });

  it("of random or mutated bytes never throw, and leave the report alone when refused", () => {
    const untouched = createFeedbackReport();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const read = createFeedbackReport();
        if (!parseFeedbackReport(bytes, bytes.length, read)) expect(read).toEqual(untouched);
      }),
      { numRuns: 1000 },
    );
  });

  it("are told from audio by the second byte", () => {
    expect(isFeedbackDatagram(new Uint8Array([0x80, OPUS_PAYLOAD_TYPE]), 2)).toBe(false);
    expect(isFeedbackDatagram(new Uint8Array([0x80, 0x80 | OPUS_PAYLOAD_TYPE]), 2)).toBe(false);
    expect(isFeedbackDatagram(new Uint8Array([0x80]), 1)).toBe(false);
    expect(isFeedbackDatagram(new Uint8Array([0x8f, 206]), 2)).toBe(true);
  });

  it("tell the fate of 128 packets and nothing of others", () => {
    const read = createFeedbackReport();
    read.highestSequence = 5;
    read.received[0] = 0b101;
    read.received[3] = 0x8000_0000;
    expect(wasReceived(read, 5)).toBe(true);
    expect(wasReceived(read, 4)).toBe(false);
    expect(wasReceived(read, 3)).toBe(true);
    expect(wasReceived(read, (5 - 127) & 0xffff)).toBe(true);
    expect(wasReceived(read, (5 - 128) & 0xffff)).toBeUndefined();
    expect(wasReceived(read, 6)).toBeUndefined();
  });
});
