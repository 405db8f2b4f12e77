import { expect } from "chai";
import { recordClip } from "../../src/engine/audio-clip.ts";
import { type Peer, type Room, VoiceEngine } from "../../src/engine/index.ts";
import { LoopbackNetwork, LoopbackTransport } from "../../src/engine/transport/loopback-transport.ts";
import { compareWithLoop } from "./support/heard-speech.ts";
import { createSpeechTrack } from "./support/speech-track.ts";

function firstPeer(room: Room): Promise<Peer> {
  const [peer] = room.peers.values();
  if (peer !== undefined) return Promise.resolve(peer);
  return new Promise((resolve) => {
    room.addEventListener("peer-joined", (event) => resolve(event.peer), { once: true });
  });
}

describe("two engines in a room", () => {
  it("hear each other whole, tell each other's mute, and part", async () => {
    const network = new LoopbackNetwork();
    const start = (id: string): Promise<VoiceEngine> =>
      VoiceEngine.start({
        voicePath: "main-thread",
        createTransport: async () => new LoopbackTransport(network, id),
      });
    const [ada, bob] = await Promise.all([start("a".repeat(32)), start("b".repeat(32))]);
    const speech = await createSpeechTrack({ seconds: 2 });
    try {
      const adasRoom = await ada.join("kitchen", { name: "Ada", secret: "soup" });
      const bobsRoom = await bob.join("kitchen", { name: "Bob", secret: "soup" });
      const [bobAtAda, adaAtBob] = await Promise.all([firstPeer(adasRoom), firstPeer(bobsRoom)]);
      expect(bobAtAda.name).to.equal("Bob");
      expect(adaAtBob.name).to.equal("Ada");

      const stream = await ada.addStream(speech.track, { label: "speech" });
      const { left } = await recordClip(bob.tapOutput(), 5);
      const [received] = adaAtBob.stats().streams;
      const heard = compareWithLoop(speech.samples, left, 2);
      expect(heard.seconds).to.be.at.least(2);
      expect(heard.medianCorrelation).to.be.above(0.8);
      expect(heard.longestGapMs).to.be.at.most(20);
      expect(received?.packetsLost).to.equal(0);

      expect(adaAtBob.streams.map(({ label }) => label)).to.deep.equal(["speech"]);
      const removed = new Promise<void>((resolve) => {
        adaAtBob.addEventListener("changed", () => adaAtBob.streams.length === 0 && resolve());
      });
      stream.close();
      await removed;
      expect(bob.statistics().peers[0]?.streams).to.deep.equal([]);

      const muted = new Promise<void>((resolve) => {
        adaAtBob.addEventListener("changed", () => adaAtBob.isMuted && resolve());
      });
      ada.setMuted(true);
      await muted;

      const gone = new Promise<string>((resolve) => {
        bobsRoom.addEventListener("peer-left", ({ reason }) => resolve(reason));
      });
      await adasRoom.leave();
      expect(await gone).to.equal("left");
      expect(ada.room).to.equal(undefined);
    } finally {
      await Promise.all([ada.close(), bob.close(), speech.close()]);
    }
  });
});
