import { expect } from "chai";
import { VoiceEngine } from "../../src/engine/index.ts";
import { delay } from "./support/delay.ts";
import { FakeMediaDevices } from "./support/fake-media-devices.ts";

describe("the accurate voice detector", () => {
  it("is loaded when it is chosen, tells its progress, and judges the microphone from then on", async function () {
    this.timeout(60_000);
    const devices = new FakeMediaDevices();
    const uninstall = devices.install();
    devices.plug({ id: "tone", label: "Tone", tones: [440] });
    const engine = await VoiceEngine.start({ settings: { capture: { suppressor: { kind: "off" } } } });
    try {
      const microphone = await engine.openMicrophone();
      const errors: unknown[] = [];
      engine.addEventListener("error", ({ error }) => errors.push(error));
      const progress: number[] = [];
      engine.addEventListener("voice-detector-progress", ({ loadedBytes, totalBytes }) =>
        progress.push(loadedBytes / totalBytes),
      );
      engine.capture.configure({ activation: { mode: "voice", detector: "accurate" } });
      // A tone is no voice for Silero, which is never quite sure; without it there is no probability at all.
      while (microphone.levels().voiceProbability === 0 && errors.length === 0) await delay(50);
      expect(errors).to.deep.equal([]);
      expect(progress.length).to.be.above(0);
      expect(Math.max(...progress)).to.be.within(0.99, 1);
      expect(microphone.levels().voiceProbability).to.be.below(0.5);
      engine.capture.configure({ activation: { detector: "level" } });
      await delay(300);
      expect(microphone.levels().voiceProbability).to.equal(0);
    } finally {
      await engine.close();
      await uninstall();
    }
  });
});
