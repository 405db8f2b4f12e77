import type { Browser, BrowserContext, Page } from "playwright-core";
import type { EngineStatistics, VoiceEngine } from "../../src/engine/index.ts";
import { keepFunctionNames } from "./keep-function-names.ts";
import { paintSeldom } from "./paint-seldom.ts";

/** The page's engine, as the page exposes it. */
type WithEngine = { readonly antiphon: VoiceEngine };

/** Longest wait for something that should happen soon, ms. */
const WAIT_MS = 30_000;

/** How to open a member. */
export type RoomMemberOptions = {
  /** Where the page is served. */
  readonly url: string;
  readonly room: string;
  readonly name: string;
  readonly secret?: string;
  /** Sends through TURN servers only. */
  readonly isRelayOnly?: boolean;
};

/** How much of one peer has been heard. */
export type HeardPeer = {
  readonly name: string;
  readonly connectionState: string;
  readonly packets: number;
  /** Samples that were made up for lost packets, and samples in all. */
  readonly concealedSamples: number;
  readonly totalSamples: number;
};

/** A member of a room in a browser context of its own: several may share one browser process. */
export class RoomMember {
  readonly name: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Uncaught errors of the page so far. */
  readonly errors: string[] = [];

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.context = context;
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /** Opens a browser context for somebody who is not in a room yet. */
  static async open(browser: Browser, name: string): Promise<RoomMember> {
    const context = await browser.newContext({ permissions: ["microphone"] });
    await keepFunctionNames(context);
    await paintSeldom(context);
    await context.addInitScript(collectConnections);
    return new RoomMember(name, context, await context.newPage());
  }

  /** Opens the page, the microphone and the room. */
  static async join(browser: Browser, options: RoomMemberOptions): Promise<RoomMember> {
    const member = await RoomMember.open(browser, options.name);
    await member.enter(options);
    return member;
  }

  /** Loads the page anew and enters the room. */
  async enter({ url, room, secret, isRelayOnly = false }: Omit<RoomMemberOptions, "name">): Promise<void> {
    // Another path first: a changed hash alone would not load the page again.
    await this.page.goto("about:blank");
    const address = new URL(url);
    address.hash = "/";
    await this.page.goto(address.href);
    await this.page.waitForFunction(() => "antiphon" in globalThis, undefined, { timeout: WAIT_MS });
    await this.page.evaluate(
      async ([roomName, name, key, relay]) => {
        const { antiphon } = globalThis as unknown as WithEngine;
        antiphon.configure({
          capture: { suppressor: { kind: "off" }, activation: { mode: "open" }, leveler: { isEnabled: false } },
          input: { echoCancellation: false },
          network: { isRelayOnly: relay },
        });
        await antiphon.resume();
        await antiphon.openMicrophone();
        await antiphon.join(roomName, { name, ...(key === undefined ? {} : { secret: key }) });
      },
      [room, this.name, secret, isRelayOnly] as const,
    );
  }

  statistics(): Promise<EngineStatistics> {
    return this.page.evaluate(() => (globalThis as unknown as WithEngine).antiphon.statistics());
  }

  /** Bytes that have gone through the open connections so far, IP and UDP headers included. */
  traffic(): Promise<{ readonly sent: number; readonly received: number }> {
    return this.page.evaluate(async () => {
      const { peerConnections } = globalThis as unknown as { peerConnections: readonly RTCPeerConnection[] };
      const total = { sent: 0, received: 0 };
      for (const connection of peerConnections) {
        for (const report of (await connection.getStats()).values()) {
          if (report.type === "candidate-pair" && report.nominated === true) {
            total.sent += report.bytesSent + 28 * (report.packetsSent ?? 0);
            total.received += report.bytesReceived + 28 * (report.packetsReceived ?? 0);
          }
        }
      }
      return total;
    });
  }

