import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import { type SettingsPatch, VoiceEngine } from "../../src/engine/index.ts";
import { FakeMediaDevices } from "./support/fake-media-devices.ts";
import { compareWithLoop } from "./support/heard-speech.ts";
import { createSpeechTrack } from "./support/speech-track.ts";
import { toneLevelDb } from "./support/tone-level.ts";

const TONE = 440;
const PLAIN: SettingsPatch = {
  capture: {
    highPass: { isEnabled: false },
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
  },
};

let devices: FakeMediaDevices;
let uninstall: () => Promise<void>;
let engine: VoiceEngine;

/** Whether the tone is heard at the output, after what was under way has passed. */
async function isHeard(): Promise<boolean> {
  const { left } = await recordClip(engine.tapOutput(), 1);
  return toneLevelDb(left.subarray(left.length / 2), TONE) > -45;
}

describe("a sound check", () => {
  beforeEach(async () => {
    devices = new FakeMediaDevices();
    uninstall = devices.install();
    devices.plug({ id: "tone", label: "Tone", tones: [TONE] });
    engine = await VoiceEngine.start({ settings: PLAIN });
  });

  afterEach(async () => {
    await engine.close();
    await uninstall();
  });

  it("records the same time before and after processing", async () => {
    await engine.openMicrophone();
    engine.configure({ capture: { trimDb: -12 } });
    await recordClip(engine.tapOutput(), 0.3);
    const { raw, processed } = await engine.soundCheck.record({ seconds: 1 });
    expect(raw.left.length).to.equal(48_000);
    expect(processed.left.length).to.equal(48_000);
    const difference = toneLevelDb(processed.left, TONE) - toneLevelDb(raw.left, TONE);
    expect(difference, "the trim, dB").to.be.within(-12.5, -11.5);
  });

  it("ends a recording early when it is told to, and when the microphone closes", async () => {
    await engine.openMicrophone();
    const end = new AbortController();
    const stopped = engine.soundCheck.record({ seconds: 60, signal: end.signal });
    setTimeout(() => end.abort(), 200);
    expect((await stopped).raw.left.length).to.be.below(48_000);
    const closed = engine.soundCheck.record({ seconds: 60 });
    setTimeout(() => engine.closeMicrophone(), 200);
    expect((await closed).raw.left.length).to.be.below(48_000);
  });

  it("plays the microphone back as others hear it: muted, deafened, held back by a talk key", async () => {
    await engine.openMicrophone();
    engine.soundCheck.startEcho({ delayMs: 50 });
    expect(await isHeard(), "at first").to.equal(true);
    engine.setMuted(true);
    expect(await isHeard(), "muted").to.equal(false);
    engine.setMuted(false);
    expect(await isHeard(), "not muted").to.equal(true);
    engine.setDeafened(true);
    expect(await isHeard(), "deafened").to.equal(false);
    engine.setDeafened(false);
    engine.capture.configure({ activation: { mode: "push-to-talk" } });
    expect(await isHeard(), "push-to-talk, key up").to.equal(false);
    engine.setTalkKey(true);
    expect(await isHeard(), "push-to-talk, key down").to.equal(true);
    engine.setTalkKey(false);
    engine.capture.configure({ activation: { mode: "push-to-mute" } });
    expect(await isHeard(), "push-to-mute, key up").to.equal(true);
    engine.soundCheck.stopEcho();
    expect(await isHeard(), "after the test").to.equal(false);
  });

  it("says what is missing while the microphone is closed", () => {
    expect(() => engine.soundCheck.startEcho()).to.throw("it is closed");
    expect(() => engine.soundCheck.setMonitoring(true)).to.throw("it is closed");
    expect(engine.soundCheck.isMonitoring).to.equal(false);
  });
});

describe("the neural codec", () => {
  it("comes into a running call without a gap", async function () {
    this.timeout(40_000);
    const speech = await createSpeechTrack({ seconds: 2 });
    engine = await VoiceEngine.start();
    try {
      const stream = await engine.addStream(speech.track, { label: "speech", encoder: { stereo: false } });
      const echo = engine.soundCheck.startEcho({ stream });
      expect(engine.statistics().usesNeuralCodec).to.equal(false);
      const recording = recordClip(engine.tapOutput(), 6);
      await recordClip(engine.tapOutput(), 2);
      await engine.loadNeural();
      const { left } = await recording;
      const received = echo.stats();
      const heard = compareWithLoop(speech.samples, left);
      expect(engine.statistics().usesNeuralCodec).to.equal(true);
      expect(heard.longestGapMs).to.be.at.most(20);
      expect(heard.medianCorrelation).to.be.above(0.9);
      expect(received?.packetsReceived).to.be.above(200);
    } finally {
      await engine.close();
      await speech.close();
    }
  });
});
