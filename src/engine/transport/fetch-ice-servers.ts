import * as v from "valibot";
import type { SignallingAddress } from "./signalling-client.ts";

/** How long the server may take to name its STUN and TURN servers, ms. Without an answer there are none. */
const TIMEOUT_MS = 3000;

const answerSchema = v.object({
  iceServers: v.pipe(
    v.array(
      v.object({
        urls: v.union([v.string(), v.array(v.string())]),
        username: v.optional(v.string()),
        credential: v.optional(v.string()),
      }),
    ),
    v.maxLength(16),
  ),
});

/**
 * STUN and TURN servers with fresh credentials from the embedded server. None when it does not say: a PeerServer of
 * another make has no such address. Never rejects.
 */
export async function fetchIceServers(signalling: SignallingAddress): Promise<readonly RTCIceServer[]> {
  const { host, port, secure, path = "/peerjs" } = signalling;
  // The embedded server has both in the same folder.
  const folder = path.replace(/\/?peerjs\/?$/, "");
  const url = `${secure === true ? "https" : "http"}://${host}:${port}${folder}/api/ice-servers`;
  try {
    const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { iceServers } = v.parse(answerSchema, await response.json());
    return iceServers.map(({ urls, username, credential }) => ({
      urls,
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    }));
  } catch {
    // Unreachable or of another make: whether signalling itself works is found out next.
    return [];
  }
}
