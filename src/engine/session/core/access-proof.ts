import { toHex } from "./hex.ts";
import { hmacSha256 } from "./hmac.ts";
import { Sha256 } from "./sha256.ts";
import { utf8Bytes } from "./utf8.ts";

/** Length of a handshake nonce in bytes. */
export const NONCE_BYTES = 16;

/** One link as both of its ends describe it. */
export type LinkTranscript = {
  readonly initiator: LinkEnd;
  readonly responder: LinkEnd;
};

/** One end of a link: its id, its nonce and the fingerprint of its DTLS certificate. */
export type LinkEnd = { readonly peerId: string; readonly nonce: Uint8Array; readonly fingerprint: string };

/** Which end a proof speaks for; a proof sent back to its author is worth nothing. */
export type LinkRole = "initiator" | "responder";

/** The commitment to a nonce that is sent before either side shows its own. Hexadecimal. */
export function commitmentTo(nonce: Uint8Array): string {
  return toHex(Sha256.digest(nonce));
}

/** Proves that `role` knows the room's key. It says nothing about who is on the wire. */
export function knowledgeProof(key: Uint8Array, role: LinkRole, link: LinkTranscript): Uint8Array {
  return hmacSha256(
    key,
    utf8Bytes(`antiphon knows 1\n${role}\n`),
    endsOf(link),
    link.initiator.nonce,
    link.responder.nonce,
  );
}

/**
 * Proves that `role` knows the room's key and sees the same two certificates: a signalling server that puts its own
 * certificate in between makes it differ.
 */
export function channelProof(key: Uint8Array, role: LinkRole, link: LinkTranscript): Uint8Array {
  const prints = fingerprintsOf(link);
  return hmacSha256(
    key,
    utf8Bytes(`antiphon bound 1\n${role}\n`),
    endsOf(link),
    prints,
    link.initiator.nonce,
    link.responder.nonce,
  );
}

/**
 * Six digits that are the same on both ends exactly when nobody sits in between, for comparing aloud. Since the nonces
 * are committed to before they are shown, an attacker has one guess in a million.
 */
export function shortAuthenticationString(key: Uint8Array, link: LinkTranscript): string {
  const mac = hmacSha256(
    key,
    utf8Bytes("antiphon words 1\n"),
    fingerprintsOf(link),
    link.initiator.nonce,
    link.responder.nonce,
  );
  const number = new DataView(mac.buffer).getUint32(0) % 1_000_000;
  const digits = String(number).padStart(6, "0");
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}

function endsOf(link: LinkTranscript): Uint8Array {
  return utf8Bytes(`${link.initiator.peerId}\n${link.responder.peerId}\n`);
}

function fingerprintsOf(link: LinkTranscript): Uint8Array {
  return utf8Bytes(`${[link.initiator.fingerprint, link.responder.fingerprint].sort().join("\n")}\n`);
}
