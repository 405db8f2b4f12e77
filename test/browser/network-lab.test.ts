import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import {
  type EchoTest,
  findNetworkProfile,
  type ImpairmentProfile,
  type LocalStream,
  LoopedVoice,
  type NetworkPins,
  VoiceEngine,
} from "../../src/engine/index.ts";

const UNPROTECTED: NetworkPins = {
  bitrate: null,
  frameDuration: 20,
  redundancy: 0,
  fec: false,
  dredDuration: 0,
  connections: null,
};
const REPEATED: NetworkPins = { ...UNPROTECTED, redundancy: 3 };

let engine: VoiceEngine;
let voice: LoopedVoice;
let stream: LocalStream;

const named = (name: string): ImpairmentProfile => {
  const profile = findNetworkProfile(name);
  if (profile === undefined) throw new Error(`There is no profile ${name}`);
  return profile;
};

/** Lets the test run for a while; returns the share of samples that were made up in that time. */
async function concealedShare(echo: EchoTest, seconds: number): Promise<number> {
  const before = echo.stats();
  await recordClip(engine.tapOutput(), seconds);
  const after = echo.stats();
  if (before === undefined || after === undefined) throw new Error("The test has ended");
  return (
    (after.concealedSamples - before.concealedSamples) / (after.totalSamplesReceived - before.totalSamplesReceived)
  );
}

describe("the network lab", () => {
  beforeEach(async () => {
    engine = await VoiceEngine.start();
    voice = new LoopedVoice();
    const encoder = { ...engine.settings.encoder, stereo: false };
    stream = await engine.addStream(voice.track, { label: "lab", encoder });
  });

  afterEach(async () => {
    await engine.close();
    await voice.close();
  });

  it("conceals what a network of 20 % loss takes, and nothing any more once it is perfect", async () => {
    const echo = engine.soundCheck.startEcho({ stream, profile: named("burst20"), pins: UNPROTECTED });
    await concealedShare(echo, 1);
    const lossy = await concealedShare(echo, 5);
    expect(lossy, "at 20 % loss").to.be.within(0.08, 0.4);
    const path = echo.pathStats();
    if (path === undefined) throw new Error("The network tells what it did");
    expect(path.lost / path.offered, "lost by the network").to.be.within(0.1, 0.32);
    expect(path.offered - path.delivered - path.lost).to.equal(0);
    echo.setProfile(named("clean"));
    await concealedShare(echo, 2);
    expect(await concealedShare(echo, 3), "without loss").to.be.below(lossy / 2);
  });

  it("brings back by redundancy what it is told to repeat, with reasons for what the controllers do", async () => {
    const echo = engine.soundCheck.startEcho({ stream, profile: named("burst20"), pins: REPEATED });
    await concealedShare(echo, 6);
    expect(echo.stats()?.recovered.red).to.be.above(10);
    const [sent] = echo.linkStats()?.outgoing ?? [];
    expect(sent?.target.redundancyDistances).not.to.deep.equal([]);
    expect(sent?.target.reasons.redundancy).to.equal("pinned by the user");
    expect(sent?.fractionLost).to.be.within(0.05, 0.4);
    expect(engine.settings.network.pins.redundancy, "the user's own pins").to.equal(null);
  });

  it("ends when it is stopped, and leaves the stream to the controllers again", async () => {
    const echo = engine.soundCheck.startEcho({ stream, profile: named("burst20"), pins: REPEATED });
    await concealedShare(echo, 2);
    echo.stop();
    expect(echo.stats()).to.equal(undefined);
    expect(echo.linkStats()).to.equal(undefined);
    const after = engine.soundCheck.startEcho({ stream });
    await concealedShare(after, 2);
    const [sent] = after.linkStats()?.outgoing ?? [];
    // The controllers may try with one copy whether the path carries shorter frames.
    expect(sent?.target.redundancyDistances.length, "copies").to.be.below(2);
    expect(sent?.target.reasons.redundancy).not.to.equal("pinned by the user");
    engine.soundCheck.stopEcho();
    const { left } = await recordClip(engine.tapOutput(), 1);
    expect(Math.max(...left.subarray(left.length / 2).map(Math.abs)), "peak after the end").to.be.below(0.001);
  });

  it("refuses a network that cannot be", () => {
    const profile = { ...named("clean"), delayMs: -1 };
    expect(() => engine.soundCheck.startEcho({ stream, profile })).to.throw(RangeError, "a delay is 0 to 5000 ms");
    const echo = engine.soundCheck.startEcho({ stream });
    expect(() => echo.setProfile(profile)).to.throw(RangeError, "a delay is 0 to 5000 ms");
    expect(echo.profile.delayMs).to.equal(0);
  });
});
