import type { StreamDescription } from "../../src/engine/session/core/control-message.ts";
import { RoomKeys } from "../../src/engine/session/core/room-keys.ts";
import type { Member } from "../../src/engine/session/member.ts";
import { RoomSession } from "../../src/engine/session/room-session.ts";
import { type LoopbackNetwork, LoopbackTransport } from "../../src/engine/transport/loopback-transport.ts";

/** A member of a room on a loopback network, and what it has witnessed. */
export type TestMember = {
  readonly session: RoomSession;
  readonly transport: LoopbackTransport;
  /** What happened, oldest first: "joined b", "b left". */
  readonly log: string[];
  /** Ids of everybody it is connected to, sorted. */
  readonly sees: () => readonly string[];
};

/** How a test member enters. */
export type TestMemberOptions = {
  readonly network: LoopbackNetwork;
  readonly id: string;
  readonly secret?: string;
  readonly room?: string;
  readonly name?: string;
  readonly identity?: string;
  readonly capacity?: number;
  readonly streams?: () => readonly StreamDescription[];
  readonly signal?: AbortSignal;
  /** The session exists and has no members yet. */
  readonly onCreated?: (session: RoomSession) => void;
};

/** A session that has not entered yet. */
export function createMember(options: TestMemberOptions): TestMember {
  const { network, id, secret = "s3cret", room = "room", name = id, capacity = 12 } = options;
  const transport = new LoopbackTransport(network, id);
  const log: string[] = [];
  const session = new RoomSession({
    transport,
    keys: RoomKeys.derive(room, secret),
    name,
    identity: options.identity ?? `identity-${id}`,
    capacity,
    presence: () => ({ isMuted: false, isDeafened: false }),
    streams: options.streams ?? (() => []),
    onWaiting: () => log.push("waiting"),
  });
  options.onCreated?.(session);
  const known = new Set<Member>();
  session.addEventListener("linked", ({ member }) => {
    log.push(`${known.has(member) ? "relinked" : "joined"} ${member.id}`);
    known.add(member);
  });
  session.addEventListener("gone", ({ member, reason }) => log.push(`${member.id} ${reason}`));
  session.addEventListener("knock", ({ knock }) => log.push(`knock ${knock.name}`));
  session.addEventListener("ended", ({ error }) => log.push(`ended ${error.code}`));
  session.addEventListener("turned-away", ({ error }) => log.push(`turned away ${error.reason}`));
  session.addEventListener("error", ({ error }) => log.push(`error ${error.code}`));
  session.addEventListener("stream-added", ({ member, stream }) => log.push(`${member.id} stream ${stream.label}`));
  return {
    session,
    transport,
    log,
    sees: () =>
      [...session.mesh.members.values()]
        .filter(({ connection }) => connection === "connected")
        .map((m) => m.id)
        .sort(),
  };
}

/** A session that has entered, under virtual time. */
export async function joinMember(
  options: TestMemberOptions,
  advance: (ms: number) => Promise<unknown>,
): Promise<TestMember> {
  const member = createMember(options);
  let failure: unknown;
  let isDone = false;
  member.session.enter(options.signal).then(
    () => {
      isDone = true;
    },
    (error: unknown) => {
      failure = error;
      isDone = true;
    },
  );
  for (let waitedMs = 0; !isDone && waitedMs < 30_000; waitedMs += 50) {
    await advance(50);
  }
  if (failure !== undefined) {
    throw failure;
  }
  // The links to the others open after the seat is taken.
  await advance(300);
  return member;
}
