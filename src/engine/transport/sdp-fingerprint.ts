const FINGERPRINT_LINE = /^a=fingerprint:(\S+)[ \t]+(\S+)[ \t]*$/gim;
const SHA256_FINGERPRINT = /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/;

/**
 * The one SHA-256 certificate fingerprint of a session description, upper-case hex with colons. Undefined when there is
 * none, when several differ or when another hash is used: then nothing could be proved about the connection.
 */
export function sdpFingerprint(sdp: string): string | undefined {
  let found: string | undefined;
  for (const [, hash, value] of sdp.matchAll(FINGERPRINT_LINE)) {
    const fingerprint = value?.toUpperCase() ?? "";
    if (hash?.toLowerCase() !== "sha-256" || !SHA256_FINGERPRINT.test(fingerprint)) {
      return undefined;
    }
    if (found !== undefined && found !== fingerprint) {
      return undefined;
    }
    found = fingerprint;
  }
  return found;
}
