import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MAX_DATAGRAM_BYTES,
  OPUS_PAYLOAD_TYPE,
  RED_PAYLOAD_TYPE,
  RtpPacketView,
  writeRtpPacket,
} from "../../../src/engine/packet/rtp-packet.ts";

const fields = fc.record({
  marker: fc.boolean(),
  payloadType: fc.constantFrom(OPUS_PAYLOAD_TYPE, RED_PAYLOAD_TYPE),
  sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
  ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
  audioLevel: fc.integer({ min: -1, max: 127 }),
  voiceActivity: fc.boolean(),
  captureTimeMs: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 0xffff_ffff })),
  heldBackSamples: fc.integer({ min: 0, max: 127 }).map((units) => units * 120),
  isPause: fc.boolean(),
  skippedPackets: fc.integer({ min: 0, max: 255 }),
  payload: fc.uint8Array({ minLength: 1, maxLength: 1100 }),
});

describe("RTP packets", () => {
  it("parse back to the fields they were written with, wherever they lie in a larger array", () => {
    const view = new RtpPacketView();
    fc.assert(
      fc.property(fields, fc.integer({ min: 0, max: 40 }), (packet, start) => {
        const wire = new Uint8Array(MAX_DATAGRAM_BYTES);
        const length = writeRtpPacket(wire, { ...packet, payloadOffset: 0, payloadLength: packet.payload.length });
        const bytes = new Uint8Array(MAX_DATAGRAM_BYTES + 80).fill(0xff);
        bytes.set(wire.subarray(0, length), start);
        expect(view.parse(bytes, length, start)).toBeUndefined();
        expect(view.marker).toBe(packet.marker);
        expect(view.payloadType).toBe(packet.payloadType);
        expect(view.sequenceNumber).toBe(packet.sequenceNumber);
        expect(view.timestamp).toBe(packet.timestamp);
        expect(view.ssrc).toBe(packet.ssrc);
        expect(view.audioLevel).toBe(packet.audioLevel);
        expect(view.voiceActivity).toBe(packet.audioLevel >= 0 && packet.voiceActivity);
        expect(view.captureTimeMs).toBe(packet.captureTimeMs);
        expect(view.heldBackSamples).toBe(packet.heldBackSamples);
        expect(view.isPause).toBe(packet.isPause);
        expect(view.skippedPackets).toBe(packet.skippedPackets);
        const payload = bytes.subarray(view.payloadOffset, view.payloadOffset + view.payloadLength);
        expect(payload).toEqual(packet.payload);
      }),
    );
  });

  it("of random bytes never throw and never point outside the datagram", () => {
    const view = new RtpPacketView();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1300 }), fc.boolean(), (bytes, looksLikeRtp) => {
        if (looksLikeRtp && bytes.length > 1) {
          bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f);
          bytes[1] = ((bytes[1] ?? 0) & 0x80) | OPUS_PAYLOAD_TYPE;
        }
        if (view.parse(bytes, bytes.length) !== undefined) return;
        expect(view.payloadOffset).toBeGreaterThanOrEqual(12);
        expect(view.payloadLength).toBeGreaterThan(0);
        expect(view.payloadOffset + view.payloadLength).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("with flipped bytes and cut ends never throw and never point outside the datagram", () => {
    const view = new RtpPacketView();
    const wire = new Uint8Array(MAX_DATAGRAM_BYTES);
    const mutation = fc.record({ at: fc.integer({ min: 0, max: 40 }), value: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fields, fc.array(mutation, { maxLength: 4 }), fc.nat(60), (packet, mutations, cut) => {
        let length = writeRtpPacket(wire, { ...packet, payloadOffset: 0, payloadLength: packet.payload.length });
        for (const { at, value } of mutations) wire[at] = value;
        length = Math.max(0, length - cut);
        if (view.parse(wire, length) !== undefined) return;
        expect(view.payloadOffset + view.payloadLength).toBeLessThanOrEqual(length);
      }),
      { numRuns: 2000 },
    );
  });

  it("are dropped with the reason that applies", () => {
    const view = new RtpPacketView();
    const wire = new Uint8Array(1400);
    const length = writeRtpPacket(wire, {
      marker: false,
      payloadType: OPUS_PAYLOAD_TYPE,
      sequenceNumber: 1,
      timestamp: 2,
      ssrc: 3,
      audioLevel: 30,
      voiceActivity: true,
      captureTimeMs: 4,
      heldBackSamples: 0,
      isPause: false,
      payload: new Uint8Array([1, 2, 3]),
      payloadOffset: 0,
      payloadLength: 3,
    });
    const dropped = (change: (bytes: Uint8Array) => unknown, size = length) => {
      const copy = wire.slice();
      change(copy);
      return view.parse(copy, size);
    };
    expect(dropped((b) => b)).toBeUndefined();
    expect(dropped((b) => b, 11)).toBe("too-short");
    expect(dropped((b) => b, Number.NaN)).toBe("too-short");
    expect(dropped((b) => b, 1201)).toBe("too-long");
    expect(dropped((b) => b.set([0x10]))).toBe("bad-version");
    expect(dropped((b) => b.set([0x80 | 96], 1))).toBe("unknown-payload-type");
    expect(dropped((b) => b.set([0x10, 0x00], 12))).toBe("bad-extension");
    expect(dropped((b) => b.set([0xff, 0xff], 14))).toBe("bad-extension");
    expect(dropped((b) => [b.set([0xb0]), b.set([40], length - 1)])).toBe("bad-padding");
    expect(dropped((b) => [b.set([0xb0]), b.set([0], length - 1)])).toBe("bad-padding");
    expect(dropped((b) => [b.set([0xb0]), b.set([1], length - 1)])).toBeUndefined();
    expect(dropped((b) => b, length - 3)).toBe("empty-payload");
    expect(dropped((b) => b.set([0x9f]), 40)).toBe("too-short");
  });

  it("are refused by the writer when they would not fit a datagram", () => {
    const packet = {
      marker: false,
      payloadType: OPUS_PAYLOAD_TYPE,
      sequenceNumber: 0,
      timestamp: 0,
      ssrc: 0,
      audioLevel: -1,
      voiceActivity: false,
      captureTimeMs: -1,
      heldBackSamples: 0,
      isPause: false,
      payload: new Uint8Array(2000),
      payloadOffset: 0,
      payloadLength: 1189,
    };
    expect(writeRtpPacket(new Uint8Array(2000), packet)).toBe(0);
    expect(writeRtpPacket(new Uint8Array(2000), { ...packet, payloadLength: 1188 })).toBe(1200);
    expect(writeRtpPacket(new Uint8Array(10), { ...packet, payloadLength: 1 })).toBe(0);
  });
});
