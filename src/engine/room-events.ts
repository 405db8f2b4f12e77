import type { Peer } from "./peer.ts";
import type { RoomPolicy } from "./session/core/control-message.ts";
import type { IncomingFile } from "./session/files/incoming-file.ts";
import type { Knock } from "./session/gatekeeper.ts";
import type { GoneReason } from "./session/mesh.ts";
import type { SessionState } from "./session/room-session-events.ts";
import type { VoiceError } from "./voice-error.ts";

/** How membership of the room stands. `reconnecting` may recover by itself. */
export type RoomState = SessionState;

/** Why a peer is gone: it left, its page or network died, the host removed it, or one of the two refused the other. */
export type PeerLeftReason = GoneReason;

/** Events of a room. */
export type RoomEvents = {
  readonly "peer-joined": { readonly peer: Peer };
  readonly "peer-left": { readonly peer: Peer; readonly reason: PeerLeftReason };
  readonly "peer-changed": { readonly peer: Peer };
  readonly "state-changed": { readonly state: RoomState };
  /** A text from a peer: untrusted. */
  readonly chat: { readonly peer: Peer; readonly text: string };
  /** A peer offers a file, or a voice note by its `kind`: accept or decline it. Everything it says is untrusted. */
  readonly "file-offered": { readonly peer: Peer; readonly file: IncomingFile };
  /** A peer cannot play a stream of yours, such as when it plays 32 already. The rest goes on. */
  readonly "stream-refused": { readonly peer: Peer; readonly ssrc: number; readonly reason: string };
  /** Somebody else decides about newcomers now: `room.isHost` and `peer.isHost` say who. */
  readonly "host-changed": { readonly isHost: boolean };
  /** The host has changed who may come in. */
  readonly "policy-changed": { readonly policy: RoomPolicy };
  /** Somebody waits for you, the host, to be let in: answer with `room.admit` or `room.deny`. */
  readonly knock: { readonly knock: Knock };
  /** Somebody without the right secret, or one the room does not want, tried to come in. */
  readonly "turned-away": { readonly error: VoiceError };
  /** The membership ended from outside: the host has removed you. */
  readonly ended: { readonly error: VoiceError };
  readonly error: { readonly error: VoiceError };
};
