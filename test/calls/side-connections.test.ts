import type { Browser } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImpairmentProfile } from "../../src/engine/measurement/impairment.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { launchChromium } from "../support/chromium.ts";
import { relayCandidates } from "../support/relayed-candidates.ts";
import { RoomMember } from "../support/room-member.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../support/speech-microphone.ts";
import { type RelaySide, UdpRelay } from "../support/udp-relay.ts";

/** Longest wait for a number of connections, ms. */
const WAIT_MS = 30_000;

/** A path of a quarter of a second each way that loses every tenth packet. */
const LONG_PATH: ImpairmentProfile = {
  name: "long",
  delayMs: 250,
  jitterMs: 20,
  loss: { type: "bursts", fraction: 0.1, meanBurst: 2 },
};

describe("voice over several connections", { timeout: 120_000 }, () => {
  let speech: SpeechMicrophone;
  let server: RunningServer;
  let relay: UdpRelay;
  let browsers: Browser[] = [];

  beforeEach(async () => {
    speech = createSpeechMicrophone({ seconds: 20, seed: 9 });
    server = await serveBuiltPage();
    relay = new UdpRelay(3);
    browsers = [await launchChromium({ microphone: speech.path }), await launchChromium({ microphone: speech.path })];
  });

  afterEach(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await relay.close();
    await server.close();
    speech.remove();
  });

  /** Two people in two browser processes, everything between them through the relay. */
  const call = async (): Promise<readonly [RoomMember, RoomMember]> => {
    const join = async (side: RelaySide, name: string): Promise<RoomMember> => {
      const browser = browsers[side === "near" ? 0 : 1];
      if (browser === undefined) throw new Error(`There is no browser on the ${side} side`);
      const member = await RoomMember.open(browser, name);
      await relayCandidates(member.context, relay, side);
      await member.enter({ url: server.url, room: "side-connections", secret: "two" });
      return member;
    };
    const members = [await join("near", "Ada"), await join("far", "Bob")] as const;
    await Promise.all([members[0].waitToSee(["Bob"]), members[1].waitToSee(["Ada"])]);
    await Promise.all(members.map((member) => member.waitToHear(20)));
    return members;
  };

  /** Data channels that the voice to the only peer is spread over. */
  const channelsOf = async (member: RoomMember): Promise<number> =>
    (await member.statistics()).peers[0]?.link?.channels ?? 0;

  const waitForChannels = async (members: readonly RoomMember[], isEnough: (count: number) => boolean) => {
    const started = performance.now();
    for (;;) {
      const counts = await Promise.all(members.map(channelsOf));
      if (counts.every(isEnough)) return;
      if (performance.now() - started > WAIT_MS) throw new Error(`The voice is spread over ${counts.join(" and ")}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  /** Ends every connection of the page but the first `kept`, as a network that forgets its mappings does. */
  const endConnections = (member: RoomMember, kept: number): Promise<number> =>
    member.page.evaluate((count) => {
      const { peerConnections } = globalThis as unknown as { peerConnections: readonly RTCPeerConnection[] };
      const open = peerConnections.filter(({ connectionState }) => connectionState === "connected");
      const ended = open.slice(count);
      for (const connection of ended) connection.close();
      return ended.length;
    }, kept);

  test("begins with three in a call of two, and takes more for a long path that loses packets", async () => {
    const members = await call();
    await waitForChannels(members, (count) => count === 3);
    relay.setProfile(LONG_PATH);
    await waitForChannels(members, (count) => count > 3);
    await Promise.all(members.map((member) => member.waitToHear(100)));
    expect(members.flatMap(({ errors }) => errors)).toEqual([]);
  });

  test("goes on over the link alone when the others end without a word, and makes them anew", async () => {
    const members = await call();
    const [ada] = members;
    await waitForChannels(members, (count) => count === 3);
    const before = await ada.peerIds();
    expect(await endConnections(ada, 1)).toBeGreaterThanOrEqual(2);
    await waitForChannels(members, (count) => count === 1);
    await Promise.all(members.map((member) => member.waitToHear(50)));
    await waitForChannels(members, (count) => count === 3);
    await Promise.all(members.map((member) => member.waitToHear(50)));
    expect(await ada.peerIds()).toEqual(before);
    expect(members.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
