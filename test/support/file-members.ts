import { FileDesk } from "../../src/engine/session/files/file-desk.ts";
import type { IncomingFile } from "../../src/engine/session/files/incoming-file.ts";
import { joinMember, type TestMember, type TestMemberOptions } from "./loopback-members.ts";

/** A member with a file desk, as a room has one. */
export type FileMember = TestMember & { readonly desk: FileDesk; readonly offers: readonly IncomingFile[] };

/** Joins a room and sets up a file desk, under virtual time. */
export async function joinWithFiles(
  options: TestMemberOptions & { readonly maxIncomingBytes?: number },
  advance: (ms: number) => Promise<unknown>,
): Promise<FileMember> {
  const offers: IncomingFile[] = [];
  let desk: FileDesk | undefined;
  const member = await joinMember(
    {
      ...options,
      onCreated: (session) => {
        const created = new FileDesk({
          members: session.mesh.members,
          maxIncomingBytes: options.maxIncomingBytes,
        });
        desk = created;
        created.addEventListener("offered", ({ file }) => offers.push(file));
        session.addEventListener("linked", ({ member: other, link }) => created.linked(other, link));
        session.addEventListener("gone", ({ member: other, reason }) => created.gone(other, reason !== "lost"));
        session.addEventListener("message", ({ member: other, message }) => created.receive(other, message));
      },
    },
    advance,
  );
  if (desk === undefined) {
    throw new Error("The session was never created");
  }
  return { ...member, desk, offers };
}
