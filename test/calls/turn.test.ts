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

  /** What the connection test on the Diagnostics screen finds, by check. */
  const testConnection = async (url: string): Promise<Readonly<Record<string, { verdict: string; found: string }>>> => {
    const page = await browser.newPage();
    await page.goto(`${url}/#/diagnostics`);
    await page.getByRole("button", { name: "Test the connection" }).click();
    await page.getByRole("button", { name: "Test again" }).waitFor({ timeout: 60_000 });
    const findings = await page
      .locator("antiphon-connection-test")
      .evaluate((element) => (element as unknown as { findings: Record<string, never> }).findings);
    await page.close();
    return findings;
  };

  test("is found to work by the connection test: STUN, TURN with credentials, UDP, latency, relay alone", async () => {
    const stunUrls = [turn.url.replace("turn:", "stun:").replace("?transport=udp", "")];
    const both = await serveBuiltPage({
      ice: { stunUrls, turn: { urls: [turn.url], secret: turn.secret, ttlSeconds: 600 } },
    });
    const { stun, turn: relayServer, relay, ...rest } = await testConnection(both.url);
    await both.close();
    expect(stun).toMatchObject({ verdict: "pass", found: expect.stringMatching(/over UDP in \d+ ms/) });
    expect(relayServer).toMatchObject({
      verdict: "pass",
      found: expect.stringMatching(/lends an address over UDP in \d+ ms/),
    });
    expect(relay).toMatchObject({ verdict: "pass", found: expect.stringMatching(/relay-only calls work/) });
    expect(rest["signalling"]).toMatchObject({ verdict: "pass" });
  });

  test("is found broken by the connection test when secrets differ, and when nobody answers", async () => {
    const wrong = await serveBuiltPage({
      ice: { stunUrls: [], turn: { urls: [turn.url], secret: "another-secret", ttlSeconds: 600 } },
    });
    const refused = await testConnection(wrong.url);
    await wrong.close();
    expect(refused["turn"]).toMatchObject({ verdict: "fail", hint: expect.stringMatching(/credentials/) });
    expect(refused["relay"]).toMatchObject({ verdict: "fail" });
    const nobody = await serveBuiltPage({
      ice: {
        stunUrls: ["stun:127.0.0.1:9"],
        turn: { urls: ["turn:127.0.0.1:9?transport=udp"], secret: "s", ttlSeconds: 600 },
      },
    });
    const silent = await testConnection(nobody.url);
    await nobody.close();
    expect(silent["stun"]).toMatchObject({ verdict: "fail" });
    expect(silent["turn"]).toMatchObject({ verdict: "fail" });
  });
});
