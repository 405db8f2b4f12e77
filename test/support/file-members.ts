import { FileDesk } from "../../src/engine/session/files/file-desk.ts";
import type { IncomingFile } from "../../src/engine/session/files/incoming-file.ts";
import { SideConnections } from "../../src/engine/session/side-connections.ts";
import type { SideConnection } from "../../src/engine/transport/side-connection.ts";
import { joinMember, type TestMember, type TestMemberOptions } from "./loopback-members.ts";

/** A member with a file desk, as a room has one. */
export type FileMember = TestMember & {
  readonly desk: FileDesk;
  readonly offers: readonly IncomingFile[];
  /** Connections for files, as they were made. */
  readonly sides: readonly SideConnection[];
};

/** Joins a room and sets up a file desk, under virtual time. */
export async function joinWithFiles(
  options: TestMemberOptions & { readonly maxIncomingBytes?: number; readonly hasNoSides?: boolean },
  advance: (ms: number) => Promise<unknown>,
): Promise<FileMember> {
  const offers: IncomingFile[] = [];
  const made: SideConnection[] = [];
  let desk: FileDesk | undefined;
  const member = await joinMember(
    {
      ...options,
      onCreated: (session) => {
        const created = new FileDesk({
          members: session.mesh.members,
          maxIncomingBytes: options.maxIncomingBytes,
          openSide: (other) => options.hasNoSides !== true && sides.want(other, "files"),
        });
        const sides = new SideConnections((other, _, connection) => {
          made.push(connection);
          created.sideConnected(other.id, connection);
        });
        desk = created;
        created.addEventListener("offered", ({ file }) => offers.push(file));
        session.addEventListener("linked", ({ member: other, link }) => {
          sides.linked(other, link);
          created.linked(other, link);
        });
        session.addEventListener("gone", ({ member: other, reason }) => {
          sides.gone(other.id);
          created.gone(other, reason !== "lost");
        });
        session.addEventListener("message", ({ member: other, message }) => {
          if (!sides.receive(other, message)) created.receive(other, message);
        });
      },
    },
    advance,
  );
  if (desk === undefined) {
    throw new Error("The session was never created");
  }
  return { ...member, desk, offers, sides: made };
}
