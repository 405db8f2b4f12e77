import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import { VoiceEngine, type VoiceEngineOptions } from "../../src/engine/index.ts";
import { compareWithLoop } from "./support/heard-speech.ts";
import { createSpeechTrack, type SpeechTrack } from "./support/speech-track.ts";

let speech: SpeechTrack;

describe("a voice that goes out and comes back", () => {
  before(async () => {
    speech = await createSpeechTrack({ seconds: 2 });
  });

  after(() => speech.close());

  const variants: readonly [string, VoiceEngineOptions][] = [
    ["over shared memory and the network worker", {}],
    ["over message ports", { sharedMemory: false }],
    ["over the main thread", { voicePath: "main-thread" }],
    ["over message ports and the main thread", { voicePath: "main-thread", sharedMemory: false }],
  ];
  for (const [way, options] of variants) {
    it(`is heard whole ${way}`, async () => {
      const engine = await VoiceEngine.start(options);
      try {
        const stream = await engine.addStream(speech.track, { label: "speech" });
        const echo = engine.soundCheck.startEcho({ stream });
        const tap = engine.tapOutput();
        const { left } = await recordClip(tap, 5);
        const heard = compareWithLoop(speech.samples, left);
        const stats = echo.stats();
        expect(heard.segments, "seconds compared").to.be.at.least(2);
        expect(heard.medianCorrelation).to.be.above(0.9);
        expect(heard.longestGapMs).to.be.at.most(20);
        expect(stats?.packetsLost).to.equal(0);
        expect(stats?.concealedSamples).to.be.at.most(960);
      } finally {
        await engine.close();
      }
    });
  }
});
