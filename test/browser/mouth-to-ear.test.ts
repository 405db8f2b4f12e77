import { expect } from "chai";
import { type Peer, type Room, VoiceEngine } from "../../src/engine/index.ts";
import { createChirp } from "../../src/engine/measurement/chirp.ts";
import { measureChirpDelays } from "../../src/engine/measurement/chirp-delays.ts";
import { quantile } from "../../src/engine/measurement/distribution.ts";
import { memberDelays } from "../../src/engine/member-delays.ts";
import type { AudioTap } from "../../src/engine/threading/audio-tap.ts";
import { LoopbackNetwork, LoopbackTransport } from "../../src/engine/transport/loopback-transport.ts";
import { createSpeechTrack } from "./support/speech-track.ts";

/** Way of every packet, ms. */
const NETWORK_MS = 60;
const SECONDS = 5;
const SETTLE_MS = 3_000;
/** What the playout position, a render quantum on either side and the hand-over between threads leave open, ms. */
const TOLERANCE_MS = 15;

function firstPeer(room: Room): Promise<Peer> {
  const [peer] = room.peers.values();
  if (peer !== undefined) return Promise.resolve(peer);
  return new Promise((resolve) => {
    room.addEventListener("peer-joined", (event) => resolve(event.peer), { once: true });
  });
}

/** A track with a chirp every half second. */
function chirpTrack(): { readonly track: MediaStreamTrack; readonly context: AudioContext } {
  const context = new AudioContext({ sampleRate: 48_000 });
  const buffer = new AudioBuffer({ length: 24_000, sampleRate: 48_000 });
  buffer.copyToChannel(Float32Array.from(createChirp({ sampleRate: 48_000 })), 0, 4_800);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  source.connect(destination);
  source.start();
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new Error("A destination node has a track");
  return { track, context };
}

/** Copies what passes a tap to the place in `into` that its position says, counted from `start`. */
function gather(tap: AudioTap, into: Float32Array, start: number): void {
  tap.forEach(({ position, frames, left }) => {
    for (let i = 0; i < frames; i++) {
      const at = Math.round(position) - start + i;
      if (at >= 0 && at < into.length) into[at] = left[i] ?? 0;
    }
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("the latency of a call, stage by stage", () => {
  it("sums up to what chirps measure from the microphone to the mix", async function () {
    this.timeout(40_000);
    const network = new LoopbackNetwork(() => NETWORK_MS);
    const start = (id: string): Promise<VoiceEngine> =>
      VoiceEngine.start({
        voicePath: "main-thread",
        createTransport: async () => new LoopbackTransport(network, id),
      });
    const [ada, bob] = await Promise.all([start("a".repeat(32)), start("b".repeat(32))]);
    const chirps = chirpTrack();
    const speech = await createSpeechTrack({ seconds: 2 });
    try {
      await ada.join("kitchen", { name: "Ada", secret: "soup" });
      const adaAtBob = await firstPeer(await bob.join("kitchen", { name: "Bob", secret: "soup" }));
      const stream = await ada.addStream(chirps.track, { label: "chirps" });
      // Only who is heard by the other side learns how the clocks stand.
      await bob.addStream(speech.track, { label: "speech" });
      await pause(SETTLE_MS);

      const length = SECONDS * 48_000;
      const [sent, received] = [new Float32Array(length), new Float32Array(length)];
      const from = Math.round(bob.playoutPosition);
      const mouth = stream.tap("input", bob.playoutPosition);
      const ear = bob.tapOutput();
      if (mouth === undefined) throw new Error("The stream is running");
      gather(mouth, sent, from);
      gather(ear, received, from);
      const sums: number[] = [];
      for (let look = 0; look < SECONDS * 4; look++) {
        await pause(250);
        const [local] = ada.statistics().localStreams;
        const { streams, link } = adaAtBob.stats();
        const buffer = streams[0]?.currentDelayMs;
        const oneWay = link?.incoming[0]?.oneWayMs;
        if (local === undefined || buffer === undefined || oneWay === undefined) continue;
        const { processingMs, encodeMs } = memberDelays(local, bob.statistics().output);
        expect(oneWay, "one way").to.be.at.least(NETWORK_MS - 5);
        sums.push(processingMs + encodeMs + oneWay + buffer + bob.statistics().delays.decodeMs);
      }
      mouth.close();
      ear.close();
      expect(sums.length, "readings of all stages").to.be.above(SECONDS * 2);
      const { delaysMs } = measureChirpDelays({ sampleRate: 48_000, sent, received }, { periodMs: 500 });
      expect(delaysMs.length, "chirps heard").to.be.above(SECONDS);
      const measured = quantile(Float64Array.from(delaysMs).sort(), 0.5);
      const sum = quantile(Float64Array.from(sums).sort(), 0.5);
      expect(sum - measured, `sum ${sum.toFixed(1)} ms, measured ${measured.toFixed(1)} ms`).to.be.within(
        -TOLERANCE_MS,
        TOLERANCE_MS,
      );
      expect(adaAtBob.stats().delays?.outputMs, "what the other side has told").to.be.above(0);
    } finally {
      await Promise.all([ada.close(), bob.close(), speech.close(), chirps.context.close()]);
    }
  });
});
