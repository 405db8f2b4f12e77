import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../../../src/engine/codec/opus-decoder.ts";
import { OpusEncoder } from "../../../src/engine/codec/opus-encoder.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { coreModule, neuralModule } from "../../support/core-module.ts";

const FRAME = 960;

/** Real packets to mutate: with FEC, and with DRED where the module has it. */
function realPackets(codec: CodecModule): readonly Uint8Array[] {
  const encoder = new OpusEncoder(codec, { channels: 1 });
  encoder.configure({ bitrate: 48_000, fec: true, expectedLossPercent: 20, dredDuration: 50 });
  const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 1, pauseShare: 0 });
  const packets: Uint8Array[] = [];
  for (let at = 0; at + FRAME <= speech.length; at += FRAME) {
    encoder.input.set(speech.subarray(at, at + FRAME));
    packets.push(encoder.output.slice(0, encoder.encode(FRAME)));
  }
  encoder.close();
  return packets;
}

describe.each([
  ["core", coreModule, 1_500],
  ["neural", neuralModule, 250],
] as const)("the %s decoder", (name, module, numRuns) => {
  it("answers any bytes with samples or an error code, never a trap, and works on", () => {
    const codec = CodecModule.instantiate(module());
    const decoder = new OpusDecoder(codec, { channels: 2 });
    const packets = realPackets(codec);
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 0, maxLength: 60 }),
      fc.uint8Array({ minLength: 1_400, maxLength: 1_600 }),
      fc
        .record({
          packet: fc.constantFrom(...packets),
          at: fc.nat(1_499),
          value: fc.integer({ min: 0, max: 255 }),
          cut: fc.nat(1_499),
        })
        .map(({ packet, at, value, cut }) => {
          const mutated = packet.slice(0, 1 + (cut % packet.length));
          mutated[at % mutated.length] = value;
          return mutated;
        }),
    );
    const call = fc.constantFrom("decode", "fec", "dred", "conceal");
    fc.assert(
      fc.property(bytes, call, fc.integer({ min: -10, max: 6_000 }), (packet, what, frameSamples) => {
        let result = 0;
        if (what === "decode") result = decoder.decode(packet, 0, packet.length);
        else if (what === "fec") result = decoder.decodeFec(packet, 0, packet.length, frameSamples);
        else if (what === "conceal") result = decoder.conceal(frameSamples);
        else if (decoder.parseDred(packet, 0, packet.length, 48_000) >= 0)
          result = decoder.decodeDred(frameSamples, FRAME);
        expect(Number.isInteger(result)).toBe(true);
        expect(result).toBeGreaterThanOrEqual(-7);
        expect(result).toBeLessThanOrEqual(5_760);
        for (let index = 0; index < 2 * Math.max(0, result); index++) {
          if (!Number.isFinite(decoder.output[index])) throw new Error(`sample ${index} is no number`);
        }
      }),
      { numRuns },
    );
    decoder.reset();
    for (const packet of packets) expect(decoder.decode(packet, 0, packet.length)).toBe(FRAME);
    expect(Math.max(...decoder.output)).toBeGreaterThan(0.01);
  });

  it("refuses lengths and offsets outside the array", () => {
    const decoder = new OpusDecoder(CodecModule.instantiate(module()), { channels: 1 });
    for (const [offset, length] of [
      [0, 0],
      [0, 11],
      [-1, 5],
      [9, 2],
      [0, 1_501],
      [Number.NaN, 1],
      [0, Number.NaN],
    ] as const) {
      expect(decoder.decode(new Uint8Array(10), offset, length), `${name} ${offset} ${length}`).toBeLessThan(0);
    }
  });

  it("gives its memory back when closed, and cannot be used after", () => {
    const codec = CodecModule.instantiate(module());
    new OpusDecoder(codec, { channels: 2 }).close();
    const free = codec.freeHeapBytes;
    for (let round = 0; round < 20; round++) {
      const decoder = new OpusDecoder(codec, { channels: 2 });
      const encoder = new OpusEncoder(codec, { channels: 2 });
      decoder.close();
      decoder.close();
      encoder.close();
      expect(decoder.conceal(FRAME)).toBeLessThan(0);
      expect(encoder.encode(FRAME)).toBeLessThan(0);
    }
    expect(codec.freeHeapBytes).toBeGreaterThanOrEqual(free - 256);
  });
});
