import * as v from "valibot";

/** The largest signalling message in bytes. A data-channel offer with many candidates is about 3 KiB. */
export const MAX_SIGNAL_BYTES = 32 * 1024;

/** What a peer id may look like: PeerJS's own rule without blanks, and bounded. */
export const PEER_ID = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,126}[A-Za-z0-9])?$/;

const relayed = v.object({
  type: v.picklist(["OFFER", "ANSWER", "CANDIDATE"]),
  dst: v.pipe(v.string(), v.regex(PEER_ID)),
  payload: v.object({
    type: v.literal("data"),
    connectionId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    serialization: v.optional(v.literal("raw")),
  }),
});

const signal = v.variant("type", [v.object({ type: v.literal("HEARTBEAT") }), relayed]);

/**
 * Whether `text` is a message that Antiphon's clients send: a heartbeat, or an offer, answer or candidate of a raw data
 * connection to a well-formed id. PeerServer relays anything to anybody; a receiving PeerJS client throws on most of it.
 */
export function isAcceptableSignal(text: string): boolean {
  if (text.length > MAX_SIGNAL_BYTES) {
    return false;
  }
  try {
    return v.is(signal, JSON.parse(text));
  } catch {
    return false;
  }
}
