import type { PeerLink, Transport } from "../transport/transport.ts";
import type { VoiceError } from "../voice-error.ts";
import type { ControlMessage, MemberPresence, RoomPolicy, StreamDescription } from "./core/control-message.ts";
import type { RoomKeys } from "./core/room-keys.ts";
import type { Knock } from "./gatekeeper.ts";
import type { Member } from "./member.ts";
import type { GoneReason } from "./mesh.ts";
import type { RefusedError } from "./refused-error.ts";

/** How membership stands. `reconnecting` may recover by itself. */
export type SessionState = "joining" | "joined" | "reconnecting" | "left";

/** Events of a session. */
export type RoomSessionEvents = {
  /** A member introduced itself over a new link: create its voice channel in this task. */
  readonly linked: { readonly member: Member; readonly link: PeerLink };
  readonly changed: { readonly member: Member };
  readonly gone: { readonly member: Member; readonly reason: GoneReason };
  readonly "stream-added": { readonly member: Member; readonly stream: StreamDescription };
  readonly "stream-removed": { readonly member: Member; readonly ssrc: number };
  /** The member cannot take a stream of ours. */
  readonly "stream-refused": { readonly member: Member; readonly ssrc: number; readonly reason: string };
  /** A chat text or a file message, for those who deal with them. */
  readonly message: { readonly member: Member; readonly message: ControlMessage };
  readonly policy: { readonly policy: RoomPolicy };
  /** Somebody waits for this member, the host, to be let in. */
  readonly knock: { readonly knock: Knock };
  readonly state: { readonly state: SessionState };
  /** Somebody without the right secret, or a former member, tried to come in and was turned away. */
  readonly "turned-away": { readonly error: RefusedError };
  /** The membership ended from outside. */
  readonly ended: { readonly error: VoiceError };
  readonly error: { readonly error: VoiceError };
};

/** How to start a session. */
export type RoomSessionOptions = {
  /** Closed by the session. */
  readonly transport: Transport;
  readonly keys: RoomKeys;
  readonly name: string;
  /** Stays the same when the page is loaded again. At most 64 letters, digits, dashes. */
  readonly identity: string;
  readonly capacity: number;
  readonly presence: () => MemberPresence;
  readonly streams: () => readonly StreamDescription[];
  readonly onWaiting: () => void;
};
