import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../test/support/chromium.ts";
import { keepFunctionNames } from "../test/support/keep-function-names.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { serveCurrentPage } from "./browser/serve-current-page.ts";
import { formatTable } from "./format-table.ts";

/** What the page may cost: the limits of docs and of the issue that asks for this bench. */
const LIMITS = { transferKb: 350, interactiveMs: 1000, longTasks: 0, fps: 60 } as const;

/** People on the screen while the frame rate is measured. */
const TILES = 8;

/** A first visit is over when nothing was loaded for this long, ms. */
const QUIET_MS = 1500;

type FirstLoad = { readonly transferKb: number; readonly interactiveMs: number };
type DuringCall = { readonly longTasks: number; readonly longestTaskMs: number; readonly fps: number };

/**
 * The cost of the page: bytes of the first visit (as sent, brotli; what loads later or in the service worker is not in it),
 * time until the lobby can be used, and, during a real call, long tasks and the frame rate with eight tiles on the screen.
 * The tiles beyond the one of the other member show synthetic levels; the machine draws without a GPU.
 */
export async function run({ quick, progress }: BenchOptions): Promise<BenchResult> {
  const server = await serveCurrentPage(progress);
  const browser = await launchChromium();
  try {
    const rounds = quick ? 2 : 5;
    const loads: FirstLoad[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`first visit ${round + 1} of ${rounds}`);
      loads.push(await measureFirstLoad(browser, server.url));
    }
    progress("call with eight tiles");
    const call = await measureCall(browser, server.url, quick ? 5 : 20);
    const interactive = loads.map(({ interactiveMs }) => interactiveMs).sort((a, b) => a - b);
    const json = {
      transferKb: round1(Math.max(...loads.map(({ transferKb }) => transferKb))),
      interactiveMs: Math.round(interactive[interactive.length >> 1] ?? 0),
      longTasks: call.longTasks,
      longestTaskMs: Math.round(call.longestTaskMs),
      fps: round1(call.fps),
      tiles: TILES,
      limits: LIMITS,
    };
    const table = formatTable(
      "Cost of the page",
      ["what", "measured", "limit"],
      [
        ["first visit, kB as sent", String(json.transferKb), `<= ${LIMITS.transferKb}`],
        ["lobby usable after, ms", String(json.interactiveMs), `<= ${LIMITS.interactiveMs}`],
        [
          "tasks over 50 ms in a call",
          `${json.longTasks} (longest ${json.longestTaskMs} ms)`,
          String(LIMITS.longTasks),
        ],
        [`frames per second, ${TILES} tiles`, String(json.fps), String(LIMITS.fps)],
      ],
    );
    return { json, table };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measureFirstLoad(browser: Browser, url: string): Promise<FirstLoad> {
  const context = await browser.newContext();
  try {
    await keepFunctionNames(context);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    let lastAt = performance.now();
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      lastAt = performance.now();
    });
    await page.addInitScript(watchForJoinButton);
    await page.goto(url);
    await page.waitForFunction(() => "interactiveAt" in globalThis);
    while (performance.now() - lastAt < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const interactiveMs = await page.evaluate(() => Number(Reflect.get(globalThis, "interactiveAt")));
    return { transferKb: bytes / 1000, interactiveMs };
  } finally {
    await context.close();
  }
}

/** Runs in the page before its own code: notes when the button that joins can be pressed. */
function watchForJoinButton(): void {
  const look = (): void => {
    const lobby = document.querySelector("antiphon-app")?.shadowRoot?.querySelector("antiphon-lobby-screen");
    if (lobby?.shadowRoot?.querySelector("button[type=submit]") instanceof HTMLButtonElement) {
      Reflect.set(globalThis, "interactiveAt", performance.now());
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

async function measureCall(browser: Browser, url: string, seconds: number): Promise<DuringCall> {
  const contexts = await Promise.all(
    [1280, 400].map((width) => browser.newContext({ viewport: { width, height: 900 }, permissions: ["microphone"] })),
  );
  try {
    const pages: Page[] = [];
    for (const [index, context] of contexts.entries()) {
      await keepFunctionNames(context);
      const page = await context.newPage();
      await page.goto(`${url}/#/room/bench&name=Member${index}&join&key=abcdefghijklmnop`);
      pages.push(page);
    }
    const [page] = pages;
    if (page === undefined) throw new Error("The bench has opened no page");
    await page.getByRole("article", { name: "Member1" }).waitFor({ timeout: 30_000 });
    await page.evaluate(addTiles, TILES - 1);
    await page.waitForTimeout(3000);
    return await page.evaluate(watchFrames, seconds);
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
  }
}

/** Runs in the page: more people on the Call screen, with levels that move. */
function addTiles(count: number): void {
  const app = document.querySelector("antiphon-app");
  const tiles = app?.shadowRoot?.querySelector("antiphon-call-screen")?.shadowRoot?.querySelector(".tiles");
  for (let index = 0; index < count; index++) {
    const tile = document.createElement("antiphon-peer-tile");
    const levels = (into: { peakDb: number; rmsDb: number }): object => {
      into.peakDb = -30 + 20 * Math.sin(performance.now() / (200 + 20 * index));
      into.rmsDb = into.peakDb - 9;
      return into;
    };
    const peer = {
      id: `tile-${index}`,
      name: `Tile ${index}`,
      sas: "",
      isSpeaking: true,
      isMuted: false,
      connectionState: "connected",
      gainDb: 0,
      levels,
      stats: () => ({ streams: [], roundTripTimeMs: 12 + index, link: undefined }),
    };
    Object.assign(tile, { peer, session: Reflect.get(app ?? {}, "session") });
    tiles?.append(tile);
  }
}

/** Runs in the page: counts frames and tasks over 50 ms. */
async function watchFrames(seconds: number): Promise<DuringCall> {
  let longTasks = 0;
  let longestTaskMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      longTasks += 1;
      longestTaskMs = Math.max(longestTaskMs, duration);
    }
  });
  observer.observe({ entryTypes: ["longtask"] });
  const started = performance.now();
  let frames = 0;
  await new Promise<void>((resolve) => {
    const frame = (): void => {
      frames += 1;
      if (performance.now() - started < seconds * 1000) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  observer.disconnect();
  return { longTasks, longestTaskMs, fps: (1000 * frames) / (performance.now() - started) };
}

const round1 = (value: number): number => Math.round(value * 10) / 10;
