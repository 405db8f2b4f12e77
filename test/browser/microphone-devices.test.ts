import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import {
  type InputChannels,
  type MicrophoneGrant,
  type SettingsPatch,
  VoiceEngine,
  VoiceError,
} from "../../src/engine/index.ts";
import { FakeMediaDevices } from "./support/fake-media-devices.ts";
import { toneLevelDb } from "./support/tone-level.ts";

/** What the chain would do to a tone is left out: these tests are about devices. */
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

async function start(settings: SettingsPatch = {}): Promise<void> {
  engine = await VoiceEngine.start({ settings: { ...PLAIN, ...settings } });
}

/** The tones that leave the engine, of those a test plays. */
async function heard(): Promise<number[]> {
  const tap = engine.microphone?.tap("output");
  if (tap === undefined) throw new Error("The microphone is closed");
  const { left } = await recordClip(tap, 0.4);
  const steady = left.subarray(left.length / 2);
  return [300, 440, 800, 1_300].filter((frequency) => toneLevelDb(steady, frequency) > -45);
}

function event<Type extends "microphone-changed" | "microphone-lost">(type: Type): Promise<unknown> {
  return new Promise((resolve) => engine.addEventListener(type, resolve, { once: true }));
}

async function untilFedBy(id: string): Promise<MicrophoneGrant> {
  for (;;) {
    const grant = engine.microphoneGrant;
    if (grant?.deviceId === id) return grant;
    await event("microphone-changed");
  }
}

async function failure(attempt: Promise<unknown>): Promise<VoiceError> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof VoiceError) return error;
    throw error;
  }
  throw new Error("It should have failed");
}

