import type { Peer, PeerLeftReason, Room, VoiceError } from "../../engine/index.ts";
import { notices } from "./notices.ts";
import { preferences } from "./preferences.ts";

/** Gain that stands for silence in stored mixes: JSON has no −∞. */
const SILENT_DB = -100;

/** What a session does about a room's events beyond announcing them. */
export type RoomFollower = {
  readonly changed: () => void;
  readonly failed: (error: VoiceError) => void;
  /** The membership is over: the host has removed this member. */
  readonly ended: (error: VoiceError) => void;
};

/** Announces who comes and goes, gives people back the volume they had, and reports every change, until `signal` aborts. */
export function followRoom(room: Room, follower: RoomFollower, signal: AbortSignal): void {
  room.addEventListener(
    "peer-joined",
    ({ peer }) => {
      restoreMix(peer);
      notices.show(`${peer.name} joined`);
      follower.changed();
    },
    { signal },
  );
  room.addEventListener(
    "peer-left",
    ({ peer, reason }) => {
      notices.show(farewell(peer.name, reason), { tone: reason === "left" ? "info" : "warn" });
      follower.changed();
    },
    { signal },
  );
  room.addEventListener("peer-changed", follower.changed, { signal });
  room.addEventListener("state-changed", follower.changed, { signal });
  room.addEventListener("policy-changed", follower.changed, { signal });
  room.addEventListener(
    "knock",
    ({ knock }) => {
      notices.show(`${knock.name} asks to come in`);
      follower.changed();
    },
    { signal },
  );
  room.addEventListener("turned-away", ({ error }) => notices.show(error.message, { tone: "warn" }), { signal });
  room.addEventListener("ended", ({ error }) => follower.ended(error), { signal });
  room.addEventListener("error", ({ error }) => follower.failed(error), { signal });
}

/** What can be changed about how a person is heard. */
export type MixChange = {
  readonly gainDb?: number;
  readonly pan?: number;
  readonly muted?: boolean;
  readonly autoLevel?: boolean;
};

/** Changes how a person is heard, and remembers it under their name. */
export function mixPeer(peer: Peer, { gainDb, pan, muted, autoLevel }: MixChange): void {
  peer.gainDb = gainDb ?? peer.gainDb;
  peer.pan = pan ?? peer.pan;
  peer.muted = muted ?? peer.muted;
  peer.autoLevel = autoLevel ?? peer.autoLevel;
  preferences.rememberMix(peer.name, {
    gainDb: Math.max(SILENT_DB, peer.gainDb),
    pan: peer.pan,
    muted: peer.muted,
    autoLevel: peer.autoLevel,
  });
}

function restoreMix(peer: Peer): void {
  const mix = preferences.values.mixes[peer.name];
  if (mix !== undefined) {
    peer.gainDb = mix.gainDb <= SILENT_DB ? Number.NEGATIVE_INFINITY : mix.gainDb;
    peer.pan = mix.pan;
    peer.muted = mix.muted;
    peer.autoLevel = mix.autoLevel;
  }
}

function farewell(name: string, reason: PeerLeftReason): string {
  switch (reason) {
    case "left":
      return `${name} left`;
    case "lost":
      return `The connection to ${name} was lost`;
    case "removed":
      return `${name} was removed by the host`;
    case "refused":
      return `${name} could not be let in`;
  }
}
