import type { Browser } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { launchChromium } from "../support/chromium.ts";
import { RoomMember } from "../support/room-member.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../support/speech-microphone.ts";
import { hasTurnServer, startTurnServer, type TurnServer } from "../support/turn-server.ts";

/** Packets that count as being heard again: a tenth of a second of speech, up to 0.7 s where the speaker pauses. */
const HEARD_PACKETS = 5;

/** The longest time without a packet between those whose path is not concerned, ms, and how much of what is usual here. */
const STALL = { leastMs: 1000, share: 4 } as const;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/*
 * Ada and Cleo reach each other directly. Bob, in a browser process of his own, sends through TURN servers alone, so that
 * his paths can be cut and the others' stay.
 */
describe.skipIf(!hasTurnServer)("a member whose network path changes", { timeout: 120_000 }, () => {
  const turns = new Map<string, TurnServer>();
  let speech: SpeechMicrophone;
  let browsers: Browser[] = [];
  let server: RunningServer | undefined;

  beforeAll(() => {
    speech = createSpeechMicrophone({ seconds: 20, seed: 8 });
    return () => speech.remove();
  });

  afterEach(async () => {
    await Promise.all(browsers.splice(0).map((browser) => browser.close()));
    await server?.close();
    await Promise.all([...turns.values()].map((turn) => turn.close()));
    turns.clear();
  });

  /** The three of them in a room with `count` TURN servers, everybody heard by everybody. */
  const meet = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const turn = await startTurnServer();
      turns.set(turn.url, turn);
    }
    const secret = [...turns.values()][0]?.secret ?? "";
    server = await serveBuiltPage({
      ice: { stunUrls: [], turn: { urls: [...turns.keys()], secret, ttlSeconds: 600 } },
    });
    browsers = [await launchChromium({ microphone: speech.path }), await launchChromium({ microphone: speech.path })];
    const [near, far] = browsers as [Browser, Browser];
    const options = { url: server.url, room: `paths-${count}`, secret: "three-people" };
    const ada = await RoomMember.join(near, { ...options, name: "Ada" });
    const cleo = await RoomMember.join(near, { ...options, name: "Cleo" });
    const bob = await RoomMember.join(far, { ...options, name: "Bob", isRelayOnly: true });
    await Promise.all([ada.waitToSee(["Bob", "Cleo"]), bob.waitToSee(["Ada", "Cleo"]), cleo.waitToSee(["Ada", "Bob"])]);
    await Promise.all([ada, bob, cleo].map((member) => member.waitToHear(50)));
    return { ada, bob, cleo };
  };

  /** How long Ada and Cleo heard nothing of each other at most while `event` happened, ms, and what is usual for them. */
  const stallsOf = async (ada: RoomMember, cleo: RoomMember, event: () => Promise<void>) => {
    const longest = async (during: () => Promise<void>): Promise<number> => {
      const [ofAda, ofCleo] = await Promise.all([ada.watchStalls(), cleo.watchStalls()]);
      await during();
      const [adaHears, cleoHears] = await Promise.all([ofAda(), ofCleo()]);
      return Math.max(adaHears["Cleo"] ?? Number.POSITIVE_INFINITY, cleoHears["Ada"] ?? Number.POSITIVE_INFINITY);
    };
    const usual = await longest(() => pause(2000));
    return { during: await longest(event), limit: Math.max(STALL.leastMs, STALL.share * usual) };
  };

  /** Resolves to how long it takes until everybody hears everybody again, ms. */
  const heardAgain = async (members: readonly RoomMember[]): Promise<number> => {
    const started = performance.now();
    await Promise.all(members.map((member) => member.waitToHear(HEARD_PACKETS)));
    return performance.now() - started;
  };

  test("is heard within five seconds over the other path when the one in use dies; the others hear no gap", async () => {
    const { ada, bob, cleo } = await meet(2);
    const [inUse] = await bob.relayUrls();
    const turn = turns.get(inUse ?? "");
    if (turn === undefined) throw new Error(`Bob sends through ${inUse}, which is none of ours`);
    const stalls = await stallsOf(ada, cleo, async () => {
      await turn.close();
      turns.delete(turn.url);
      expect(await heardAgain([ada, bob, cleo])).toBeLessThan(5000);
    });
    expect(stalls.during).toBeLessThan(stalls.limit);
    // A connection of which nothing is needed at the moment finds out later.
    await expect.poll(() => bob.relayUrls(), { timeout: 15_000, interval: 500 }).not.toContain(turn.url);
    await ada.waitToSee(["Bob", "Cleo"]);
  });

  test("is back within five seconds of its only path's return, as the same member; the others hear no gap", async () => {
    const { ada, bob, cleo } = await meet(1);
    const [turn] = turns.values();
    if (turn === undefined) throw new Error("There is no TURN server");
    const before = await ada.peerIds();
    const stalls = await stallsOf(ada, cleo, async () => {
      await turn.close();
      await ada.waitForConnection("Bob", "reconnecting");
      await pause(4000);
      turns.set(turn.url, await startTurnServer({ port: turn.port }));
      expect(await heardAgain([ada, bob, cleo])).toBeLessThan(5000);
    });
    expect(stalls.during).toBeLessThan(stalls.limit);
    await Promise.all([ada.waitToSee(["Bob", "Cleo"]), bob.waitToSee(["Ada", "Cleo"])]);
    expect(await ada.peerIds()).toEqual(before);
  });
});
