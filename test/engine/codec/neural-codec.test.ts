import { describe, expect, it } from "vitest";
import { OPUS_UNIMPLEMENTED } from "../../../src/engine/codec/codec-error.ts";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../../../src/engine/codec/opus-decoder.ts";
import { OpusEncoder } from "../../../src/engine/codec/opus-encoder.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { coreModule, neuralModule } from "../../support/core-module.ts";

const FRAME = 960;

const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 3, pauseShare: 0 });

function encode(dredDuration: number): readonly Uint8Array[] {
  const encoder = new OpusEncoder(CodecModule.instantiate(neuralModule()), { channels: 1 });
  encoder.configure({ bitrate: 48_000, expectedLossPercent: 20, dredDuration, complexity: 9 });
  const packets: Uint8Array[] = [];
  for (let at = 0; at + FRAME <= speech.length; at += FRAME) {
    encoder.input.set(speech.subarray(at, at + FRAME));
    packets.push(encoder.output.slice(0, encoder.encode(FRAME)));
  }
  return packets;
}

function openDecoder(complexity = 5): OpusDecoder {
  const decoder = new OpusDecoder(CodecModule.instantiate(neuralModule()), { channels: 1 });
  decoder.setComplexity(complexity);
  return decoder;
}

const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);

/** Loudness of 5 ms pieces: what redundancy restores of a waveform is its envelope and spectrum, not its phase. */
const envelope = (samples: Float32Array): number[] =>
  Array.from({ length: Math.floor(samples.length / 240) }, (_, n) => rms(samples.subarray(240 * n, 240 * (n + 1))));

function likeness(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    x.reduce((sum, value, n) => sum + (value - mx) * ((y[n] ?? 0) - my), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

describe("the neural module", () => {
  it("carries as much of the past as the encoder is told, and none when told none", () => {
    const reach = (duration: number): number => {
      const decoder = openDecoder();
      const reaches = encode(duration)
        .slice(60)
        .map((packet) => decoder.parseDred(packet, 0, packet.length, 96_000));
      return Math.max(...reaches);
    };
    expect(reach(0)).toBe(0);
    const short = reach(10);
    const long = reach(100);
    expect(short).toBeGreaterThan(960);
    expect(short).toBeLessThanOrEqual(11 * 480);
    expect(long).toBeGreaterThan(2 * short);
  });

  it("recovers a burst of lost packets from the one after it better than concealment does", () => {
    const packets = encode(60);
    const lost = { from: 70, to: 78 };
    const play = (withRedundancy: boolean): Float32Array => {
      const decoder = openDecoder();
      const output = new Float32Array(packets.length * FRAME);
      for (const [index, packet] of packets.entries()) {
        if (index < lost.from || index >= lost.to) decoder.decode(packet, 0, packet.length);
        else {
          const next = packets[lost.to] ?? packet;
          const offset = (lost.to - index) * FRAME;
          const reach = withRedundancy ? decoder.parseDred(next, 0, next.length, 48_000) : 0;
          const samples = reach >= offset ? decoder.decodeDred(offset, FRAME) : decoder.conceal(FRAME);
          expect(samples).toBe(FRAME);
        }
        output.set(decoder.output.subarray(0, FRAME), index * FRAME);
      }
      return output.slice(lost.from * FRAME, lost.to * FRAME);
    };
    // Of the lost stretch, as the codec would have played it: the encoder's look-ahead later than the input.
    const wanted = envelope(speech.slice(lost.from * FRAME - 312, lost.to * FRAME - 312));
    const recovered = likeness(wanted, envelope(play(true)));
    const concealed = likeness(wanted, envelope(play(false)));
    expect(recovered).toBeGreaterThan(concealed + 0.1);
  });

  it("conceals by its network from complexity 5 on, classically below, and both go on sounding", () => {
    const packets = encode(0);
    const conceal = (complexity: number): Float32Array => {
      const decoder = openDecoder(complexity);
      for (const packet of packets.slice(0, 60)) decoder.decode(packet, 0, packet.length);
      decoder.conceal(FRAME);
      return decoder.output.slice(0, FRAME);
    };
    const [classic, deep] = [conceal(4), conceal(5)];
    expect(conceal(4)).toEqual(classic);
    expect(deep).not.toEqual(classic);
    expect(rms(classic)).toBeGreaterThan(0.001);
    expect(rms(deep)).toBeGreaterThan(0.001);
  });

  it("decodes and encodes without DRED as the core does, and the core says that it has none", () => {
    const core = new OpusDecoder(CodecModule.instantiate(coreModule()), { channels: 1 });
    const [packet = new Uint8Array(1)] = encode(60).slice(60);
    expect(core.decode(packet, 0, packet.length)).toBe(FRAME);
    expect(core.parseDred(packet, 0, packet.length, 48_000)).toBe(OPUS_UNIMPLEMENTED);
    expect(core.decodeDred(FRAME, FRAME)).toBe(OPUS_UNIMPLEMENTED);
  });
});
