import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "./built-page.ts";
import { launchChromium } from "./chromium.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "./speech-microphone.ts";

/** Longest wait for something on a visited page, ms. */
const WAIT_MS = 20_000;

/** Visits to the built page in one browser process, for a file of tests. */
export type BuiltPageVisits = {
  /** Where the page is served, without a trailing slash. Known once the tests run. */
  readonly url: string;
  /** The browser process, for pages that are opened another way. Known once the tests run. */
  readonly browser: Browser;
  /** An empty page of somebody new, who lets the microphone be used. It is closed after the test. */
  open(options?: BrowserContextOptions): Promise<Page>;
};

/** How to visit. */
export type BuiltPageVisitOptions = {
  /** Synthetic speech at the microphone, instead of beeps. */
  readonly speech?: { readonly seconds: number; readonly seed: number };
  /** Further command line switches of Chromium. */
  readonly switches?: readonly string[];
};

/** Serves the built page and starts Chromium for the tests of a file. */
export function visitBuiltPage({ speech, switches = [] }: BuiltPageVisitOptions = {}): BuiltPageVisits {
  let server: RunningServer;
  let browser: Browser;
  let microphone: SpeechMicrophone | undefined;
  let contexts: BrowserContext[] = [];

  beforeAll(async () => {
    server = await serveBuiltPage();
    microphone = speech && createSpeechMicrophone(speech);
    browser = await launchChromium({ switches, ...(microphone === undefined ? {} : { microphone: microphone.path }) });
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    microphone?.remove();
  });

  return {
    get url() {
      return server.url;
    },
    get browser() {
      return browser;
    },
    async open(options = {}) {
      const context = await browser.newContext({ permissions: ["microphone"], ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(WAIT_MS);
      return page;
    },
  };
}
