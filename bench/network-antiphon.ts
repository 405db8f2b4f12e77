import type { Browser, Page } from "playwright-core";
import type { EngineStatistics, SettingsPatch, VoiceEngine } from "../src/engine/index.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { paintSeldom } from "../test/support/paint-seldom.ts";
import { relayCandidates } from "../test/support/relayed-candidates.ts";
import type { RelaySide } from "../test/support/udp-relay.ts";
import { CALL_SWITCHES, type NetworkCall, type NetworkCallOptions } from "./network-call.ts";
import { tapPages } from "./network-taps.ts";

/** Nothing changes the signal or gates it: what is heard can be compared with what was said. The native call does the same. */
const TRANSPARENT: SettingsPatch = {
  capture: {
    highPass: { isEnabled: false },
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
  },
  input: { echoCancellation: false },
};

const WAIT_MS = 30_000;

/** The page's engine, as the page exposes it. */
type WithEngine = { readonly antiphon: VoiceEngine };

/** How the engine runs besides its defaults. */
export type AntiphonCallOptions = NetworkCallOptions & {
  /** Loads the neural codec on both sides: DRED and deep concealment. */
  readonly neural: boolean;
};

/** Opens a call of two members in a room of the page served at `url`, each in a browser process of its own. */
export async function openAntiphonCall(url: string, options: AntiphonCallOptions): Promise<NetworkCall> {
  const browsers: Browser[] = [];
  const open = async (side: RelaySide): Promise<Page> => {
    const browser = await launchChromium({ microphone: options.microphones[side], switches: CALL_SWITCHES });
    browsers.push(browser);
    const context = await browser.newContext({ permissions: ["microphone"], bypassCSP: true });
    await tapPages(context);
    await paintSeldom(context);
    await relayCandidates(context, options.relay, side);
    const page = await context.newPage();
    await page.goto(`${url}/#/room/network-bench&name=${side}&join`);
    await page.waitForFunction(() => "antiphon" in globalThis, undefined, { timeout: WAIT_MS });
    await page.evaluate(
      async ([settings, neural]) => {
        const { antiphon } = globalThis as unknown as WithEngine;
        antiphon.configure(settings);
        if (neural) await antiphon.loadNeural();
      },
      [TRANSPARENT, options.neural] as const,
    );
    return page;
  };
  const close = async (): Promise<void> => {
    await Promise.all(browsers.map((browser) => browser.close()));
  };
  try {
    const near = await open("near");
    const far = await open("far");
    await Promise.all([untilStanding(near), untilStanding(far)]);
    await Promise.all([noteTimeline(near), noteTimeline(far)]);
    return {
      near,
      far,
      close,
      counts: async (page) => {
        const streams = (await statistics(page)).peers.flatMap((peer) => peer.streams);
        const sum = (value: (stream: (typeof streams)[number]) => number): number =>
          streams.reduce((total, stream) => total + value(stream), 0);
        return {
          concealedSamples: sum((stream) => stream.concealedSamples),
          silentConcealedSamples: sum((stream) => stream.silentConcealedSamples),
          totalSamples: sum((stream) => stream.totalSamplesReceived),
        };
      },
      details: async () => ({ near: await detailsOf(near), far: await detailsOf(far) }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function statistics(page: Page): Promise<EngineStatistics> {
  return page.evaluate(() => (globalThis as unknown as WithEngine).antiphon.statistics());
}

/** How what is heard fares, as the page keeps it from now on, twice a second. */
type WithTimeline = { timeline: unknown[] };

async function noteTimeline(page: Page): Promise<void> {
  await page.evaluate(() => {
    const window = globalThis as unknown as WithEngine & WithTimeline;
    window.timeline = [];
    setInterval(() => {
      const stream = window.antiphon.statistics().peers[0]?.streams[0];
      if (stream === undefined) return;
      const { targetDelayMs, currentDelayMs, concealedSamples, packetsDiscarded } = stream;
      window.timeline.push({ at: Date.now(), targetDelayMs, currentDelayMs, concealedSamples, packetsDiscarded });
    }, 500);
  });
}

/** Statistics, and what the controllers decided and why. */
function detailsOf(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const { antiphon, timeline } = globalThis as unknown as WithEngine & WithTimeline;
    return { statistics: antiphon.statistics(), decisions: antiphon.decisions.entries, timeline };
  });
}

/** Resolves when a peer is connected, its audio arrives, and the spare connections of the call are made. */
async function untilStanding(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const { antiphon } = globalThis as unknown as WithEngine;
      return antiphon.statistics().peers.some(({ streams, link }) => {
        const isHeard = streams.some((stream) => stream.packetsReceived > 0);
        return isHeard && (link?.channels ?? 0) > 1;
      });
    },
    undefined,
    { timeout: WAIT_MS },
  );
}
