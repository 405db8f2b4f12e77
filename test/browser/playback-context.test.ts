import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import { VoiceEngine, type VoiceError } from "../../src/engine/index.ts";
import { delay } from "./support/delay.ts";
import { FakeMediaDevices } from "./support/fake-media-devices.ts";
import { toneLevelDb } from "./support/tone-level.ts";

describe("what is heard", () => {
  let engine: VoiceEngine;
  let uninstall: () => Promise<void>;
  const errors: VoiceError[] = [];

  beforeEach(async () => {
    const devices = new FakeMediaDevices();
    uninstall = devices.install();
    devices.plug({ id: "desk", label: "Desk", tones: [440] });
    engine = await VoiceEngine.start({
      settings: {
        capture: { suppressor: { kind: "off" }, activation: { mode: "open" }, leveler: { isEnabled: false } },
      },
    });
    errors.length = 0;
    engine.addEventListener("error", ({ error }) => errors.push(error));
    await engine.openMicrophone();
    engine.soundCheck.startEcho();
  });

  afterEach(async () => {
    await engine.close();
    await uninstall();
  });

  /** Waits until the tone comes back through encoder, network thread and mixer. */
  async function untilHeard(): Promise<void> {
    for (;;) {
      const { left } = await recordClip(engine.tapOutput(), 0.3);
      if (toneLevelDb(left.subarray(left.length / 2), 440) > -45) return;
    }
  }

  it("goes on with another latency and rate of the devices", async () => {
    await untilHeard();
    const least = engine.statistics().output.baseLatency;
    engine.configure({ output: { latencyHint: "playback" } });
    while (engine.statistics().output.baseLatency <= least) await delay(20);
    await untilHeard();
    // Two in a row: the later one stands.
    engine.configure({ output: { latencyHint: "balanced", sampleRate: 16_000 } });
    engine.configure({ output: { latencyHint: 0, sampleRate: 96_000 } });
    while (engine.statistics().output.contextRate !== 96_000) await delay(20);
    await untilHeard();
    expect(engine.statistics().output.baseLatency).to.be.closeTo(least, 0.005);
    expect(engine.microphone?.stats()?.contextRate).to.equal(48_000);
    expect(errors).to.deep.equal([]);
  });

  it("goes on where it was when the browser does not have the rate", async () => {
    const { AudioContext: real } = globalThis;
    globalThis.AudioContext = class extends real {
      constructor(options?: AudioContextOptions) {
        if (options?.sampleRate === 11_025) throw new DOMException("no such rate", "NotSupportedError");
        super(options);
      }
    };
    try {
      await untilHeard();
      engine.configure({ output: { sampleRate: 11_025 } });
      while (errors.length === 0) await delay(20);
      expect(errors[0]?.message).to.include("no such rate");
      await untilHeard();
    } finally {
      globalThis.AudioContext = real;
    }
  });
});
