import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import { FRAME_DURATIONS, type SettingsPatch, VoiceEngine } from "../../src/engine/index.ts";
import { type RandomSource, seededRandom } from "../../src/engine/media/random.ts";
import { findClicks } from "../support/find-clicks.ts";
import { delay } from "./support/delay.ts";
import { FakeMediaDevices } from "./support/fake-media-devices.ts";

/** Changes a second, and how long they go on. */
const INTERVAL_MS = 40;
const SECONDS = 6;
/** A step of the tone at its peak is 0.1. */
const CLICK = 0.004;
/** Longest way through the chain, samples: 300 ms of pre-roll, a frame of 60 ms, suppressors. */
const CHAIN_DELAY = 24_000;
/** A machine that is busy with something else makes any page's output run dry: so many attempts for one without. */
const ATTEMPTS = 3;

function pick<Value>(random: RandomSource, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError("Nothing to pick from");
  return value;
}

function between(random: RandomSource, low: number, high: number): number {
  return low + random() * (high - low);
}

/** One change of one control, any control that acts on running audio. */
function anyChange(random: RandomSource): SettingsPatch {
  const isOn = random() < 0.5;
  const changes: readonly SettingsPatch[] = [
    { capture: { trimDb: between(random, -12, 0) } },
    { capture: { highPass: { isEnabled: isOn, cutoffHz: between(random, 20, 300) } } },
    { capture: { suppressor: { kind: pick(random, ["off", "speex", "rnnoise", "gtcrn"]) } } },
    { capture: { suppressor: { maxReductionDb: between(random, -60, 0), mixPercent: between(random, 0, 100) } } },
    { capture: { activation: { mode: pick(random, ["open", "voice", "push-to-talk", "push-to-mute", "toggle"]) } } },
    { capture: { activation: { detector: pick(random, ["auto", "level", "probability"]) } } },
    { capture: { activation: { openDb: between(random, -60, -20), preRollMs: pick(random, [0, 50, 100, 300]) } } },
    { capture: { activation: { holdMs: between(random, 0, 400), releaseMs: between(random, 20, 300) } } },
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
  ];
  return pick(random, changes);
}

type Session = { readonly seed: number; readonly underruns: number };

/** Plays for {@link SECONDS} and changes controls all the time. */
async function play(seed: number): Promise<Session> {
  const random = seededRandom(seed);
  const devices = new FakeMediaDevices();
  const uninstall = devices.install();
  devices.plug({ id: "tone", label: "Tone", tones: [220, 220] });
  const engine = await VoiceEngine.start({ settings: { capture: { suppressor: { kind: "off" } } } });
  const errors: unknown[] = [];
  engine.addEventListener("error", ({ error }) => errors.push(error));
  try {
    const microphone = await engine.openMicrophone();
    microphone.addEventListener("failed", ({ error }) => errors.push(error));
    const echo = engine.soundCheck.startEcho();
    // Suppressors are loaded when they are first chosen; that is over before the counting starts.
    for (const kind of ["rnnoise", "gtcrn", "off"] as const) {
      engine.capture.configure({ suppressor: { kind } });
      await delay(700);
    }
    const before = engine.statistics().output.underruns?.underrunEvents ?? 0;
    const source = microphone.tap("input");
    const sent = microphone.tap("output");
    if (source === undefined || sent === undefined) throw new Error("The microphone is closed");
    const recording = Promise.all([recordClip(source, SECONDS), recordClip(sent, SECONDS)]);
    const log: string[] = [];
    for (let time = 0; time < SECONDS * 1_000; time += INTERVAL_MS) {
      const patch = anyChange(random);
      log.push(`${(time / 1_000).toFixed(2)} s ${JSON.stringify(patch)}`);
      engine.configure(patch);
      if (random() < 0.1) engine.setTalkKey(random() < 0.5);
      if (random() < 0.05) engine.setMuted(!engine.isMuted);
      await delay(INTERVAL_MS);
    }
    const [given, processed] = await recording;
    const underruns = (engine.statistics().output.underruns?.underrunEvents ?? 0) - before;
    const received = echo.stats();
    // A busy machine tears the tone before it gets to the engine: what comes of that is no fault of a control.
    const tears = findClicks(given.left, CLICK);
    const ours = findClicks(processed.left, CLICK).filter(
      ({ at }) => !tears.some((tear) => at >= tear.at && at < tear.at + CHAIN_DELAY),
    );
    const clicks = ours.map(({ at, size }) => {
      const near = log.filter((line) => Math.abs(Number.parseFloat(line) - at / 48_000) < 0.7).join("\n");
      return `${(at / 48_000).toFixed(3)} s, ${size.toFixed(3)}, after\n${near}`;
    });
    expect(errors, `seed ${seed}`).to.deep.equal([]);
    expect(clicks.slice(0, 2), `seed ${seed}`).to.deep.equal([]);
    expect(microphone.stats()?.overruns).to.equal(0);
    expect(received?.totalSamplesReceived ?? 0).to.be.above(SECONDS * 48_000 * 0.8);
    return { seed, underruns };
  } finally {
    await engine.close();
    await uninstall();
  }
}

describe("every control, changed at random while audio runs", () => {
  it("neither clicks, nor throws, nor makes the output run dry", async function () {
    this.timeout(60_000);
    const sessions: Session[] = [];
    while (sessions.length < ATTEMPTS && !sessions.some(({ underruns }) => underruns === 0)) {
      sessions.push(await play(Math.floor(Math.random() * 2 ** 31)));
    }
    expect(Math.min(...sessions.map(({ underruns }) => underruns)), JSON.stringify(sessions)).to.equal(0);
  });
});
