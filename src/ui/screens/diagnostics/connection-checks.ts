import { type DatagramLoop, type IceServerProbe, loopDatagrams, probeIceServers } from "../../../engine/index.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import { readIceServers } from "./read-ice-servers.ts";

/** How a check ended. */
export type CheckVerdict = "pass" | "warn" | "fail";

/** What a check found, with what to do about it unless it passed. */
export type CheckResult = { readonly verdict: CheckVerdict; readonly found: string; readonly hint?: string };

/** One step of the connection test. */
export type ConnectionCheck = {
  readonly id: string;
  readonly title: string;
  readonly run: (session: VoiceSession) => Promise<CheckResult>;
};

/** How long a look for a server may take, ms. */
const LOOKUP_MS = 5000;

/** Everything a call needs, in the order in which one thing depends on another. */
export const connectionChecks: readonly ConnectionCheck[] = [
  {
    id: "secure-context",
    title: "Secure page",
    run: async () =>
      isSecureContext
        ? { verdict: "pass", found: location.protocol === "https:" ? "served over HTTPS" : "served from this machine" }
        : {
            verdict: "fail",
            found: "not secure",
            hint: "Open the page over https://, or as http://localhost on the machine that runs it.",
          },
  },
  {
    id: "isolation",
    title: "Shared memory",
    run: async () =>
      crossOriginIsolated
        ? { verdict: "pass", found: "cross-origin isolated" }
        : {
            verdict: "warn",
            found: "not isolated: threads talk by messages",
            hint: "Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
          },
  },
  { id: "microphone", title: "Microphone", run: checkMicrophone },
  { id: "worklet", title: "Audio engine", run: checkEngine },
  { id: "signalling", title: "Meeting point", run: checkSignalling },
  { id: "stun", title: "Own address (STUN)", run: () => checkServers("stun") },
  { id: "turn", title: "Relay (TURN)", run: () => checkServers("turn") },
  { id: "relay", title: "Datagrams through the relay alone", run: checkRelay },
  { id: "data-channel", title: "Data channel", run: checkChannel },
  { id: "loopback", title: "Datagrams there and back", run: checkLoopback },
];

async function checkMicrophone({ engine, microphone }: VoiceSession): Promise<CheckResult> {
  if (microphone === "open") {
    return { verdict: "pass", found: engine?.microphoneGrant?.deviceLabel ?? "open" };
  }
  if (microphone === "lost") {
    return { verdict: "fail", found: "unplugged", hint: "Plug it in again or choose another one in the Studio." };
  }
  const count = engine?.devices.inputs.length ?? 0;
  return count === 0
    ? { verdict: "fail", found: "none found", hint: "Plug a microphone in or switch it on. You can still listen." }
    : { verdict: "warn", found: "not opened yet", hint: "Allow it on the Call screen to test it." };
}

async function checkEngine({ engine }: VoiceSession): Promise<CheckResult> {
  if (engine === undefined) {
    return { verdict: "fail", found: "did not start", hint: "Reload the page; a current browser is needed." };
  }
  if (engine.state === "suspended") {
    return { verdict: "warn", found: "held back by the browser", hint: "Click anywhere on the page, then test again." };
  }
  const { output, voicePath } = engine.statistics();
  const where = voicePath === "worker" ? "voice in its own thread" : "voice on the main thread";
  return {
    verdict: voicePath === "worker" ? "pass" : "warn",
    found: `${output.contextRate / 1000} kHz, ${output.quantumFrames} frames, ${where}`,
    ...(voicePath === "worker"
      ? {}
      : { hint: "This browser cannot give data channels to a worker: a busy page can disturb the voice." }),
  };
}

