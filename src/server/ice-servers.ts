import { createHmac, randomBytes } from "node:crypto";

/** The STUN and TURN servers that clients are told to use. */
export type IceConfiguration = {
  /** `stun:host:port` URLs. */
  readonly stunUrls: readonly string[];
  /** coturn with `use-auth-secret`: its URLs, its `static-auth-secret`, and how long credentials live, in seconds. */
  readonly turn?: { readonly urls: readonly string[]; readonly secret: string; readonly ttlSeconds: number };
};

/** One entry of `RTCConfiguration.iceServers`. */
export type IceServer = { readonly urls: readonly string[]; readonly username?: string; readonly credential?: string };

/**
 * The servers of `configuration` with TURN credentials that expire: user name `expiry:random`, password the base64
 * HMAC-SHA1 of it under the shared secret (draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`).
 */
export function iceServers(configuration: IceConfiguration, now: Date): IceServer[] {
  const servers: IceServer[] = [];
  if (configuration.stunUrls.length > 0) {
    servers.push({ urls: configuration.stunUrls });
  }
  const { turn } = configuration;
  if (turn !== undefined) {
    const expiry = Math.floor(now.getTime() / 1000) + turn.ttlSeconds;
    const username = `${expiry}:${randomBytes(8).toString("hex")}`;
    const credential = createHmac("sha1", turn.secret).update(username).digest("base64");
    servers.push({ urls: turn.urls, username, credential });
  }
  return servers;
}
