import type { LocalStream } from "./local-stream.ts";
import type { MemberDelays } from "./member-delays.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import type { Transport } from "./transport/transport.ts";

/** What a room needs of its engine. */
export type RoomHost = {
  /** Belongs to the room from now on: it is closed when joining fails and when the room is left. */
  readonly transport: Transport;
  readonly network: NetworkThread;
  /** The playback node in use now. */
  readonly playback: () => PlaybackNode;
  /** The streams to send. Call `Room.localStreamsChanged` when they have changed. */
  readonly streams: () => readonly LocalStream[];
  /** Whether nothing of the microphone is sent. Call `Room.localStreamsChanged` when it has changed. */
  readonly isMuted: () => boolean;
  /** Whether this side records the call. Call `Room.localStreamsChanged` when it has changed. */
  readonly isRecording: () => boolean;
  /** What this machine adds to voices, for the others' latency bars; undefined when that is not known any more. */
  readonly delays?: () => MemberDelays | undefined;
};

/** How to enter a room. */
export type RoomOptions = {
  /** The room's name, 1…128 characters. */
  readonly roomName: string;
  /** What members prove to know; without it the room is open to all who know its name. */
  readonly secret?: string | undefined;
  /** How the others see this member. */
  readonly displayName: string;
  /** Members the room takes in while this member looks after its meeting point. Default 12. */
  readonly capacity?: number | undefined;
  /** The most that one peer may have under way to this side as files, in bytes. Default 2 GiB. */
  readonly maxIncomingBytes?: number | undefined;
  /** Called when the host has to let this member in first. */
  readonly onWaiting?: (() => void) | undefined;
  /** Gives up joining. */
  readonly signal?: AbortSignal | undefined;
};
