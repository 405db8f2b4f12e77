import type { SignallingOptions, VoiceEngineOptions } from "./engine-options.ts";
import type { NetworkSettings } from "./settings/network-settings.ts";
import type { Transport } from "./transport/transport.ts";

/**
 * The transport that the engine's options ask for: their own, or PeerJS over the signalling server with the STUN and TURN
 * servers given, or else those the server names. PeerJS is loaded when it is first needed. Rejects with VoiceError
 * `signalling-unreachable` or `unsupported`.
 */
export async function openTransport(options: VoiceEngineOptions, network: NetworkSettings): Promise<Transport> {
  if (options.createTransport !== undefined) {
    return options.createTransport();
  }
  const [{ PeerJsTransport }, { fetchIceServers }] = await Promise.all([
    import("./transport/peerjs-transport.ts"),
    import("./transport/fetch-ice-servers.ts"),
  ]);
  const signalling = signallingOf(options);
  const iceServers = options.iceServers ?? (await fetchIceServers(signalling));
  return PeerJsTransport.open({ signalling, iceServers, relayOnly: network.isRelayOnly });
}

/** The signalling server to use: the one given, or the one the page came from, at `/peerjs`. */
export function signallingOf(options: Pick<VoiceEngineOptions, "signalling">): SignallingOptions {
  return options.signalling ?? originServer();
}

function originServer(): SignallingOptions {
  const { hostname, port, protocol, href } = globalThis.location;
  const secure = protocol === "https:";
  // Behind a proxy the page may live in a folder, and the server with it.
  const path = new URL("peerjs", href).pathname;
  return { host: hostname, port: port === "" ? (secure ? 443 : 80) : Number(port), path, secure };
}
