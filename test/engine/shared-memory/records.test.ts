import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AudioBlockRecord } from "../../../src/engine/shared-memory/audio-block-record.ts";
import { DatagramRecordWriter } from "../../../src/engine/shared-memory/datagram-record.ts";
import {
  FRAME_RECORD_HEADER_BYTES,
  FrameRecordView,
  writeFrameRecordHeader,
} from "../../../src/engine/shared-memory/frame-record.ts";

describe("frame record", () => {
  it("reads back every field it wrote", () => {
    const fields = fc.record({
      rtpTimestamp: fc.nat(0xffffffff),
      frameSamples: fc.constantFrom(120, 240, 480, 960, 1920, 2880),
      isTalkspurtStart: fc.boolean(),
      hasVoiceActivity: fc.boolean(),
      isDtx: fc.boolean(),
      audioLevel: fc.nat(127),
      dredSamples: fc.nat(48_000),
      heldBackSamples: fc.nat(0xffff),
      isPause: fc.boolean(),
    });
    fc.assert(
      fc.property(fields, (record) => {
        const bytes = new Uint8Array(FRAME_RECORD_HEADER_BYTES + 1);
        writeFrameRecordHeader(bytes, record);
        const view = new FrameRecordView();
        expect(view.parse(bytes, bytes.length)).toBe(true);
        expect({ ...view }).toEqual(record);
      }),
    );
  });

  it("keeps the timestamp modulo 2^32", () => {
    const bytes = new Uint8Array(FRAME_RECORD_HEADER_BYTES + 1);
    const view = new FrameRecordView();
    writeFrameRecordHeader(bytes, Object.assign(new FrameRecordView(), { rtpTimestamp: 2 ** 32 + 960 }));
    view.parse(bytes, bytes.length);
    expect(view.rtpTimestamp).toBe(960);
  });

  it("refuses a record without a payload", () => {
    const view = new FrameRecordView();
    expect(view.parse(new Uint8Array(100), FRAME_RECORD_HEADER_BYTES)).toBe(false);
    expect(view.parse(new Uint8Array(4), 20)).toBe(false);
  });
});

describe("datagram record", () => {
  it("puts the arrival time in front of the datagram", () => {
    const record = new DatagramRecordWriter();
    const length = record.write(Uint8Array.of(5, 6, 7, 8), 3, 1234.5);
    expect(length).toBe(11);
    expect(new DataView(record.bytes.buffer).getFloat64(0, true)).toBe(1234.5);
    expect([...record.bytes.slice(8, 11)]).toEqual([5, 6, 7]);
  });

  it("refuses what is no voice datagram", () => {
    const record = new DatagramRecordWriter();
    expect(record.write(new Uint8Array(1201), 1201, 0)).toBe(0);
    expect(record.write(new Uint8Array(4), 0, 0)).toBe(0);
    expect(record.write(new Uint8Array(4), 5, 0)).toBe(0);
  });
});

describe("audio block record", () => {
  it("reads back position and both channels of any block", () => {
    const record = new AudioBlockRecord();
    const left = Float32Array.from({ length: 480 }, (_, index) => index / 480);
    const right = left.map((sample) => -sample);
    const length = record.write(left, right, 80, 400, 123_456);
    expect(record.position).toBe(123_456);
    const [outLeft, outRight] = [new Float32Array(480), new Float32Array(480)];
    expect(record.read(length, outLeft, outRight)).toBe(400);
    expect(outLeft.slice(0, 400)).toEqual(left.slice(80));
    expect(outRight.slice(0, 400)).toEqual(right.slice(80));
  });
});
