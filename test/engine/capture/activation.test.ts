import { describe, expect, it } from "vitest";
import { labelSpeech, scoreActivation, sentBlocks } from "../../../bench/activation-score.ts";
import type { CaptureChain } from "../../../src/engine/capture/capture-chain.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import type { SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { createNoise, mix } from "../../support/noise.ts";
import { levelDb, mono, runChain, TRANSPARENT } from "../../support/offline-chain.ts";

const RATE = 48_000;
const CHEAP: SettingsPatch = { encoder: { complexity: 0 } };
/** Two seconds of silence, then phrases with pauses of about a second. */
const voice = new Float32Array(14 * RATE);
voice.set(createSpeechLikeSignal({ sampleRate: RATE, seconds: 12, seed: 4, pauseShare: 0.4 }), 2 * RATE);
const labels = labelSpeech(voice);
const speechLevel = levelDb(voice.filter((_, n) => labels[Math.floor(n / 480)] === 1));

describe("voice activation", () => {
  for (const colour of ["pink", "brown"] as const) {
    for (const snr of [5, 10, 20]) {
      it(`keeps word starts and loses no speech in ${colour} noise at ${snr} dB SNR`, () => {
        const noisy = mix(voice, createNoise(colour, 14, speechLevel - snr, 11));
        const score = scoreActivation(labels, sentBlocks(mono(runChain([noisy], [CHEAP]))), 100);
        expect(score.onsets).toBeGreaterThanOrEqual(4);
        expect(score.clippedP99Ms).toBeLessThanOrEqual(10);
        expect(score.lostPercent).toBeLessThan(0.5);
        expect(score.falseOpensPerMinute).toBeLessThan(2);
        expect(score.openPercent).toBeLessThan(95);
      });
    }
  }

  for (const kind of ["off", "speex", "gtcrn"] as const) {
    it(`goes by RNNoise's ear where the suppressor is ${kind}`, () => {
      const noisy = mix(voice, createNoise("pink", 14, speechLevel - 5, 11));
      const patches: SettingsPatch[] = [CHEAP, { capture: { suppressor: { kind } } }];
      const capture = runChain([noisy], patches, { hasListener: true });
      const score = scoreActivation(labels, sentBlocks(mono(capture)), 100);
      expect(score.onsets).toBeGreaterThanOrEqual(4);
      expect(score.clippedP99Ms).toBeLessThanOrEqual(10);
      expect(score.lostPercent).toBeLessThan(0.5);
      expect(score.falseOpensPerMinute).toBeLessThan(2);
      expect(score.openPercent).toBeLessThan(95);
    });
  }

  it("stays closed in noise alone", () => {
    for (const colour of ["white", "pink", "brown"] as const) {
      const sent = sentBlocks(mono(runChain([createNoise(colour, 8, -40, 5)], [CHEAP])));
      expect(
        sent.reduce((sum, block) => sum + block, 0),
        colour,
      ).toBe(0);
    }
  });

  it("flags the first frame of each talkspurt, which begins before the voice", () => {
    const { packets, processed } = runChain([voice], [CHEAP]);
    const sent = sentBlocks(processed[0] ?? new Float32Array(0));
    const starts = packets.filter(({ isTalkspurtStart }) => isTalkspurtStart);
    let runs = 0;
    for (let block = 1; block < sent.length; block++) if (sent[block] === 1 && sent[block - 1] === 0) runs++;
    expect(starts).toHaveLength(runs);
    const [first] = starts;
    const firstVoice = labels.indexOf(1) * 480;
    expect(first?.rtpTimestamp).toBeLessThan(firstVoice);
    expect(first?.rtpTimestamp).toBeGreaterThan(firstVoice - 0.15 * RATE);
  });

  it("sends the pre-roll as a burst and at its true time: timestamps never jump", () => {
    let previous = 0;
    const perBlock: number[] = [];
    const { packets } = runChain([voice], [CHEAP], {
      onBlock: (chain) => {
        perBlock.push(chain.telemetry.framesSent - previous);
        previous = chain.telemetry.framesSent;
      },
    });
    for (const [index, packet] of packets.entries()) {
      if (index > 0) expect(packet.rtpTimestamp - (packets[index - 1]?.rtpTimestamp ?? 0)).toBe(960);
    }
    // 20 ms frames: usually one every second block; the pre-roll of 100 ms comes within a few blocks.
    expect(Math.max(...perBlock)).toBeGreaterThanOrEqual(2);
  });

  it("opens on the accurate detector's probability alone, and goes back to its own when that stops", () => {
    const patch: SettingsPatch = { capture: { activation: { detector: "accurate" }, suppressor: { kind: "off" } } };
    const noise = createNoise("pink", 4, -40, 2);
    const open: boolean[] = [];
    runChain([noise], [patch, CHEAP], {
      onBlock: (chain, position) => {
        if (position === RATE) chain.setVoiceProbability(0.95);
        if (position === 2 * RATE) chain.setVoiceProbability(0.01);
        if (position === 3 * RATE) chain.setVoiceProbability(-1);
        open.push(chain.telemetry.isTransmitting);
      },
    });
    expect(open.slice(50, 99).some(Boolean)).toBe(false);
    expect(open.slice(105, 199).every(Boolean)).toBe(true);
    expect(open.slice(240, 390).some(Boolean)).toBe(false);
  });

  it("opens and closes at the level thresholds", () => {
    const patch: SettingsPatch = {
      capture: { ...TRANSPARENT.capture, activation: { mode: "voice", detector: "level", openDb: -30, closeDb: -36 } },
    };
    const tone = (level: number): Float32Array =>
      Float32Array.from({ length: RATE }, (_, n) => Math.SQRT2 * 10 ** (level / 20) * Math.sin(n / 20));
    const openShare = (signal: Float32Array): number => {
      const sent = sentBlocks(mono(runChain([signal], [patch, CHEAP])));
      return sent.reduce((sum, block) => sum + block, 0) / sent.length;
    };
    expect(openShare(tone(-31.5))).toBe(0);
    expect(openShare(tone(-28.5))).toBeGreaterThan(0.95);
    const falling = new Float32Array(2 * RATE);
    falling.set(tone(-28.5));
    falling.set(tone(-33), RATE);
    expect(openShare(falling)).toBeGreaterThan(0.95);
  });
});

