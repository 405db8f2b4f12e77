import { VoiceEngine, VoiceError } from "antiphon";

const engine = await VoiceEngine.start({
  signalling: { host: "localhost", port: 8080, path: "/peerjs", secure: false },
});
engine.configure({ capture: { suppressor: { kind: "rnnoise" } }, encoder: { bitrate: 32_000, frameDuration: 20 } });

try {
  await engine.openMicrophone();
} catch (error) {
  if (!(error instanceof VoiceError)) throw error;
  console.warn(`${error.message} (${error.code}): listening only`);
}

const room = await engine.join("stand-up", { name: "Ada" });
room.addEventListener("peer-joined", ({ peer }) => {
  peer.gainDb = -3;
  console.info(`${peer.name} is here`);
});
room.addEventListener("peer-left", ({ peer, reason }) => console.info(`${peer.name} has gone: ${reason}`));

addEventListener("pagehide", () => void engine.close());
