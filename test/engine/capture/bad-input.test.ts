import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../../../src/engine/codec/opus-decoder.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { type RandomSource, seededRandom } from "../../../src/engine/media/random.ts";
import { applyPatch, type SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import { coreModule } from "../../support/core-module.ts";
import { levelDb, mono, runChain } from "../../support/offline-chain.ts";

const RATE = 48_000;
const SEEDS = [1, 20, 300, 4000];
const speech = createSpeechLikeSignal({ sampleRate: RATE, seconds: 4, seed: 8 });

const spoiled: Readonly<Record<string, (random: RandomSource, speech: Float32Array) => void>> = {
  NaN: (random, samples) => scatter(random, samples, () => Number.NaN),
  infinities: (random, samples) => scatter(random, samples, () => (random() < 0.5 ? Infinity : -Infinity)),
  "huge numbers": (random, samples) => scatter(random, samples, () => 1e30 * (random() - 0.5)),
  denormals: (random, samples) => scatter(random, samples, () => 1e-40 * random()),
};

function scatter(random: RandomSource, samples: Float32Array, value: () => number): void {
  for (let run = 0; run < 20; run++) {
    const at = Math.floor(random() * RATE * 1.5);
    const length = Math.floor(random() * 300);
    for (let i = at; i < at + length; i++) samples[i] = value();
  }
}

const isSound = (samples: Float32Array): boolean => samples.every((sample) => sample - sample === 0);

describe("bad input", () => {
  for (const [name, spoil] of Object.entries(spoiled)) {
    it(`survives ${name}, and speech goes on behind them`, () => {
      for (const seed of SEEDS) {
        const input = speech.slice();
        spoil(seededRandom(seed), input);
        const { processed, packets } = runChain(
          [input],
          [{ capture: { activation: { mode: "open" } }, encoder: { complexity: 0 } }],
        );
        const [output = new Float32Array(0)] = processed;
        expect(isSound(output), `seed ${seed}`).toBe(true);
        expect(
          output.every((sample) => Math.abs(sample) <= 1),
          `seed ${seed}`,
        ).toBe(true);
        expect(levelDb(output, 2.5), `seed ${seed}`).toBeGreaterThan(-35);
        expect(
          packets.every(({ payload }) => payload.length > 0),
          `seed ${seed}`,
        ).toBe(true);
      }
    });
  }

  it("takes a constant offset away", () => {
    const offset = speech.map((sample) => 0.5 + 0.3 * sample);
    const output = mono(
      runChain([offset], [{ capture: { activation: { mode: "open" }, highPass: { isEnabled: false } } }]),
    );
    const settled = output.subarray(2 * RATE);
    expect(Math.abs(settled.reduce((sum, sample) => sum + sample, 0) / settled.length)).toBeLessThan(0.005);
  });

  it("holds the ceiling under a square wave at full scale", () => {
    const square = Float32Array.from({ length: RATE }, (_, n) => (Math.floor(n / 50) % 2 === 0 ? 1 : -1));
    const output = mono(
      runChain([square], [{ capture: { activation: { mode: "open" }, suppressor: { kind: "off" } } }]),
    );
    expect(output.every((sample) => Math.abs(sample) <= 10 ** (-1 / 20) + 1e-4)).toBe(true);
    expect(levelDb(output, 0.5)).toBeGreaterThan(-25);
  });

  it("takes any sample rate from 8 to 192 kHz", () => {
    for (const sampleRate of [8_000, 11_025, 16_000, 44_100, 96_000, 192_000]) {
      const input = createSpeechLikeSignal({ sampleRate, seconds: 3, seed: 2 });
      const run = runChain([input], [{ encoder: { complexity: 0 } }], { sampleRate });
      expect(run.inputSamples, String(sampleRate)).toBe(3 * RATE);
      expect(levelDb(mono(run), 1), String(sampleRate)).toBeGreaterThan(-30);
    }
  });

  it("changes between mono and stereo while it runs, and sends packets that decode to what they say", () => {
    const right = speech.map((sample) => -0.5 * sample);
    const stereo = (isStereo: boolean) => applyPatch(defaultSettings, { encoder: { stereo: isStereo } }).encoder;
    const { packets } = runChain(
      [speech, right],
      [{ capture: { activation: { mode: "open" }, suppressor: { kind: "off" } } }],
      {
        onBlock: (chain, position) => {
          if (position % (RATE / 2) === 0) chain.configureEncoder(stereo((position / (RATE / 2)) % 2 === 1));
        },
      },
    );
    const channelsOf = (payload: Uint8Array): number => (((payload[0] ?? 0) & 4) === 0 ? 1 : 2);
    const seen = new Set(packets.map(({ payload }) => channelsOf(payload)));
    expect(seen).toEqual(new Set([1, 2]));
    expectDecodable(packets);
  });

  it("keeps sending under every setting changed at random", () => {
    for (const seed of SEEDS) {
      const random = seededRandom(seed);
      let settings = defaultSettings;
      const { packets, processed } = runChain([speech], [], {
        onBlock: (chain) => {
          if (random() > 0.1) return;
          settings = applyPatch(settings, randomPatch(random));
          chain.configure(settings.capture);
          chain.configureEncoder(settings.encoder);
          if (random() < 0.1) chain.setMuted(random() < 0.5);
          if (random() < 0.3) chain.setTalkKey(random() < 0.5);
        },
      });
      expect(isSound(processed[0] ?? new Float32Array(0)), `seed ${seed}`).toBe(true);
      expectDecodable(packets, `seed ${seed}`);
      let next = 0;
      for (const { rtpTimestamp, frameSamples } of packets) {
        expect(rtpTimestamp, `seed ${seed}`).toBe(next);
        next = rtpTimestamp + frameSamples;
      }
    }
  });
});

function expectDecodable(
  packets: readonly { readonly payload: Uint8Array; readonly frameSamples: number }[],
  name = "",
): void {
  const decoder = new OpusDecoder(CodecModule.instantiate(coreModule()), { channels: 2 });
  for (const { payload, frameSamples } of packets) {
    const decoded = decoder.decode(payload, 0, payload.length);
    // A packet of silence may stand for a longer frame than it was made from.
    if (payload.length > 2) expect(decoded, name).toBe(frameSamples);
    else expect(decoded, name).toBeGreaterThan(0);
  }
  decoder.close();
}

function randomPatch(random: RandomSource): SettingsPatch {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const between = (min: number, max: number): number => Math.round(min + random() * (max - min));
  switch (between(0, 7)) {
    case 0:
      return {
        capture: { trimDb: between(-30, 30), highPass: { isEnabled: pick([true, false]), cutoffHz: between(20, 300) } },
      };
    case 1:
      return {
        capture: {
          suppressor: {
            kind: pick(["off", "browser", "speex", "rnnoise", "gtcrn"]),
            maxReductionDb: between(-60, 0),
            mixPercent: between(0, 100),
          },
        },
      };
    case 2:
      return {
        capture: {
          activation: {
            mode: pick(["open", "voice", "push-to-talk", "push-to-mute", "toggle"]),
            detector: pick(["auto", "level", "probability", "accurate"]),
            preRollMs: between(0, 300),
          },
        },
      };
    case 3:
      return {
        capture: {
          leveler: {
            isEnabled: pick([true, false]),
            targetLufs: between(-36, -14),
            speed: pick(["slow", "medium", "fast"]),
          },
        },
      };
    case 4:
      return {
        capture: {
          limiter: { isEnabled: pick([true, false]), ceilingDb: between(-12, 0), releaseMs: between(1, 1000) },
        },
      };
    case 5:
      return { encoder: { frameDuration: pick([2.5, 5, 10, 20, 40, 60]), bitrate: between(6_000, 510_000) } };
    case 6:
      return {
        encoder: {
          application: pick(["voip", "audio", "lowdelay"]),
          stereo: pick([true, false]),
          complexity: between(0, 10),
        },
      };
    default:
      return {
        encoder: {
          fec: pick([true, false]),
          dtx: pick([true, false]),
          rateControl: pick(["vbr", "cvbr", "cbr"]),
          bandwidth: pick(["auto", "narrow", "medium", "wide", "superwide", "full"]),
        },
      };
  }
}
