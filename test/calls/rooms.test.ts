import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { launchChromium } from "../support/chromium.ts";
import { type HeardPeer, RoomMember } from "../support/room-member.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../support/speech-microphone.ts";

const ROOM = { room: "four", secret: "four-people-secret" } as const;

/** The longest time without a packet of somebody who is not concerned, ms, and how much of what is usual here. */
const STALL = { leastMs: 1000, share: 4 } as const;

/** How long the usual is looked at, ms. */
const USUAL_MS = 2000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a room of four browser contexts over the built page", { timeout: 120_000 }, () => {
  let server: RunningServer;
  let speech: SpeechMicrophone;
  let browser: Browser;
  let other: Browser;
  const members = new Map<string, RoomMember>();

  const join = async (name: string, where: Browser = browser): Promise<RoomMember> => {
    const member = await RoomMember.join(where, { ...ROOM, url: server.url, name });
    members.set(name, member);
    return member;
  };

  const present = (): RoomMember[] => [...members.values()];

  const othersOf = (member: RoomMember): string[] =>
    present().flatMap(({ name }) => (name === member.name ? [] : [name]));

  /** Everybody is connected to everybody else, and hears them. */
  const complete = async (timeoutMs?: number): Promise<void> => {
    await Promise.all(present().map((member) => member.waitToSee(othersOf(member), timeoutMs)));
    await Promise.all(present().map((member) => member.waitToHear(10)));
  };

  /** The longest time without a packet on any pair of those who are present while `during` happens, ms. */
  const longestStall = async (during: () => Promise<void>): Promise<number> => {
    const watches = await Promise.all(present().map((member) => member.watchStalls()));
    await during();
    const stalls = await Promise.all(watches.map((stop) => stop()));
    return Math.max(0, ...stalls.flatMap((byName) => Object.values(byName)));
  };

  /** Those who stay go on hearing each other while `event` happens. */
  const undisturbed = async (event: () => Promise<void>): Promise<void> => {
    const usual = await longestStall(() => pause(USUAL_MS));
    const limitMs = Math.max(STALL.leastMs, STALL.share * usual);
    const watches = await Promise.all(present().map((member) => member.watchStalls()));
    const before = await Promise.all(present().map((member) => member.heard()));
    await event();
    const after = await Promise.all(present().map((member) => member.heard()));
    for (const [index, member] of present().entries()) {
      const stalls = (await watches[index]?.()) ?? {};
      for (const name of othersOf(member)) {
        const packets = (heard: readonly HeardPeer[] | undefined): number =>
          heard?.find((peer) => peer.name === name)?.packets ?? 0;
        expect(packets(after[index]), `${member.name} hears ${name}`).toBeGreaterThan(packets(before[index]));
        expect(stalls[name], `${member.name} hears ${name}`).toBeLessThan(limitMs);
      }
    }
  };

  /** The others go on hearing each other while `event` happens to `member`, who stays in the room. */
  const without = async (member: RoomMember, event: () => Promise<void>): Promise<void> => {
    members.delete(member.name);
    try {
      await undisturbed(event);
    } finally {
      members.set(member.name, member);
    }
  };

  beforeAll(async () => {
    server = await serveBuiltPage();
    speech = createSpeechMicrophone({ seconds: 20, seed: 3 });
    browser = await launchChromium({ microphone: speech.path });
    other = await launchChromium({ microphone: speech.path });
  });

  afterAll(async () => {
    await Promise.all([browser.close(), other.isConnected() ? other.close() : undefined]);
    await server.close();
    speech.remove();
  });

  test("each pair hears each other", async () => {
    await join("Ada");
    await join("Bob");
    await join("Cleo");
    await join("Dan", other);
    await complete();
    expect(await members.get("Ada")?.sees()).toEqual(["Bob", "Cleo", "Dan"]);
  });

  test("the first one leaves: the others hear no gap, and the room is still found", async () => {
    const ada = members.get("Ada");
    members.delete("Ada");
    await undisturbed(async () => {
      await ada?.close();
      await Promise.all(present().map((member) => member.waitToSee(othersOf(member), 3000)));
      await pause(2000);
    });
    await join("Ada");
    await complete();
  });

  test("a page that is loaded again is back with the same identity", async () => {
    const bob = members.get("Bob");
    if (bob === undefined) throw new Error("Bob is missing");
    const identityOf = (): Promise<string | undefined> =>
      (members.get("Ada") as RoomMember).page.evaluate(
        () =>
          [
            ...(
              globalThis as unknown as {
                antiphon: { room: { peers: Map<string, { name: string; identity: string }> } };
              }
            ).antiphon.room.peers.values(),
          ].find(({ name }) => name === "Bob")?.identity,
      );
    const before = await identityOf();
    await without(bob, async () => {
      await bob.enter({ ...ROOM, url: server.url });
    });
    await complete(20_000);
    expect(await identityOf()).toBe(before);
    expect(before).toMatch(/^[\w-]{8,}$/);
  });

  test("a killed browser process is gone from the others within three seconds", async () => {
    if (!other.isConnected()) {
      // Tried again: the first attempt has killed it.
      other = await launchChromium({ microphone: speech.path });
      await join("Dan", other);
      await complete();
    }
    members.delete("Dan");
    await undisturbed(async () => {
      const session = await other.newBrowserCDPSession();
      session.send("Browser.crash").catch(() => undefined);
      const took = await Promise.all(present().map((member) => member.waitToSee(othersOf(member), 6000)));
      expect(Math.max(...took)).toBeLessThanOrEqual(3000);
    });
  });

  test("the signalling server is lost for 20 s: nobody hears a gap, and newcomers find the room afterwards", async () => {
    const { port } = server;
    await undisturbed(async () => {
      await server.close();
      await pause(20_000);
    });
    server = await serveBuiltPage({ port });
    // Those who were there have to have their ids back before anybody can be told where to go.
    await pause(5000);
    await join("Eve");
    await complete();
  });

  test("nothing of all this threw in a page", () => {
    expect(present().flatMap(({ errors }) => errors)).toEqual([]);
  });
});
