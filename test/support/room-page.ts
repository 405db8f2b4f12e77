import type { Browser, BrowserContext, Page } from "playwright-core";
import type { EngineStatistics, SettingsPatch, VoiceEngine } from "../../src/engine/index.ts";
import { launchChromium } from "./chromium.ts";
import { recordOutputs } from "./output-recorder.ts";

/** Longest wait for a page to be in a room, or to hear its peers, ms. */
const WAIT_MS = 30_000;

/** Who opens the page, and how. */
export type RoomPageOptions = {
  /** Where the page is served, without a trailing slash. */
  readonly url: string;
  readonly room: string;
  readonly name: string;
  /** Secret of the room's link. */
  readonly secret?: string;
  /** WAV file that the synthetic microphone plays. */
  readonly microphone?: string;
  /** Records what the page puts out, for `takeRecording`. */
  readonly records?: boolean;
  /** Applied before the room is joined. */
  readonly settings?: SettingsPatch;
  /** Whether the device has a touch screen. */
  readonly hasTouch?: boolean;
  /** Further command line switches of the browser. */
  readonly switches?: readonly string[];
};

/** One person: a browser process of their own with the built page open and in the room. */
export type RoomPage = {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Uncaught errors and console errors of the page so far. */
  readonly errors: readonly string[];
  statistics(): Promise<EngineStatistics>;
  /** Resolves when `count` peers are connected and audio of each has been received. Rejects after 30 s. */
  waitForPeers(count: number): Promise<void>;
  close(): Promise<void>;
};

/** Opens the page in a new Chromium process and joins by the link alone, as somebody invited would. */
export async function openRoomPage(options: RoomPageOptions): Promise<RoomPage> {
  const browser = await launchChromium({
    ...(options.microphone === undefined ? {} : { microphone: options.microphone }),
    ...(options.switches === undefined ? {} : { switches: options.switches }),
  });
  try {
    return await join(browser, options);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function join(browser: Browser, options: RoomPageOptions): Promise<RoomPage> {
  const context = await browser.newContext({
    permissions: ["microphone"],
    bypassCSP: options.records === true,
    hasTouch: options.hasTouch === true,
  });
  if (options.records === true) await recordOutputs(context);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  const secret = options.secret === undefined ? "" : `&key=${options.secret}`;
  await page.goto(`${options.url}/#/room/${options.room}&name=${options.name}&join${secret}`);
  await page.waitForFunction(() => (globalThis as { antiphon?: VoiceEngine }).antiphon !== undefined, undefined, {
    timeout: WAIT_MS,
  });
  if (options.settings !== undefined) {
    await page.evaluate((patch) => {
      (globalThis as unknown as { antiphon: VoiceEngine }).antiphon.configure(patch);
    }, options.settings);
  }
  const statistics = (): Promise<EngineStatistics> =>
    page.evaluate(() => (globalThis as unknown as { antiphon: VoiceEngine }).antiphon.statistics());
  return {
    browser,
    context,
    page,
    errors,
    statistics,
    async waitForPeers(count) {
      await page.waitForFunction(
        (wanted) => {
          const { antiphon } = globalThis as { antiphon?: VoiceEngine };
          const peers = antiphon?.statistics().peers ?? [];
          const heard = peers.filter(
            (peer) => peer.connectionState === "connected" && peer.streams.some((stream) => stream.packetsReceived > 0),
          );
          return heard.length >= wanted;
        },
        count,
        { timeout: WAIT_MS },
      );
    },
    close: () => browser.close(),
  };
}
