import type { BrowserContext } from "playwright-core";
import { keepFunctionNames } from "./keep-function-names.ts";
import type { RelaySide, UdpRelay } from "./udp-relay.ts";

/** Name of the function that pages ask for the relay's port. */
const BINDING = "antiphonRelayPort";

/**
 * Runs in the page before its own scripts: every remote candidate, alone or inside a description, is replaced by the relay's
 * address that stands for it. Candidates over TCP and IPv6 are left out, so that nothing passes by the relay.
 */
function rewriteCandidates(binding: string): void {
  const portOf = (address: string, port: number): Promise<number> =>
    (globalThis as unknown as Record<string, (address: string, port: number) => Promise<number>>)[binding]?.(
      address,
      port,
    ) ?? Promise.reject(new Error("The relay is not bound"));

  const rewriteLine = async (line: string): Promise<string | undefined> => {
    const fields = line.split(" ");
    const [, , protocol = "", , address = "", port = ""] = fields;
    if (protocol.toLowerCase() !== "udp" || !/^\d+\.\d+\.\d+\.\d+$/.test(address)) return undefined;
    fields[4] = "127.0.0.1";
    fields[5] = String(await portOf(address, Number(port)));
    return fields.join(" ");
  };

  const rewriteDescription = async (sdp: string): Promise<string> => {
    const lines: string[] = [];
    for (const line of sdp.split("\r\n")) {
      const rewritten = line.startsWith("a=candidate:") ? await rewriteLine(line) : line;
      if (rewritten !== undefined) lines.push(rewritten);
    }
    return lines.join("\r\n");
  };

  // The operations of one connection keep their order although each waits for the relay.
  const tails = new WeakMap<RTCPeerConnection, Promise<unknown>>();
  const inOrder = <Result>(connection: RTCPeerConnection, run: () => Promise<Result>): Promise<Result> => {
    const result = (tails.get(connection) ?? Promise.resolve()).then(run);
    tails.set(
      connection,
      result.catch(() => undefined),
    );
    return result;
  };

  // Without the deprecated overloads that take callbacks.
  type Take<Init> = (this: RTCPeerConnection, init: Init) => Promise<void>;
  const addIceCandidate = RTCPeerConnection.prototype.addIceCandidate as Take<RTCIceCandidateInit>;
  const setRemoteDescription = RTCPeerConnection.prototype.setRemoteDescription as Take<RTCSessionDescriptionInit>;
  RTCPeerConnection.prototype.addIceCandidate = function (candidate?: RTCIceCandidateInit | null): Promise<void> {
    return inOrder(this, async () => {
      const line = candidate?.candidate ?? "";
      if (line === "") return;
      const rewritten = await rewriteLine(line);
      if (rewritten === undefined) return;
      const { sdpMid = null, sdpMLineIndex = null } = candidate ?? {};
      await addIceCandidate.call(this, { candidate: rewritten, sdpMid, sdpMLineIndex });
    });
  };
  RTCPeerConnection.prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit): Promise<void> {
    return inOrder(this, async () => {
      const sdp = await rewriteDescription(description.sdp ?? "");
      await setRemoteDescription.call(this, { type: description.type, sdp });
    });
  };
}

/** Sends everything that pages of `context`, which are the side `side`, exchange with the other side through `relay`. */
export async function relayCandidates(context: BrowserContext, relay: UdpRelay, side: RelaySide): Promise<void> {
  const other: RelaySide = side === "near" ? "far" : "near";
  await context.exposeFunction(BINDING, (address: string, port: number) => relay.standFor(address, port, other));
  await keepFunctionNames(context);
  await context.addInitScript(rewriteCandidates, BINDING);
}
