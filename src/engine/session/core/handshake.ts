import {
  channelProof,
  commitmentTo,
  knowledgeProof,
  type LinkRole,
  type LinkTranscript,
  shortAuthenticationString,
} from "./access-proof.ts";
import {
  type ControlMessage,
  type ControlMessageOf,
  OLDEST_VERSION,
  PROTOCOL_VERSION,
  type RefusalReason,
} from "./control-message.ts";
import { fromHex, toHex } from "./hex.ts";
import { equalBytes } from "./hmac.ts";

/** A handshake that is not finished after this long is over, in milliseconds. */
export const HANDSHAKE_MS = 8000;

/** What a link is for: asking for a seat, or being a member. */
export type LinkPurpose = "lobby" | "member";

/** What this side brings into a handshake. */
export type HandshakeOptions = {
  readonly key: Uint8Array;
  readonly peerId: string;
  readonly purpose: LinkPurpose;
  readonly isInitiator: boolean;
  /** 16 fresh random bytes. */
  readonly nonce: Uint8Array;
  readonly fingerprints: { readonly local: string; readonly remote: string };
};

/** What became of one message. */
export type HandshakeStep =
  | { readonly type: "pending"; readonly replies: readonly ControlMessage[] }
  /** The other side knows the room's key and sees the same certificates. */
  | { readonly type: "proven"; readonly remoteId: string; readonly purpose: LinkPurpose; readonly sas: string }
  /** `reason` is told to the other side when `isOurVerdict`, and was told by it otherwise. */
  | { readonly type: "failed"; readonly reason: RefusalReason; readonly isOurVerdict: boolean };

/**
 * Both ends of a link prove that they know the room's key and see the same certificates, before anything else is said:
 *
 *     hello   protocol versions, own id, hash of the own nonce      both at once
 *     reveal  the nonce                                             when the other's hello is there
 *     proof   two HMACs over ids, nonces (and fingerprints)         when the other's nonce is there
 *
 * The first HMAC tells a wrong secret from an interception, which only the second notices.
 */
export class Handshake {
  readonly #options: HandshakeOptions;
  #hello: ControlMessageOf<"hello"> | undefined;
  #link: LinkTranscript | undefined;

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  /** The first message. */
  start(): ControlMessage {
    return {
      type: "hello",
      version: PROTOCOL_VERSION,
      oldestVersion: OLDEST_VERSION,
      peerId: this.#options.peerId,
      purpose: this.#options.purpose,
      commitment: commitmentTo(this.#options.nonce),
    };
  }

  /** Takes the next message of the other side; anything out of order ends the handshake. */
  receive(message: ControlMessage): HandshakeStep {
    switch (message.type) {
      case "hello":
        return this.#hello === undefined ? this.#receiveHello(message) : failed("protocol");
      case "reveal":
        return this.#receiveReveal(message);
      case "proof":
        return this.#receiveProof(message);
      case "refuse":
        return { type: "failed", reason: message.reason, isOurVerdict: false };
      default:
        return failed("protocol");
    }
  }

  #receiveHello(hello: ControlMessageOf<"hello">): HandshakeStep {
    if (hello.version < OLDEST_VERSION || hello.oldestVersion > PROTOCOL_VERSION) {
      return failed("version");
    }
    if (hello.peerId === this.#options.peerId) {
      return failed("protocol");
    }
    this.#hello = hello;
    return { type: "pending", replies: [{ type: "reveal", nonce: toHex(this.#options.nonce) }] };
  }

  #receiveReveal({ nonce }: ControlMessageOf<"reveal">): HandshakeStep {
    const bytes = fromHex(nonce);
    const hello = this.#hello;
    if (hello === undefined || bytes === undefined || this.#link !== undefined) {
      return failed("protocol");
    }
    if (commitmentTo(bytes) !== hello.commitment) {
      return failed("intercepted");
    }
    const { peerId, isInitiator, fingerprints } = this.#options;
    const local = { peerId, nonce: this.#options.nonce, fingerprint: fingerprints.local };
    const remote = { peerId: hello.peerId, nonce: bytes, fingerprint: fingerprints.remote };
    this.#link = isInitiator ? { initiator: local, responder: remote } : { initiator: remote, responder: local };
    const { knows, bound } = this.#proofs(this.#ownRole, this.#link);
    return { type: "pending", replies: [{ type: "proof", knows: toHex(knows), bound: toHex(bound) }] };
  }

  #receiveProof(proof: ControlMessageOf<"proof">): HandshakeStep {
    const link = this.#link;
    const hello = this.#hello;
    if (link === undefined || hello === undefined) {
      return failed("protocol");
    }
    const expected = this.#proofs(this.#ownRole === "initiator" ? "responder" : "initiator", link);
    if (!equalBytes(expected.knows, fromHex(proof.knows) ?? new Uint8Array(0))) {
      return failed("wrong-secret");
    }
    if (!equalBytes(expected.bound, fromHex(proof.bound) ?? new Uint8Array(0))) {
      return failed("intercepted");
    }
    const sas = shortAuthenticationString(this.#options.key, link);
    return { type: "proven", remoteId: hello.peerId, purpose: hello.purpose, sas };
  }

  get #ownRole(): LinkRole {
    return this.#options.isInitiator ? "initiator" : "responder";
  }

  #proofs(role: LinkRole, link: LinkTranscript): { readonly knows: Uint8Array; readonly bound: Uint8Array } {
    const { key } = this.#options;
    return { knows: knowledgeProof(key, role, link), bound: channelProof(key, role, link) };
  }
}

function failed(reason: RefusalReason): HandshakeStep {
  return { type: "failed", reason, isOurVerdict: true };
}