describe("the talk key", () => {
  const tone = Float32Array.from({ length: 2 * RATE }, (_, n) => 0.3 * Math.sin(n / 15));
  const events = (list: readonly (readonly [number, (chain: CaptureChain) => void])[], mode: string, more = {}) =>
    sentBlocks(
      mono(
        runChain(
          [tone],
          [
            TRANSPARENT,
            {
              capture: {
                activation: { mode: mode as "open", attackMs: 1, releaseMs: 10 },
                pushToTalk: { releaseDelayMs: 100, doublePressLockMs: 0, ...more },
              },
            },
            CHEAP,
          ],
          {
            onBlock: (chain, position) => {
              for (const [at, act] of list) if (position === Math.round(at * 100) * 480) act(chain);
            },
          },
        ),
      ),
    );
  const down = (chain: CaptureChain): void => chain.setTalkKey(true);
  const up = (chain: CaptureChain): void => chain.setTalkKey(false);
  const share = (sent: Uint8Array, from: number, to: number): number => {
    const part = sent.slice(Math.round(from * 100), Math.round(to * 100));
    return part.reduce((sum, block) => sum + block, 0) / part.length;
  };

  it("sends while push-to-talk is held and for the release delay, and nothing said before", () => {
    const sent = events(
      [
        [0.5, down],
        [1, up],
      ],
      "push-to-talk",
    );
    expect(share(sent, 0, 0.49)).toBe(0);
    expect(share(sent, 0.52, 1.09)).toBe(1);
    expect(share(sent, 1.15, 2)).toBe(0);
  });

  it("silences while push-to-mute is held", () => {
    const sent = events(
      [
        [0.5, down],
        [1, up],
      ],
      "push-to-mute",
    );
    expect(share(sent, 0, 0.48)).toBe(1);
    expect(share(sent, 0.53, 1.09)).toBe(0);
    expect(share(sent, 1.15, 1.98)).toBe(1);
  });

  it("toggles with each press", () => {
    const sent = events(
      [
        [0.4, down],
        [0.5, up],
        [1.2, down],
        [1.3, up],
      ],
      "toggle",
    );
    expect(share(sent, 0, 0.38)).toBe(0);
    expect(share(sent, 0.43, 1.19)).toBe(1);
    expect(share(sent, 1.25, 2)).toBe(0);
  });

  it("locks with a double press until the next one", () => {
    const presses = [
      [0.4, down],
      [0.45, up],
      [0.5, down],
      [0.55, up],
      [1.4, down],
      [1.45, up],
    ] as const;
    const sent = events(presses, "push-to-talk", { doublePressLockMs: 300 });
    expect(share(sent, 0.6, 1.39)).toBe(1);
    expect(share(sent, 1.65, 2)).toBe(0);
  });

  it("never sends anything said while muted, not even as pre-roll", () => {
    const mark = Float32Array.from({ length: 4 * RATE }, (_, n) =>
      n < 2 * RATE ? 0.3 * Math.sin(n / 15) : 0.001 * Math.sin(n / 15),
    );
    const patch: SettingsPatch = {
      capture: {
        ...TRANSPARENT.capture,
        activation: { mode: "voice", detector: "level", openDb: -30, closeDb: -36, preRollMs: 300 },
      },
    };
    const output = mono(
      runChain([mark], [patch, CHEAP], {
        onBlock: (chain, position) => {
          if (position === 480) chain.setMuted(true);
          if (position === 2 * RATE) chain.setMuted(false);
        },
      }),
    );
    expect(output.subarray(960 * 2).some((sample) => Math.abs(sample) > 0.01)).toBe(false);
  });
});