  /** Names of the peers this member is connected to, sorted. */
  sees(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { antiphon } = globalThis as unknown as WithEngine;
      const peers = [...(antiphon.room?.peers.values() ?? [])];
      return peers
        .filter(({ connectionState }) => connectionState === "connected")
        .map(({ name }) => name)
        .sort();
    });
  }

  /** Ids of all peers, sorted: the same person under the same id has never been away. */
  peerIds(): Promise<string[]> {
    return this.page.evaluate(() =>
      [...((globalThis as unknown as WithEngine).antiphon.room?.peers.keys() ?? [])].sort(),
    );
  }

  /** Resolves when the way to `name` stands so. Rejects after 30 s. */
  async waitForConnection(name: string, state: string): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, expected]) =>
        [...((globalThis as unknown as WithEngine).antiphon.room?.peers.values() ?? [])].some(
          (peer) => peer.name === wanted && peer.connectionState === expected,
        ),
      [name, state] as const,
      { timeout: WAIT_MS, polling: 50 },
    );
  }

  /** What has been heard of each peer so far. */
  heard(): Promise<HeardPeer[]> {
    return this.page.evaluate(() => {
      const { antiphon } = globalThis as unknown as WithEngine;
      return [...(antiphon.room?.peers.values() ?? [])].map((peer) => {
        const { streams, connectionState } = peer.stats();
        const sum = (value: (stream: (typeof streams)[number]) => number): number =>
          streams.reduce((total, stream) => total + value(stream), 0);
        return {
          name: peer.name,
          connectionState,
          packets: sum((stream) => stream.packetsReceived),
          concealedSamples: sum((stream) => stream.concealedSamples),
          totalSamples: sum((stream) => stream.totalSamplesReceived),
        };
      });
    });
  }

  /** Resolves when this member is connected to exactly these peers; to how long that took, ms. Rejects after `timeoutMs`. */
  async waitToSee(names: readonly string[], timeoutMs: number = WAIT_MS): Promise<number> {
    const started = performance.now();
    const wanted = [...names].sort().join();
    await this.page.waitForFunction(
      (expected) => {
        const { antiphon } = globalThis as unknown as WithEngine;
        const peers = [...(antiphon.room?.peers.values() ?? [])];
        const seen = peers.filter(({ connectionState }) => connectionState === "connected").map(({ name }) => name);
        return seen.length === peers.length && seen.sort().join() === expected;
      },
      wanted,
      { timeout: timeoutMs, polling: 50 },
    );
    return performance.now() - started;
  }

  /**
   * Resolves when at least `packets` more have been received of every peer, over one link after the other where it takes
   * several: a new link's streams count from zero. Rejects after 30 s.
   */
  async waitToHear(packets: number): Promise<void> {
    await this.page.evaluate(
      ([more, limitMs]) =>
        new Promise<void>((resolve, reject) => {
          const { antiphon } = globalThis as unknown as WithEngine;
          const started = performance.now();
          const last = new Map<string, number>();
          const heard = new Map<string, number>();
          const look = (): void => {
            const peers = [...(antiphon.room?.peers.values() ?? [])];
            for (const peer of peers) {
              const { name } = peer;
              const now = peer.stats().streams.reduce((sum, stream) => sum + stream.packetsReceived, 0);
              const before = last.get(name) ?? now;
              last.set(name, now);
              heard.set(name, (heard.get(name) ?? 0) + (now < before ? now : now - before));
            }
            if (peers.every(({ name }) => (heard.get(name) ?? 0) >= more)) resolve();
            else if (performance.now() - started > limitMs) reject(new Error(`Heard ${JSON.stringify([...heard])}`));
            else setTimeout(look, 20);
          };
          look();
        }),
      [packets, WAIT_MS] as const,
    );
  }

  /**
   * Watches for how long nothing arrives of a peer, until the returned function is called: it resolves to the longest time
   * without a packet, ms, by the peer's name.
   */
  async watchStalls(): Promise<() => Promise<Readonly<Record<string, number>>>> {
    await this.page.evaluate(() => {
      const { antiphon } = globalThis as unknown as WithEngine;
      const seen = new Map<string, { packets: number; at: number }>();
      const longest: Record<string, number> = {};
      const timer = setInterval(() => {
        const now = performance.now();
        for (const peer of antiphon.room?.peers.values() ?? []) {
          const packets = peer.stats().streams.reduce((sum, stream) => sum + stream.packetsReceived, 0);
          const before = seen.get(peer.name);
          longest[peer.name] = Math.max(longest[peer.name] ?? 0, before === undefined ? 0 : now - before.at);
          if (before === undefined || packets !== before.packets) seen.set(peer.name, { packets, at: now });
        }
      }, 50);
      Object.assign(globalThis, { stallWatch: { timer, longest } });
    });
    return () =>
      this.page.evaluate(() => {
        const { stallWatch } = globalThis as unknown as {
          stallWatch: { timer: number; longest: Readonly<Record<string, number>> };
        };
        clearInterval(stallWatch.timer);
        return stallWatch.longest;
      });
  }

  /** Types of the local candidates that carry the open connections: "host", "srflx" or "relay". */
  async candidateTypes(): Promise<string[]> {
    return distinct((await this.#localCandidates()).map(({ type }) => type));
  }

  /** Addresses of the TURN servers that carry the open connections from this side. */
  async relayUrls(): Promise<string[]> {
    const relays = (await this.#localCandidates()).filter(({ type }) => type === "relay");
    return distinct(relays.map(({ url }) => url));
  }

  /** What carries each open connection from this side. */
  #localCandidates(): Promise<{ readonly type: string; readonly url: string }[]> {
    return this.page.evaluate(async () => {
      const { peerConnections } = globalThis as unknown as { peerConnections: readonly RTCPeerConnection[] };
      const found: { type: string; url: string }[] = [];
      for (const connection of peerConnections) {
        if (connection.connectionState !== "connected") continue;
        const stats = await connection.getStats();
        for (const report of stats.values()) {
          if (report.type === "transport" && report.selectedCandidatePairId !== undefined) {
            const local = stats.get(stats.get(report.selectedCandidatePairId).localCandidateId);
            found.push({ type: local.candidateType, url: local.url });
          }
        }
      }
      return found;
    });
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** Runs in the page before its own scripts: keeps a list of the connections it opens. */
function collectConnections(): void {
  const connections: RTCPeerConnection[] = [];
  Object.assign(globalThis, {
    peerConnections: connections,
    RTCPeerConnection: new Proxy(RTCPeerConnection, {
      construct(target, [configuration]) {
        const connection = new target(configuration);
        connections.push(connection);
        return connection;
      },
    }),
  });
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
