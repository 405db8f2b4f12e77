import { describe, expect, it } from "vitest";
import type { CaptureChain } from "../../../src/engine/capture/capture-chain.ts";
import { applyPatch, type SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import { clickiness } from "../../support/click-detector.ts";
import { mono, runChain, TRANSPARENT } from "../../support/offline-chain.ts";

/*
 * A tone low enough to be smooth and high enough to pass every filter. Where a linear fade of 5 ms starts or ends on a crest, the
 * detector reads 29 (1/240 against the tone's own third difference); a step of 1 % of the tone reads 70 and more.
 */
const FREQUENCY = 400;
const tone = Float32Array.from({ length: 48_000 }, (_, n) => 0.3 * Math.sin((2 * Math.PI * FREQUENCY * n) / 48_000));
const LIMIT = 40;

/** Runs the tone and applies `patch` in the middle of it, `undo` a quarter of a second later. */
function switched(
  base: readonly SettingsPatch[],
  patch: SettingsPatch,
  after: (chain: CaptureChain) => void = () => {},
) {
  const before = base.reduce(applyPatch, defaultSettings);
  const changed = applyPatch(before, patch);
  const apply = (chain: CaptureChain, { capture, encoder }: typeof before): void => {
    chain.configure(capture);
    chain.configureEncoder(encoder);
  };
  return mono(
    runChain([tone], base, {
      onBlock: (chain, position) => {
        if (position === 480 * 41) apply(chain, changed);
        if (position === 480 * 45) after(chain);
        if (position === 480 * 67) apply(chain, before);
      },
    }),
  ).subarray(9_600, 45_000);
}

describe("the click detector", () => {
  it("tells a 1 % step from a 5 ms fade", () => {
    const stepped = tone.map((sample, n) => sample * (n > 24_000 + 30 ? 0.97 : 1));
    const faded = tone.map((sample, n) => sample * Math.min(1, Math.max(0, (24_000 - n) / 240)));
    expect(clickiness(stepped, FREQUENCY)).toBeGreaterThan(LIMIT);
    expect(clickiness(faded, FREQUENCY)).toBeLessThan(LIMIT);
  });
});

describe("switching while a tone sounds", () => {
  const open: SettingsPatch = { capture: { activation: { mode: "open" }, suppressor: { kind: "off" } } };
  const cases: readonly (readonly [string, readonly SettingsPatch[], SettingsPatch])[] = [
    ["trim by 12 dB", [TRANSPARENT], { capture: { trimDb: 12 } }],
    ["the high-pass on", [TRANSPARENT], { capture: { highPass: { isEnabled: true, cutoffHz: 200 } } }],
    [
      "the high-pass's cutoff",
      [TRANSPARENT, { capture: { highPass: { isEnabled: true } } }],
      { capture: { highPass: { cutoffHz: 300 } } },
    ],
    ["Speex on", [TRANSPARENT], { capture: { suppressor: { kind: "speex" } } }],
    [
      "the strength of suppression",
      [TRANSPARENT, { capture: { suppressor: { kind: "speex", maxReductionDb: -6 } } }],
      { capture: { suppressor: { maxReductionDb: -40, mixPercent: 50 } } },
    ],
    ["the leveler on", [TRANSPARENT], { capture: { leveler: { isEnabled: true } } }],
    ["the leveler's target", [open], { capture: { leveler: { targetLufs: -30 } } }],
    ["the limiter on", [TRANSPARENT], { capture: { limiter: { isEnabled: true } } }],
    ["the limiter's ceiling under the signal", [open], { capture: { limiter: { ceilingDb: -12, releaseMs: 5 } } }],
    ["to push-to-talk", [TRANSPARENT], { capture: { activation: { mode: "push-to-talk" } } }],
    ["attack and release", [TRANSPARENT], { capture: { activation: { attackMs: 50, releaseMs: 500 } } }],
    ["the frame to 2.5 ms", [TRANSPARENT], { encoder: { frameDuration: 2.5 } }],
    ["the frame to 60 ms", [TRANSPARENT], { encoder: { frameDuration: 60 } }],
    ["the application", [TRANSPARENT], { encoder: { application: "lowdelay" } }],
    ["to stereo", [TRANSPARENT], { encoder: { stereo: true } }],
  ];
  for (const [name, base, patch] of cases) {
    it(`does not click when it changes ${name}`, () => {
      expect(clickiness(switched(base, patch), FREQUENCY)).toBeLessThan(LIMIT);
    });
  }

  it("does not click when it mutes and unmutes", () => {
    const output = mono(
      runChain([tone], [TRANSPARENT], {
        onBlock: (chain, position) => {
          if (position === 480 * 40 || position === 480 * 60) chain.setMuted(position === 480 * 40);
        },
      }),
    );
    expect(clickiness(output.subarray(9_600, 45_000), FREQUENCY)).toBeLessThan(LIMIT);
    expect(output.subarray(480 * 43, 480 * 58).every((sample) => sample === 0)).toBe(true);
  });
});
