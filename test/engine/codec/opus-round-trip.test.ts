import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../../../src/engine/codec/opus-decoder.ts";
import { OpusEncoder, type OpusSampleRate } from "../../../src/engine/codec/opus-encoder.ts";
import type { OpusEncoderSettings } from "../../../src/engine/codec/opus-encoder-settings.ts";
import { opusPacketBandwidth, opusPacketSamples } from "../../../src/engine/codec/packet-inspection.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { coreModule } from "../../support/core-module.ts";
import { normalizedCorrelation } from "../../support/normalized-correlation.ts";

const RATES: readonly OpusSampleRate[] = [8_000, 12_000, 16_000, 24_000, 48_000];
const FRAME_MS = [2.5, 5, 10, 20, 40, 60];

type Trip = {
  readonly frameMs: number;
  readonly channels: 1 | 2;
  readonly sampleRate: OpusSampleRate;
  readonly settings: Partial<OpusEncoderSettings>;
};

/** Encodes and decodes a second of speech; how alike the two are, and what the packets say. */
function roundTrip({ frameMs, channels, sampleRate, settings }: Trip) {
  const codec = CodecModule.instantiate(coreModule());
  const encoder = new OpusEncoder(codec, { channels, sampleRate, application: settings.application ?? "voip" });
  const decoder = new OpusDecoder(codec, { channels, sampleRate });
  encoder.configure({ bitrate: 96_000 * channels, complexity: 5, ...settings });
  const frame = (frameMs * sampleRate) / 1000;
  const input = createSpeechLikeSignal({ sampleRate, seconds: 1.2, pauseShare: 0 });
  const left = new Float32Array(input.length);
  const right = new Float32Array(input.length);
  const packetSamples = new Set<number>();
  const bandwidths = new Set<string | undefined>();
  for (let at = 0; at + frame <= input.length; at += frame) {
    for (let index = 0; index < frame; index++) {
      const sample = input[at + index] ?? 0;
      encoder.input[index * channels] = sample;
      if (channels === 2) encoder.input[index * 2 + 1] = -0.5 * sample;
    }
    const bytes = encoder.encode(frame);
    expect(bytes).toBeGreaterThan(0);
    packetSamples.add(opusPacketSamples(encoder.output, 0, bytes));
    bandwidths.add(opusPacketBandwidth(encoder.output, 0, bytes));
    expect(decoder.decode(encoder.output, 0, bytes)).toBe(frame);
    for (let index = 0; index < frame; index++) {
      left[at + index] = decoder.output[index * channels] ?? 0;
      right[at + index] = decoder.output[index * channels + channels - 1] ?? 0;
    }
  }
  const stretch = { start: sampleRate / 10, length: sampleRate * 0.9, lag: encoder.lookahead };
  return {
    left: normalizedCorrelation(input, left, stretch),
    right: normalizedCorrelation(input, right, stretch),
    lagError: bestLag(input, left, stretch) - stretch.lag,
    packetSamples,
    bandwidths,
  };
}

/** The lag near the given one at which the two are most alike, in samples. */
function bestLag(a: Float32Array, b: Float32Array, stretch: { start: number; length: number; lag: number }): number {
  let best = stretch.lag;
  let highest = -1;
  for (let lag = Math.max(0, stretch.lag - 100); lag <= stretch.lag + 100; lag++) {
    const likeness = normalizedCorrelation(a, b, { start: stretch.start, length: stretch.length / 4, lag });
    if (likeness > highest) {
      highest = likeness;
      best = lag;
    }
  }
  return best;
}

describe("an Opus round trip", () => {
  for (const sampleRate of RATES) {
    for (const frameMs of FRAME_MS) {
      it(`keeps the signal in place at ${sampleRate} Hz in frames of ${frameMs} ms`, () => {
        for (const channels of [1, 2] as const) {
          const { left, packetSamples } = roundTrip({
            frameMs,
            channels,
            sampleRate,
            settings: { application: "audio" },
          });
          expect(left).toBeGreaterThan(0.97);
          expect([...packetSamples]).toEqual([frameMs * 48]);
        }
      });
    }
  }

  for (const application of ["voip", "audio", "lowdelay"] as const) {
    it(`delays by the reported look-ahead with the application "${application}"`, () => {
      const { lagError } = roundTrip({ frameMs: 20, channels: 1, sampleRate: 48_000, settings: { application } });
      // "voip" starts with a high-pass, whose phase moves the low formants by a few samples.
      expect(Math.abs(lagError)).toBeLessThanOrEqual(application === "voip" ? 24 : 1);
    });
  }

  it("keeps two channels apart", () => {
    const trip = { frameMs: 20, channels: 2, sampleRate: 48_000, settings: { application: "audio" } } as const;
    const { left, right } = roundTrip(trip);
    expect(left).toBeGreaterThan(0.97);
    expect(right).toBeLessThan(-0.97);
  });

  for (const bandwidth of ["narrow", "medium", "wide", "superwide", "full"] as const) {
    it(`codes the bandwidth "${bandwidth}" when told to`, () => {
      const settings = { bandwidth, bitrate: 24_000 };
      const { bandwidths } = roundTrip({ frameMs: 20, channels: 1, sampleRate: 48_000, settings });
      expect([...bandwidths]).toEqual([bandwidth]);
    });
  }

  it("works at the lowest and the highest bitrate", () => {
    for (const bitrate of [6_000, 510_000]) {
      const trip = {
        frameMs: 20,
        channels: 1,
        sampleRate: 48_000,
        settings: { bitrate, application: "audio" },
      } as const;
      expect(roundTrip(trip).left).toBeGreaterThan(bitrate === 6_000 ? 0.3 : 0.99);
    }
  });
});
