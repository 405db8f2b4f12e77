import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import { VoiceEngine } from "../../src/engine/index.ts";
import { compareWithLoop } from "./support/heard-speech.ts";
import { createSpeechTrack, type SpeechTrack } from "./support/speech-track.ts";

const STREAMS = 32;
const SECONDS = 5;
/** A machine that is busy with something else makes any page's output run dry: so many attempts for one without. */
const ATTEMPTS = 3;

/** Lets one engine hear the same voice over 32 links; what was heard, and how often the output ran dry. */
async function listen(engine: VoiceEngine, speech: SpeechTrack): Promise<number> {
  const stream = await engine.addStream(speech.track, {
    label: "speech",
    encoder: { stereo: false, bitrate: 32_000, frameDuration: 20, application: "voip" },
  });
  const echoes = Array.from({ length: STREAMS }, () => engine.soundCheck.startEcho({ stream }));
  try {
    await recordClip(engine.tapOutput(), 1);
    const before = engine.statistics().output.underruns?.underrunEvents ?? 0;
    const { left } = await recordClip(engine.tapOutput(), SECONDS);
    const underruns = (engine.statistics().output.underruns?.underrunEvents ?? 0) - before;
    const received = echoes.map((echo) => echo.stats()?.totalSamplesReceived ?? 0);
    const peak = left.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(Math.min(...received), "samples of every stream").to.be.above(SECONDS * 48_000);
    expect(compareWithLoop(speech.samples, left).longestGapMs).to.be.at.most(20);
    expect(peak, "32 voices in one, held by the limiter").to.be.within(0.3, 1);
    return underruns;
  } finally {
    for (const echo of echoes) echo.stop();
    stream.close();
  }
}

describe("32 remote streams in one playback worklet", () => {
  it("are all decoded and mixed, without making the output run dry", async function () {
    this.timeout(60_000);
    const speech = await createSpeechTrack({ seconds: 2 });
    const engine = await VoiceEngine.start();
    try {
      const underruns: number[] = [];
      while (underruns.length < ATTEMPTS && !underruns.includes(0)) underruns.push(await listen(engine, speech));
      expect(underruns).to.include(0);
    } finally {
      await engine.close();
      await speech.close();
    }
  });
});
