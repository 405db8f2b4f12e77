import { describe, expect, it } from "vitest";
import { type RandomSource, seededRandom } from "../../../src/engine/media/random.ts";
import type { SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { FRAME_DURATIONS } from "../../../src/engine/settings/encoder-settings.ts";
import { findClicks } from "../../support/find-clicks.ts";
import { drainTap, VirtualNodes } from "../../support/virtual-nodes.ts";

/** A step of the hum at its peak is 0.1; the largest bend of the hum itself 0.0001. */
const CLICK = 0.004;
/** Virtual seconds of one session; a change of a control every few quanta. */
const SECONDS = 12;

function pick<Value>(random: RandomSource, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError("Nothing to pick from");
  return value;
}

function between(random: RandomSource, low: number, high: number): number {
  return low + random() * (high - low);
}

function anyChange(random: RandomSource): SettingsPatch {
  const isOn = random() < 0.5;
  return pick<SettingsPatch>(random, [
    { capture: { trimDb: between(random, -12, 0) } },
    { capture: { highPass: { isEnabled: isOn, cutoffHz: between(random, 20, 300) } } },
    { capture: { suppressor: { kind: pick(random, ["off", "browser", "speex", "rnnoise", "gtcrn"]) } } },
    { capture: { suppressor: { maxReductionDb: between(random, -60, 0), mixPercent: between(random, 0, 100) } } },
    { capture: { activation: { mode: pick(random, ["open", "voice", "push-to-talk", "push-to-mute", "toggle"]) } } },
    { capture: { activation: { detector: pick(random, ["auto", "level", "probability", "accurate"]) } } },
    { capture: { activation: { openDb: between(random, -60, -20), preRollMs: pick(random, [0, 50, 100, 300]) } } },
    { capture: { activation: { holdMs: between(random, 0, 400), releaseMs: between(random, 5, 300) } } },
    { capture: { leveler: { isEnabled: isOn, targetLufs: between(random, -36, -18) } } },
    { capture: { limiter: { isEnabled: isOn, ceilingDb: between(random, -12, 0) } } },
    { encoder: { bitrate: Math.round(between(random, 32_000, 128_000)) } },
    { encoder: { frameDuration: pick(random, FRAME_DURATIONS) } },
    { encoder: { complexity: Math.floor(between(random, 0, 11)), fec: isOn } },
    { encoder: { application: pick(random, ["voip", "audio", "lowdelay"]) } },
    { encoder: { stereo: isOn } },
    { encoder: { rateControl: pick(random, ["vbr", "cvbr", "cbr"]), dtx: isOn } },
    { input: { channels: pick(random, ["mono", "stereo", "left", "right"]) } },
    { jitterBuffer: { mode: pick(random, ["auto", "auto-up", "manual"]), targetMs: between(random, 0, 200) } },
    { output: { masterDb: between(random, -30, 6), limiter: { isEnabled: isOn } } },
  ]);
}

describe("every control, changed at random while audio runs", () => {
  const seeds = [1, 2, 130, Math.floor(Math.random() * 2 ** 31)];
  it.each(seeds)("does not break the signal in front of the encoder (seed %i)", { timeout: 60_000 }, (seed) => {
    const random = seededRandom(seed);
    const nodes = new VirtualNodes({ settings: { capture: { suppressor: { kind: "off" } } } });
    const tap = nodes.tapCapture("output");
    const log: string[] = [];
    const sent: Float32Array[] = [];
    // The two sides differ, so that the choice of channels is heard.
    const hum = (time: number, channel: number): number =>
      0.1 * (1 - 0.4 * channel) * Math.sin(2 * Math.PI * 220 * time + channel);
    for (let time = 0; time < SECONDS; ) {
      const patch = anyChange(random);
      nodes.configure(patch);
      log.push(`${time.toFixed(3)} ${JSON.stringify(patch)}`);
      if (random() < 0.1) {
        const isDown = random() < 0.5;
        nodes.capture.receive({ type: "talk-key", isDown });
        log.push(`${time.toFixed(3)} talk key ${isDown}`);
      }
      if (random() < 0.05) {
        const isMuted = random() < 0.5;
        nodes.capture.receive({ type: "mute", isMuted });
        log.push(`${time.toFixed(3)} mute ${isMuted}`);
      }
      const step = 0.005 + 0.05 * random();
      nodes.run(step, hum, ([left]) => {
        if (left?.some((sample) => !Number.isFinite(sample) || Math.abs(sample) > 1)) throw new Error("Bad output");
      });
      time += step;
      sent.push(drainTap(tap));
    }
    const signal = sent.flatMap((part) => [...part]);
    const clicks = findClicks(signal, CLICK).map(({ at, size }) => {
      const seconds = at / 48_000;
      const near = log.filter(
        (line) => Number.parseFloat(line) > seconds - 0.4 && Number.parseFloat(line) < seconds + 0.1,
      );
      return `${seconds.toFixed(4)} s, ${size.toFixed(4)}, after\n${near.join("\n")}`;
    });
    expect(clicks.slice(0, 3)).toEqual([]);
    nodes.close();
  });
});
