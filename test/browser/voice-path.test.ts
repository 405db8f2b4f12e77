import { expect } from "chai";
import { FRAME_DURATIONS, type VoiceEngineOptions } from "../../src/engine/index.ts";
import { type EchoRecording, recordEcho } from "./support/echo-recording.ts";
import { createSpeechTrack, type SpeechTrack } from "./support/speech-track.ts";

let speech: SpeechTrack;

function expectWhole({ heard, received }: EchoRecording, correlation = 0.9): void {
  expect(heard.seconds, "seconds compared").to.be.at.least(3);
  expect(heard.medianCorrelation, "correlation with what was said").to.be.above(correlation);
  expect(heard.longestGapMs, "longest gap").to.be.at.most(20);
  // The send gate keeps back a frame that a busy machine has delivered too late.
  expect(received.packetsLost, "lost packets").to.be.at.most(2);
  expect(received.ringOverruns, "datagrams lost between threads").to.equal(0);
}

describe("a voice that goes through the engine and comes back", () => {
  before(async () => {
    speech = await createSpeechTrack({ seconds: 2 });
  });

  after(() => speech.close());

  const ways: readonly [string, VoiceEngineOptions][] = [
    ["over shared memory and the network worker", {}],
    ["over message ports", { sharedMemory: false }],
    ["over the main thread", { voicePath: "main-thread" }],
    ["over message ports and the main thread", { voicePath: "main-thread", sharedMemory: false }],
  ];
  for (const [way, engine] of ways) {
    it(`is heard whole ${way}`, async () => {
      expectWhole(await recordEcho(speech, { engine }));
    });
  }

  for (const sampleRate of [8_000, 16_000, 44_100, 96_000]) {
    it(`is heard whole with both contexts at ${sampleRate} Hz`, async () => {
      const engine = { settings: { input: { sampleRate }, output: { sampleRate } } };
      // A rate of 8 kHz takes away what is above 4 kHz.
      expectWhole(await recordEcho(speech, { engine }), sampleRate < 16_000 ? 0.8 : 0.9);
    });
  }

  for (const frameDuration of FRAME_DURATIONS) {
    it(`is heard whole in frames of ${frameDuration} ms`, async () => {
      expectWhole(await recordEcho(speech, { encoder: { frameDuration, stereo: false, bitrate: 96_000 } }));
    });
  }
});
