import { describe, expect, test } from "vitest";
import { visitBuiltPage } from "../support/built-page-visits.ts";
import { Interceptor } from "../support/interceptor.ts";
import { RoomMember } from "../support/room-member.ts";

describe("a signalling server that puts certificates of its own in between", { timeout: 90_000 }, () => {
  const visits = visitBuiltPage();

  test("is caught on both sides before any voice flows, although it passes every message on", async () => {
    const room = { url: visits.url, room: "watched", secret: "only the two know" };
    const ada = await RoomMember.open(visits.browser, "Ada");
    const bob = await RoomMember.open(visits.browser, "Bob");
    const interceptor = await Interceptor.between(visits.browser, [ada.context, bob.context], visits.url);
    await ada.enter(room);
    await ada.page.evaluate(() => {
      const { antiphon } = globalThis as unknown as { antiphon: { room: EventTarget } };
      antiphon.room.addEventListener("turned-away", (event) => {
        Object.assign(globalThis, { turnedAway: (event as unknown as { error: { code: string } }).error.code });
      });
    });
    const outcome = await bob.enter(room).catch((error: unknown) => error);
    expect(interceptor.failures).toEqual([]);
    expect(String(outcome)).toMatch(/sits between/);
    await ada.page.waitForFunction(() => "turnedAway" in globalThis);
    expect(await ada.page.evaluate(() => (globalThis as unknown as { turnedAway: string }).turnedAway)).toBe(
      "intercepted",
    );
    expect(await ada.sees()).toEqual([]);
    const heard = await interceptor.heard();
    // Both hellos, nonces and proofs came through: it was the certificates that did not fit.
    expect(heard.control).toBeGreaterThanOrEqual(6);
    expect(heard.voice).toBe(0);
  });
});
