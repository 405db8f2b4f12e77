import * as v from "valibot";

/** The largest signalling message in bytes. A data-channel offer with many candidates is about 3 KiB. */
export const MAX_SIGNAL_BYTES = 32 * 1024;

/** What a peer id may look like: PeerJS's own rule without blanks, and bounded. */
export const PEER_ID = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,126}[A-Za-z0-9])?$/;

/** The connection id of messages that belong to no connection. */
export const NO_CONNECTION = "antiphon";

const description = v.object({
  type: v.picklist(["offer", "answer"]),
  sdp: v.pipe(v.string(), v.maxLength(MAX_SIGNAL_BYTES)),
});

/**
 * What Antiphon's clients say to each other over the signalling server besides opening connections. It travels as a
 * candidate message with an extra field, since PeerServer relays no other types.
 */
const privateSignal = v.variant("kind", [
  v.object({ kind: v.picklist(["probe", "alive", "echo"]), nonce: v.pipe(v.string(), v.maxLength(64)) }),
  v.object({ kind: v.literal("restart-request") }),
  v.object({ kind: v.picklist(["restart-offer", "restart-answer"]), description }),
]);

/** See `privateSignal`. */
export type PrivateSignal = v.InferOutput<typeof privateSignal>;

const payload = v.object({
  type: v.literal("data"),
  connectionId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  serialization: v.optional(v.literal("raw")),
  antiphon: v.optional(privateSignal),
});

const relayed = v.object({
  type: v.picklist(["OFFER", "ANSWER", "CANDIDATE"]),
  src: v.optional(v.pipe(v.string(), v.regex(PEER_ID))),
  dst: v.optional(v.pipe(v.string(), v.regex(PEER_ID))),
  payload,
});

/** An offer, answer or candidate, checked as far as this project relies on it. */
export type RelayedSignal = v.InferOutput<typeof relayed>;

/** `value` as an offer, answer or candidate of a raw data connection; undefined when it is anything else. */
export function parseRelayedSignal(value: unknown): RelayedSignal | undefined {
  const result = v.safeParse(relayed, value);
  return result.success ? result.output : undefined;
}

/**
 * Whether `text` is a message that Antiphon's clients send: a heartbeat, or an offer, answer or candidate of a raw data
 * connection to a well-formed id. PeerServer relays anything to anybody; a receiving PeerJS client throws on most of it.
 */
export function isAcceptableSignal(text: string): boolean {
  if (text.length > MAX_SIGNAL_BYTES) {
    return false;
  }
  try {
    const value: unknown = JSON.parse(text);
    return parseRelayedSignal(value)?.dst !== undefined || v.is(v.object({ type: v.literal("HEARTBEAT") }), value);
  } catch {
    return false;
  }
}
