import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { launchChromium } from "../support/chromium.ts";
import { RoomMember } from "../support/room-member.ts";
import { hasTurnServer, startTurnServer, type TurnServer } from "../support/turn-server.ts";

describe.skipIf(!hasTurnServer)("a call through a real TURN server", { timeout: 90_000 }, () => {
  let turn: TurnServer;
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    turn = await startTurnServer();
    const ice = { stunUrls: [], turn: { urls: [turn.url], secret: turn.secret, ttlSeconds: 600 } };
    server = await serveBuiltPage({ ice });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await turn?.close();
  });

  test("goes through the relay alone, with credentials from the embedded server", async () => {
    const options = { url: server.url, room: "relayed", isRelayOnly: true };
    const ada = await RoomMember.join(browser, { ...options, name: "Ada" });
    const bob = await RoomMember.join(browser, { ...options, name: "Bob" });
    await Promise.all([ada.waitToSee(["Bob"]), bob.waitToSee(["Ada"])]);
    await Promise.all([ada.waitToHear(50), bob.waitToHear(50)]);
    expect(await ada.candidateTypes()).toEqual(["relay"]);
    expect(await bob.candidateTypes()).toEqual(["relay"]);
  });

  test("does without it when both sides may be seen", async () => {
    const options = { url: server.url, room: "direct" };
    const ada = await RoomMember.join(browser, { ...options, name: "Ada" });
    const bob = await RoomMember.join(browser, { ...options, name: "Bob" });
    await Promise.all([ada.waitToSee(["Bob"]), bob.waitToSee(["Ada"])]);
    expect(await ada.candidateTypes()).toEqual(["host"]);
  });
});
