import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import {
  opusPacketBandwidth,
  opusPacketChannels,
  opusPacketFrameCount,
  opusPacketFrameSamples,
  opusPacketHasFec,
  opusPacketSamples,
} from "../../../src/engine/codec/packet-inspection.ts";
import { coreModule } from "../../support/core-module.ts";

/** A table-of-contents byte (RFC 6716 §3.1). */
const toc = (config: number, isStereo: boolean, code: number): number => (config << 3) | (isStereo ? 4 : 0) | code;

describe("packet inspection", () => {
  it("knows the frame size of every configuration", () => {
    const sizes = Array.from({ length: 32 }, (_, config) =>
      opusPacketFrameSamples(Uint8Array.of(toc(config, false, 0)), 0, 1),
    );
    const silk = [480, 960, 1920, 2880];
    const celt = [120, 240, 480, 960];
    expect(sizes).toEqual([...silk, ...silk, ...silk, 480, 960, 480, 960, ...celt, ...celt, ...celt, ...celt]);
  });

  it("knows the bandwidth and channels of every configuration", () => {
    const bandwidths = Array.from({ length: 32 }, (_, config) =>
      opusPacketBandwidth(Uint8Array.of(toc(config, false, 0)), 0, 1),
    );
    const each = (name: string, count: number) => Array.from({ length: count }, () => name);
    expect(bandwidths).toEqual([
      ...each("narrow", 4),
      ...each("medium", 4),
      ...each("wide", 4),
      ...each("superwide", 2),
      ...each("full", 2),
      ...each("narrow", 4),
      ...each("wide", 4),
      ...each("superwide", 4),
      ...each("full", 4),
    ]);
    expect(opusPacketChannels(Uint8Array.of(toc(9, true, 0)), 0, 1)).toBe(2);
    expect(opusPacketChannels(Uint8Array.of(toc(9, false, 0)), 0, 1)).toBe(1);
  });

  it("counts frames and adds up their time", () => {
    const threeCbr = Uint8Array.of(toc(31, false, 3), 3, 1, 2, 3);
    expect(opusPacketFrameCount(threeCbr, 0, 5)).toBe(3);
    expect(opusPacketSamples(threeCbr, 0, 5)).toBe(2880);
  });

  it("refuses what is no packet", () => {
    expect(opusPacketSamples(new Uint8Array(0), 0, 0)).toBe(0);
    expect(opusPacketSamples(Uint8Array.of(toc(1, false, 1), 0, 0), 0, 2)).toBe(0);
    expect(opusPacketSamples(Uint8Array.of(0, 0), 1, 2)).toBe(0);
    expect(opusPacketBandwidth(new Uint8Array(0), 0, 0)).toBeUndefined();
  });

  it("agrees with libopus on any bytes", () => {
    const { exports, ...codec } = CodecModule.instantiate(coreModule());
    expect(codec).toBeDefined();
    const view = new Uint8Array(exports.memory.buffer, exports.packet_buffer(), 1500);
    const packet = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.uint8Array({ minLength: 1200, maxLength: 1500 }),
      // Frame count code 3 with few frames, which random bytes seldom make valid.
      fc
        .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 30 }))
        .map(([config, header, rest]) => Uint8Array.of((config << 2) | 3, header & 0xcf, ...rest)),
    );
    fc.assert(
      fc.property(packet, (bytes) => {
        view.set(bytes);
        const samples = exports.packet_samples(bytes.length);
        expect(opusPacketSamples(bytes, 0, bytes.length)).toBe(Math.max(0, samples));
        const hasFec = samples > 0 && exports.packet_has_fec(bytes.length) === 1;
        expect(opusPacketHasFec(bytes, 0, bytes.length)).toBe(hasFec);
      }),
      { numRuns: 5_000 },
    );
  });
});
