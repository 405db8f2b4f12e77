import { VoiceEngine } from "../../../src/engine/index.ts";

/*
 * A member of a room as an application without a page would embed it: the engine and nothing that draws. The address says
 * where the signalling server is and which latency the audio devices are asked for: `?signalling=PORT&hint=SECONDS`.
 */

const address = new URL(location.href);
const hint = Number(address.searchParams.get("hint") ?? 0);
const engine = await VoiceEngine.start({
  signalling: {
    host: address.hostname,
    port: Number(address.searchParams.get("signalling")),
    path: "/peerjs",
    secure: false,
  },
  iceServers: [],
  settings: { output: { latencyHint: hint } },
});
Object.assign(globalThis, { antiphon: engine });