async function checkSignalling({ room }: VoiceSession): Promise<CheckResult> {
  if (room?.state === "joined") {
    return { verdict: "pass", found: "connected" };
  }
  try {
    const started = performance.now();
    const { ok } = await fetch("peerjs/peerjs/id", { cache: "no-store", signal: AbortSignal.timeout(LOOKUP_MS) });
    return ok
      ? { verdict: "pass", found: `answers after ${Math.round(performance.now() - started)} ms` }
      : { verdict: "fail", found: "answers with an error", hint: "The server behind this page has no signalling." };
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) {
      return {
        verdict: "fail",
        found: "no answer",
        hint: "Check your connection, and that the server this page came from is still running.",
      };
    }
    throw error;
  }
}

async function checkServers(kind: "stun" | "turn"): Promise<CheckResult> {
  const servers = await readIceServers(LOOKUP_MS);
  const all = await probeIceServers(servers, { timeoutMs: LOOKUP_MS });
  const probes = all.filter((probe) => probe.kind === kind);
  if (probes.length === 0) {
    return {
      verdict: "warn",
      found: "not configured",
      hint:
        kind === "stun"
          ? "Fine on one network. Across networks the server needs ANTIPHON_STUN_URLS."
          : "Behind strict firewalls calls need a relay: the server's ANTIPHON_TURN_URLS and ANTIPHON_TURN_SECRET.",
    };
  }
  const found = probes.map(describeProbe).join("; ");
  const silent = probes.filter(({ isReachable }) => !isReachable);
  if (silent.length === 0) return { verdict: "pass", found };
  const isWrongCredentials = silent.some(({ errorCode }) => errorCode === 401);
  const isUdpBlocked = silent.every(({ transport }) => transport === "udp") && silent.length < probes.length;
  return {
    verdict: silent.length === probes.length ? "fail" : "warn",
    found,
    hint: isWrongCredentials
      ? "The server refuses the credentials: its secret and ANTIPHON_TURN_SECRET differ, or a clock is wrong."
      : isUdpBlocked
        ? "UDP does not get through, TCP does: calls work and take longer on bad networks."
        : "The server is down, or a firewall blocks the way to it.",
  };
}

function describeProbe({ kind, transport, isReachable, latencyMs = 0 }: IceServerProbe): string {
  const over = transport.toUpperCase();
  if (!isReachable) return `no answer over ${over}`;
  return `${kind === "stun" ? "told us our address" : "lends an address"} over ${over} in ${Math.round(latencyMs)} ms`;
}

async function checkRelay(): Promise<CheckResult> {
  const servers = await readIceServers(LOOKUP_MS);
  const relays = servers.filter(({ urls }) => [urls].flat().some((url) => url.startsWith("turn")));
  if (relays.length === 0) {
    return { verdict: "warn", found: "no relay configured", hint: "Calls that hide addresses (relay only) need one." };
  }
  const loop = await loopDatagrams({ count: 50, relays });
  return loop.returned > loop.sent * 0.9
    ? { verdict: "pass", found: `${describeLoop(loop)}: relay-only calls work` }
    : {
        verdict: loop.returned === 0 ? "fail" : "warn",
        found: loop.isOpen ? describeLoop(loop) : "no way through the relay",
        hint: "The relay is overloaded, or may not send to itself: check its allowed peers and its relay ports.",
      };
}

function describeLoop({ returned, sent, medianMs }: DatagramLoop): string {
  return `${returned} of ${sent} came back, ${medianMs.toFixed(1)} ms in the middle`;
}

async function checkChannel(): Promise<CheckResult> {
  const { isOpen, openMs } = await loopDatagrams({ count: 0 });
  return isOpen
    ? { verdict: "pass", found: `opens in ${Math.round(openMs)} ms` }
    : { verdict: "fail", found: "does not open", hint: "A browser setting or extension forbids WebRTC." };
}

async function checkLoopback(): Promise<CheckResult> {
  const loop = await loopDatagrams({ count: 50 });
  return loop.returned > loop.sent * 0.9
    ? { verdict: "pass", found: describeLoop(loop) }
    : {
        verdict: loop.returned === 0 ? "fail" : "warn",
        found: describeLoop(loop),
        hint: "This machine is very busy, or something filters its own packets.",
      };
}
