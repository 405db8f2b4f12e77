import type { TypedEventTarget } from "../typed-event-target.ts";
import type { SideConnection, SideConnectionKind, SideSignal } from "./side-connection.ts";

/** Whether this side can currently find and be found by others. Existing links do not depend on it. */
export type SignallingState = "connected" | "reconnecting" | "closed";

/** Whether packets currently get through on a link: `interrupted` may recover by itself or by `restartIce()`. */
export type PeerLinkState = "connecting" | "connected" | "interrupted" | "closed";

/**
 * What the signalling server says about an id: it answered, nobody holds it any more, or no answer came in time, which a
 * blocked page and a vanished network look like.
 */
export type Presence = "present" | "absent" | "unknown";

/** SHA-256 fingerprints of both DTLS certificates of one link, upper-case hex with colons, as in SDP. */
export type LinkFingerprints = { readonly local: string; readonly remote: string };

/** Events of a `Transport`. */
export type TransportEvents = {
  /** A remote side opened a link to this transport's own id. */
  readonly link: { readonly link: PeerLink };
  readonly signalling: { readonly state: SignallingState };
};

/** Events of a `Beacon`. */
export type BeaconEvents = {
  /** A remote side opened a link to the claimed id. */
  readonly link: { readonly link: PeerLink };
  /** The id is not held any more and will not be regained by itself. */
  readonly lost: { readonly reason: "taken" | "closed" };
};

/** Events of a `PeerLink`. */
export type PeerLinkEvents = {
  /** One reliable, ordered control message as the remote side sent it: untrusted text or bytes. */
  readonly message: { readonly data: string | Uint8Array };
  readonly state: { readonly state: PeerLinkState };
  /** The link is over; no event follows. */
  readonly closed: { readonly reason: LinkCloseReason };
};

/** Who or what ended a link. */
export type LinkCloseReason = "local" | "remote" | "failed";

/** How `Transport.connect` behaves. */
export type ConnectOptions = {
  /** Gives up after this many milliseconds with `peer-unreachable`. Default 10 000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/**
 * Finds other browsers and opens links to them. Main thread. Ids are random and unguessable; whoever knows an id can
 * ask for a link, so what arrives on a link is untrusted until the session above has verified it.
 */
export interface Transport extends TypedEventTarget<TransportEvents> {
  /** This side's id, at least 128 random bits, stable over reconnections. */
  readonly localId: string;
  readonly signallingState: SignallingState;
  /** Opens a link. Rejects with VoiceError `peer-unreachable`, `signalling-unreachable` or `closed`. */
  connect(remoteId: string, options?: ConnectOptions): Promise<PeerLink>;
  /**
   * Registers `id` as a second id of this side. Rejects with `BeaconTakenError` when someone else holds it and with
   * VoiceError `signalling-unreachable` when the server does not answer.
   */
  claim(id: string): Promise<Beacon>;
  /** Asks for `remoteId` through the signalling server. Resolves within 1.2 s and never rejects. */
  presence(remoteId: string): Promise<Presence>;
  /** Ends every link and beacon and forgets the id. Idempotent. */
  close(): Promise<void>;
}

/** A well-known id held by this side for as long as it is open; the place where newcomers knock. */
export interface Beacon extends TypedEventTarget<BeaconEvents> {
  readonly id: string;
  /** Gives the id back at once. Links that came through it stay open. Idempotent. */
  close(): void;
}

/** A direct connection to one other browser: a reliable control channel, and one unreliable voice channel on demand. */
export interface PeerLink extends TypedEventTarget<PeerLinkEvents> {
  /** The id that was dialled, or the id of the side that dialled. */
  readonly remoteId: string;
  readonly isInitiator: boolean;
  readonly state: PeerLinkState;
  /** Queues one control message. Ignored once the link is closed. At most 16 KiB of text or bytes. */
  send(message: string | Uint8Array): void;
  /** Bytes of control messages waiting to be sent. */
  readonly bufferedAmount: number;
  /**
   * Creates this side's end of the voice channel: negotiated, id 100, unordered, never retransmitted. To be called once
   * and transferred to a worker in the same task.
   */
  createVoiceChannel(): RTCDataChannel;
  /** Creates this side's end of the reliable bulk channel: negotiated, id 101, ordered. To be called once. */
  createBulkChannel(): RTCDataChannel;
  /**
   * Makes this side's end of a further connection to the same browser; both sides make theirs. `send` takes its signals to
   * the other end, over this link: what vouches for the link vouches for the connection.
   */
  createSideConnection(kind: SideConnectionKind, send: (signal: SideSignal) => void): SideConnection;
  /** Both certificates' fingerprints as this side sees them. Valid once the link is handed out. */
  fingerprints(): LinkFingerprints;
  /** Looks for a new path, keeping channels and certificates. Resolves when the attempt has been sent. */
  restartIce(): Promise<void>;
  getStats(): Promise<RTCStatsReport>;
  /** Ends the link. Idempotent. */
  close(): void;
}

/** `Transport.claim` failed because another side holds the id. */
export class BeaconTakenError extends Error {
  constructor(id: string) {
    super(`Cannot hold the meeting point ${id}: another member holds it`);
    this.name = "BeaconTakenError";
  }
}
