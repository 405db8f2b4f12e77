import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

/** Groups of an IPv6 address that name one customer's network; the rest is theirs to vary (RFC 6177). */
const NETWORK_GROUPS = 4;

/**
 * Whom a request counts for: the IPv4 address, or the first 64 bits of an IPv6 address. Behind a proxy it is taken from
 * the last X-Forwarded-For entry, which the proxy itself has added.
 */
export function clientAddress(request: IncomingMessage, isBehindProxy: boolean): string {
  const forwarded = isBehindProxy ? String(request.headers["x-forwarded-for"] ?? "").split(",") : [];
  const last = forwarded.at(-1)?.trim() ?? "";
  return networkOf(last === "" ? (request.socket.remoteAddress ?? "unknown") : last.slice(0, 64));
}

/** The part of an address that one client cannot change at will. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) {
    return mapped[1];
  }
  if (!isIPv6(address)) {
    return address;
  }
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