describe("a microphone", () => {
  beforeEach(() => {
    devices = new FakeMediaDevices();
    uninstall = devices.install();
  });

  afterEach(async () => {
    await engine.close();
    expect(devices.openTracks, "tracks that were left open").to.equal(0);
    await uninstall();
  });

  const refusals = [
    ["NotAllowedError", "permission-denied"],
    ["NotFoundError", "no-microphone"],
    ["NotReadableError", "microphone-busy"],
    ["OverconstrainedError", "overconstrained"],
  ] as const;
  for (const [name, code] of refusals) {
    it(`that cannot be had for a ${name} says "${code}" and can be tried again`, async () => {
      await start();
      devices.plug({ id: "desk", label: "Desk" });
      devices.refusal = name;
      const error = await failure(engine.openMicrophone());
      expect(error.code).to.equal(code);
      expect(engine.microphone).to.equal(undefined);
      devices.refusal = undefined;
      await engine.openMicrophone();
      expect(await heard()).to.deep.equal([440]);
    });
  }

  it("is opened once however often it is asked for, and closed while it opens", async () => {
    devices.plug({ id: "desk", label: "Desk" });
    await start();
    const [first, second] = await Promise.all([engine.openMicrophone(), engine.openMicrophone()]);
    expect(first).to.equal(second);
    expect(devices.openTracks).to.equal(1);
    engine.closeMicrophone();
    const opening = failure(engine.openMicrophone());
    engine.closeMicrophone();
    expect((await opening).code).to.equal("closed");
    expect(engine.microphone).to.equal(undefined);
  });

  it("becomes the one that was chosen while the permission was still asked for", async () => {
    devices.plug({ id: "built-in", label: "Built-in", tones: [300] });
    devices.plug({ id: "headset", label: "Headset", tones: [800] });
    await start({ input: { deviceId: "built-in", deviceLabel: "Built-in" } });
    const opening = engine.openMicrophone();
    engine.configure({ input: { deviceId: "headset", deviceLabel: "Headset" } });
    await opening;
    await untilFedBy("headset");
    expect(await heard()).to.deep.equal([800]);
  });

  it("falls back to another device when it is unplugged, and returns when it is back", async () => {
    devices.plug({ id: "built-in", label: "Built-in", tones: [300] });
    devices.plug({ id: "headset", label: "Headset", tones: [800] });
    await start({ input: { deviceId: "headset", deviceLabel: "Headset" } });
    const stream = await engine.openMicrophone();
    expect(engine.microphoneGrant).to.include({ deviceId: "headset", isFallback: false });
    expect(await heard()).to.deep.equal([800]);

    devices.unplug("headset");
    expect(await untilFedBy("built-in")).to.include({ isFallback: true });
    expect(await heard()).to.deep.equal([300]);

    devices.plug({ id: "headset", label: "Headset", tones: [800] });
    expect(await untilFedBy("headset")).to.include({ isFallback: false });
    expect(await heard()).to.deep.equal([800]);
    expect(engine.microphone, "the stream others hear").to.equal(stream);
  });

  it("is found again by its label when the browser gives it another id", async () => {
    devices.plug({ id: "built-in", label: "Built-in", tones: [300] });
    devices.plug({ id: "new-id", label: "Headset", tones: [800] });
    await start({ input: { deviceId: "old-id", deviceLabel: "Headset" } });
    await engine.openMicrophone();
    expect(engine.microphoneGrant).to.include({ deviceId: "new-id", isFallback: false });
  });

  it("that vanishes in mid-word is told as lost, and resumes by itself when any device comes", async () => {
    devices.plug({ id: "only", label: "Only", tones: [800] });
    await start();
    const stream = await engine.openMicrophone();
    const lost = event("microphone-lost");
    devices.unplug("only");
    await lost;
    expect(engine.microphoneGrant).to.equal(undefined);
    expect(engine.microphone).to.equal(stream);
    expect(await heard(), "silence while there is no device").to.deep.equal([]);

    devices.plug({ id: "spare", label: "Spare", tones: [1_300] });
    await untilFedBy("spare");
    expect(await heard()).to.deep.equal([1_300]);
    expect(devices.openTracks).to.equal(1);
  });

  it("can be exchanged while it is open", async () => {
    devices.plug({ id: "built-in", label: "Built-in", tones: [300] });
    devices.plug({ id: "headset", label: "Headset", tones: [800] });
    await start();
    await engine.openMicrophone();
    await engine.devices.refresh();
    engine.devices.selectInput("headset");
    await untilFedBy("headset");
    expect(await heard()).to.deep.equal([800]);
    expect(engine.settings.input).to.include({ deviceId: "headset", deviceLabel: "Headset" });
    expect(devices.openTracks).to.equal(1);
  });

  it("is asked for what the settings say and shows what was granted", async () => {
    devices.plug({ id: "desk", label: "Desk", granted: { echoCancellation: true, noiseSuppression: false } });
    await start({ input: { echoCancellation: false, noiseSuppression: true, autoGainControl: true } });
    await engine.openMicrophone();
    expect(devices.asked.at(-1)).to.include({
      echoCancellation: false,
      noiseSuppression: true,
      autoGainControl: true,
      voiceIsolation: false,
    });
    expect(engine.microphoneGrant?.processing).to.deep.equal({
      echoCancellation: true,
      noiseSuppression: false,
      autoGainControl: true,
      voiceIsolation: undefined,
    });
  });

  it("asks the browser to suppress noise when that is the chosen suppressor", async () => {
    devices.plug({ id: "desk", label: "Desk" });
    await start();
    await engine.openMicrophone();
    expect(devices.asked.at(-1)).to.include({ noiseSuppression: false });
    engine.capture.configure({ suppressor: { kind: "browser" } });
    await event("microphone-changed");
    expect(devices.asked.at(-1)).to.include({ noiseSuppression: true });
  });

  const choices: readonly [InputChannels, number[]][] = [
    ["mono", [300, 800]],
    ["left", [300]],
    ["right", [800]],
    ["stereo", [300]],
  ];
  for (const [channels, tones] of choices) {
    it(`with two channels sends those chosen: ${channels}`, async () => {
      devices.plug({ id: "interface", label: "Interface", tones: [300, 800] });
      await start({ input: { channels }, encoder: { stereo: channels === "stereo" } });
      await engine.openMicrophone();
      expect(await heard()).to.deep.equal(tones);
    });
  }

  it("goes on at another rate of its context", async () => {
    devices.plug({ id: "desk", label: "Desk", tones: [440] });
    await start();
    const stream = await engine.openMicrophone();
    for (const sampleRate of [8_000, 44_100, 96_000]) {
      engine.configure({ input: { sampleRate } });
      const isThere = (): boolean => stream.stats()?.contextRate === sampleRate && stream.levels().inputPeakDb > -30;
      while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await heard(), `at ${sampleRate} Hz`).to.deep.equal([440]);
    }
    expect(devices.openTracks).to.equal(1);
  });
});
