import type { LocalStream } from "./local-stream.ts";
import type { Peer } from "./peer.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import { TypedEventTarget } from "./typed-event-target.ts";
import type { VoiceError } from "./voice-error.ts";

/** How membership of the room stands. `reconnecting` may recover by itself. */
export type RoomState = "joining" | "joined" | "reconnecting" | "left";

/** Why a peer is gone. */
export type PeerLeftReason = "left" | "lost" | "refused";

/** Events of a room. */
export type RoomEvents = {
  readonly "peer-joined": { readonly peer: Peer };
  readonly "peer-left": { readonly peer: Peer; readonly reason: PeerLeftReason };
  readonly "peer-changed": { readonly peer: Peer };
  readonly "state-changed": { readonly state: RoomState };
  /** A text from a peer: untrusted. */
  readonly chat: { readonly peer: Peer; readonly text: string };
  readonly error: { readonly error: VoiceError };
};

/** What a room is made of. */
export type RoomOptions = {
  readonly name: string;
  readonly link: string;
  readonly network: NetworkThread;
  readonly playback: () => PlaybackNode;
  readonly streams: () => readonly LocalStream[];
};

/** A room this engine is a member of. */
export class Room extends TypedEventTarget<RoomEvents> {
  readonly name: string;
  /** Hash part of an address that leads here, with the secret: share it with whom you want in. */
  readonly link: string;
  readonly #peers = new Map<string, Peer>();
  readonly #state: RoomState = "joining";

  constructor(options: RoomOptions) {
    super();
    this.name = options.name;
    this.link = options.link;
  }

  /** The others, by id, in the order they came. */
  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers;
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Sends a text of at most 4,000 characters to everybody. Throws RangeError for a longer one. */
  sendChat(text: string): void {
    if (text.length > 4_000) {
      throw new RangeError(`A chat message has at most 4,000 characters, not ${text.length}`);
    }
  }

  /** Says goodbye and drops all connections. Idempotent. */
  async leave(): Promise<void> {
    await Promise.resolve();
  }
}
