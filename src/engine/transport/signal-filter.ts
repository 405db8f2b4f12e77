import { type PrivateSignal, parseRelayedSignal } from "./signal-message.ts";
import { TokenBucket } from "./token-bucket.ts";

/** New connections that others may open towards this side, a second. Each costs an RTCPeerConnection. */
const OFFER_RATE = { perSecond: 8, burst: 48 } as const;

/** Candidates kept for connections whose offer has not come yet. */
const MAX_EARLY = 64;

/** What to do with one message of the signalling server. */
export type SignalVerdict =
  /** PeerJS gets these, in order. */
  | { readonly type: "pass"; readonly messages: readonly unknown[] }
  /** Ours: PeerJS must not see it. */
  | { readonly type: "private"; readonly src: string; readonly connectionId: string; readonly signal: PrivateSignal }
  /** Nobody holds the id that was called. */
  | { readonly type: "unknown-id"; readonly id: string }
  | { readonly type: "drop" };

const DROP: SignalVerdict = { type: "drop" };

/** Messages of the server itself. It never relays them from clients, so they can be believed as far as the server can. */
const SERVER_MESSAGES = new Set(["OPEN", "ERROR", "ID-TAKEN", "INVALID-KEY"]);

/**
 * Stands between the signalling socket and PeerJS, which throws on malformed messages, keeps messages for unknown
 * connections for ever and hangs up when told that the other side left.
 */
export class SignalFilter {
  readonly #offers: TokenBucket;
  readonly #isKnown: (src: string, connectionId: string) => boolean;
  #early: { readonly src: string; readonly connectionId: string; readonly message: unknown }[] = [];
  #dropped = 0;

  /** `isKnown` tells whether PeerJS has a connection of that id with that peer. */
  constructor(isKnown: (src: string, connectionId: string) => boolean, nowMs: number) {
    this.#isKnown = isKnown;
    this.#offers = new TokenBucket(OFFER_RATE, nowMs);
  }

  /** Messages that were dropped for being malformed or too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Judges one parsed message. Never throws. */
  judge(message: unknown, nowMs: number): SignalVerdict {
    const type = typeof message === "object" && message !== null ? (message as { type?: unknown }).type : undefined;
    if (typeof type === "string" && SERVER_MESSAGES.has(type)) {
      return { type: "pass", messages: [withPayload(message as object)] };
    }
    if (type === "EXPIRE") {
      const { src } = message as { src?: unknown };
      return typeof src === "string" ? { type: "unknown-id", id: src } : this.#drop();
    }
    const relayed = parseRelayedSignal(message);
    if (relayed?.src === undefined) {
      return this.#drop();
    }
    const { src } = relayed;
    const { connectionId, antiphon } = relayed.payload;
    if (antiphon !== undefined) {
      return relayed.type === "CANDIDATE" ? { type: "private", src, connectionId, signal: antiphon } : this.#drop();
    }
    if (relayed.type === "OFFER") {
      return this.#offer(src, connectionId, message, nowMs);
    }
    if (this.#isKnown(src, connectionId)) {
      return { type: "pass", messages: [message] };
    }
    if (relayed.type === "CANDIDATE" && this.#early.length < MAX_EARLY) {
      this.#early.push({ src, connectionId, message });
      return DROP;
    }
    return this.#drop();
  }

  #offer(src: string, connectionId: string, message: unknown, nowMs: number): SignalVerdict {
    // PeerJS would close the existing connection, on the word of the server alone.
    if (this.#isKnown(src, connectionId) || !this.#offers.take(nowMs)) {
      return this.#drop();
    }
    const belongs = (early: { src: string; connectionId: string }): boolean =>
      early.src === src && early.connectionId === connectionId;
    const candidates = this.#early.filter(belongs).map((early) => early.message);
    this.#early = this.#early.filter((early) => !belongs(early));
    return { type: "pass", messages: [message, ...candidates] };
  }

  #drop(): SignalVerdict {
    this.#dropped += 1;
    return DROP;
  }
}

/** PeerJS reads a field of the payload of an ERROR without looking whether there is one. */
function withPayload(message: object): object {
  const { payload } = message as { payload?: unknown };
  return typeof payload === "object" && payload !== null ? message : { ...message, payload: {} };
}
