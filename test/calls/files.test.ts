import { describe, expect, test } from "vitest";
import { acceptFiles, breakLinks, fileHash, fileStates, offerFile } from "../../bench/file-pages.ts";
import { visitBuiltPage } from "../support/built-page-visits.ts";
import { RoomMember } from "../support/room-member.ts";

/** Longest wait for the whole file, ms. */
const WAIT_MS = 60_000;

describe("a file sent during a call", { timeout: 120_000 }, () => {
  const visits = visitBuiltPage();

  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    const started = performance.now();
    while (!(await condition())) {
      if (performance.now() - started > WAIT_MS) throw new Error("It took too long");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  test("arrives whole although the connection breaks half-way, and voice goes on", async () => {
    const room = { url: visits.url, room: "files", secret: "files" };
    const ada = await RoomMember.join(visits.browser, { ...room, name: "Ada" });
    const bob = await RoomMember.join(visits.browser, { ...room, name: "Bob" });
    await Promise.all([ada.waitToSee(["Bob"]), bob.waitToSee(["Ada"])]);
    await Promise.all([ada.waitToHear(20), bob.waitToHear(20)]);
    await acceptFiles(bob.page);
    const sha256 = await offerFile(ada.page, 8);
    await until(async () => (await fileStates(bob.page)).received > 2_000_000);
    await breakLinks(bob.page);
    await until(async () => (await fileStates(bob.page)).state === "done");
    expect(await fileHash(bob.page)).toBe(sha256);
    await Promise.all([ada.waitToSee(["Bob"]), bob.waitToSee(["Ada"])]);
    await Promise.all([ada.waitToHear(20), bob.waitToHear(20)]);
    expect([...ada.errors, ...bob.errors]).toEqual([]);
  });
});
