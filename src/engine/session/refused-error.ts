import { VoiceError, type VoiceErrorCode } from "../voice-error.ts";
import type { RefusalReason } from "./core/control-message.ts";

/** A link ended with a refusal, ours or theirs. */
export class RefusedError extends Error {
  readonly reason: RefusalReason;
  /** Whether this side refused. */
  readonly isOurVerdict: boolean;

  constructor(reason: RefusalReason, isOurVerdict: boolean) {
    super(`The link was refused by ${isOurVerdict ? "this side" : "the other side"}: ${reason}`);
    this.name = "RefusedError";
    this.reason = reason;
    this.isOurVerdict = isOurVerdict;
  }

  /** Whether this side has to give up: it was refused for what it is, or somebody listens. A link that merely failed is tried again. */
  get concernsUs(): boolean {
    return this.reason === "intercepted" || (!this.isOurVerdict && this.reason !== "protocol");
  }

  /** The refusal in words for people, as the failure of `attempt`. */
  toVoiceError(attempt: string): VoiceError {
    const { code, text } = WORDS[this.reason];
    return new VoiceError(code, `${attempt}: ${text}`, { cause: this });
  }
}

const WORDS: Readonly<Record<RefusalReason, { readonly code: VoiceErrorCode; readonly text: string }>> = {
  "wrong-secret": {
    code: "wrong-secret",
    text: "the secret in the link is not the one of this room. Ask for the link again and copy all of it",
  },
  intercepted: {
    code: "intercepted",
    text: "somebody sits between the two of you and listens. Do not trust this signalling server; use another one",
  },
  version: {
    code: "version-mismatch",
    text: "the other side speaks another version of the protocol. Reload the page on both sides",
  },
  full: { code: "room-full", text: "the room is full. Wait until somebody leaves" },
  locked: { code: "not-admitted", text: "the room is locked. Ask its host to unlock it" },
  denied: { code: "not-admitted", text: "the host did not let you in" },
  removed: { code: "not-admitted", text: "the host has removed you from the room" },
  protocol: {
    code: "peer-unreachable",
    text: "the other side did not answer as agreed. Try again, and reload the page if it stays so",
  },
};
