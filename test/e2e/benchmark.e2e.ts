import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LatencyRun, type MeasuredLatency, parseLatencyRun, type VoiceEngine } from "../../src/engine/index.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { axeViolations } from "../support/axe.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { launchChromium } from "../support/chromium.ts";

/** A quick run with what a busy machine adds to it, ms. */
const RUN_MS = 150_000;

let server: RunningServer;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  server = await serveBuiltPage();
  browser = await launchChromium();
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await server.close();
});

async function openBenchmark(script?: () => void): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (script !== undefined) await page.addInitScript(script);
  await page.goto(server.url);
  await page.locator("antiphon-tabs:visible").getByRole("link", { name: "Benchmark", exact: true }).click();
  await page.getByText("No results yet.").waitFor();
  return page;
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" });

const status = (page: Page) => page.locator("antiphon-bench-progress").getByRole("status");

const share = (page: Page, name: string): Promise<number> =>
  page.getByRole("progressbar", { name }).evaluate((bar) => (bar as HTMLProgressElement).value);

/** Texts of the table's cells, row by row. */
const figures = (page: Page): Promise<readonly string[]> =>
  page.locator("antiphon-latency-heatmap td button").allInnerTexts();

/** Makes the page believe that its tab is hidden, or shown again. A page under automation always counts as visible. */
async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

async function exported(page: Page, name: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  return readFile(await download.path());
}

async function imported(page: Page, text: string): Promise<void> {
  const file = { name: "run.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await page.locator("antiphon-benchmark-screen input[type=file]").setInputFiles(file);
}

/** A run an hour later in which the engine's 10 ms frames play well and its 2.5 ms frames do not. */
function laterRun(run: LatencyRun): LatencyRun {
  const cells = run.cells.map((result) => {
    if (result.status !== "measured" || result.cell.path !== "antiphon") return result;
    const isShort = "frameMs" in result.cell.chunk && result.cell.chunk.frameMs < 10;
    const delay = result.delay && { ...result.delay, p50: result.delay.p50 * 2 };
    const sound = { underruns: 0, latePercent: 0, concealedPercent: 0, chirps: { ...result.chirps, lost: 0 } };
    return { ...result, ...sound, delay, underruns: isShort ? 3 : 0 } satisfies MeasuredLatency;
  });
  return { ...run, cells, startedAt: new Date(Date.parse(run.startedAt) + 3_600_000).toISOString() };
}

describe("the benchmark screen", () => {
  test("measures, holds, exports, takes back, compares and applies", { timeout: RUN_MS + 60_000 }, async () => {
    const page = await openBenchmark();
    await page.getByText(/5 cells, about \d+ s/).waitFor();
    await button(page, "Start").click();
    await page.getByText(/\d+ % · .+ to go/).waitFor();
    await expect.poll(() => share(page, "Present cell"), { timeout: 20_000 }).toBeGreaterThan(0.1);
    expect(await button(page, "Start").isDisabled()).toBe(true);

    await hide(page, true);
    await status(page).getByText("Waiting: the tab is hidden").waitFor();
    await expect.poll(() => share(page, "Present cell")).toBe(0);
    await hide(page, false);
    await status(page).getByText("Browser's WebRTC, ").waitFor();

    await button(page, "Pause").click();
    await status(page).getByText("Paused.").waitFor();
    await expect.poll(() => share(page, "Present cell")).toBe(0);
    const held = await share(page, "Whole run");
    await hide(page, true);
    await hide(page, false);
    await status(page).getByText("Paused.").waitFor();
    expect(await share(page, "Whole run"), "while paused").toBe(held);
    await button(page, "Resume").click();

    await page.locator("antiphon-latency-heatmap td button").first().waitFor({ timeout: 60_000 });
    expect(await page.locator("antiphon-latency-heatmap .waiting").count(), "cells to come").toBeGreaterThan(0);
    await expect.poll(() => share(page, "Whole run"), { timeout: RUN_MS }).toBeGreaterThan(held);
    await page.locator("antiphon-bench-progress").waitFor({ state: "detached", timeout: RUN_MS });

    const measured = await figures(page);
    expect(measured).toHaveLength(5);
    for (const figure of measured) expect(Number(figure), figure).toBeGreaterThan(0);
    await page.locator("antiphon-latency-heatmap td button").last().click();
    await page.getByRole("img", { name: /^Histogram of \d+ delays$/ }).waitFor();
    await page.getByRole("heading", { name: "Where the time goes" }).waitFor();
    await page.getByRole("img", { name: /^Median latency against chunk length/ }).waitFor();
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await axeViolations(page), `results, ${colorScheme}`).toEqual([]);
    }

    const json = (await exported(page, "JSON")).toString();
    const run = parseLatencyRun(json);
    expect(run.isComplete).toBe(true);
    expect(run.selfTestErrorMs).toBeLessThanOrEqual(0.1);
    expect((await exported(page, "CSV")).toString().trim().split("\r\n")).toHaveLength(6);
    expect((await exported(page, "Markdown")).toString()).toContain("| antiphon | 10 ms | 48000 | auto |");
    expect((await exported(page, "PNG")).subarray(1, 4).toString()).toBe("PNG");

    await button(page, "Delete").click();
    await page.getByText("No results yet.").waitFor();
    await imported(page, "{}");
    await page.getByText("Cannot read the latency run").first().waitFor();
    await imported(page, json);
    await expect.poll(() => figures(page)).toEqual(measured);

    await imported(page, JSON.stringify(laterRun(run)));
    await page.getByLabel("Compare with").selectOption({ index: 1 });
    const compared = page.locator("antiphon-run-comparison tbody tr");
    await expect.poll(() => compared.count()).toBe(5);
    await compared.filter({ hasText: "Antiphon call, 10 ms" }).getByText("(+100 %)").waitFor();

    await page.getByText(/10 ms frames at 48000 Hz/).waitFor();
    await button(page, "Apply").click();
    const settings = (): Promise<unknown> =>
      page.evaluate(() => {
        const { encoder, jitterBuffer } = (globalThis as unknown as { antiphon: VoiceEngine }).antiphon.settings;
        return [encoder.frameDuration, jitterBuffer.mode];
      });
    await expect.poll(settings).toEqual([10, "auto"]);
    const applied = page.locator("antiphon-notices .notice").filter({ hasText: "recommended setting" });
    await applied.getByRole("button", { name: "Undo" }).click();
    await expect.poll(settings).toEqual([20, "auto"]);

    await page.reload();
    await page.locator("antiphon-latency-heatmap td button").first().waitFor();
    expect(await figures(page), "after reloading").toHaveLength(5);
  });

  test("keeps what was measured before it is cancelled, and says what a browser cannot do", {
    timeout: 120_000,
  }, async () => {
    // As browsers do that offer no choice of render quantum and refuse a rate.
    const page = await openBenchmark(() => {
      const Real = globalThis.AudioContext;
      globalThis.AudioContext = class extends Real {
        constructor({ renderSizeHint: _, ...options }: AudioContextOptions & { renderSizeHint?: number } = {}) {
          if (options.sampleRate === 96_000) throw new DOMException("refused by the test", "NotSupportedError");
          super(options);
        }
      };
    });
    await button(page, /^Custom/).click();
    const toggle = async (group: string, names: readonly string[]): Promise<void> => {
      const buttons = page.getByRole("group", { name: group, exact: true });
      for (const name of names) await buttons.getByRole("button", { name, exact: true }).click();
    };
    await toggle("Path", ["Antiphon call", "Browser's WebRTC"]);
    await page.getByText("Nothing is chosen").waitFor();
    expect(await button(page, "Start").isDisabled()).toBe(true);
    await toggle("Path", ["Worklet only"]);
    await toggle("Chunk", ["2.5 ms", "5 ms", "20 ms", "40 ms", "60 ms", "64 frames"]);
    await toggle("Sample rate", ["96 kHz"]);
    await toggle("Measure", ["Effects on speech, bitrate and load"]);
    await page.getByText(/4 cells, about/).waitFor();
    await button(page, "Start").click();
    await page.getByText("n/a").first().waitFor({ timeout: 60_000 });
    await page.locator("antiphon-bench-progress").waitFor({ state: "detached", timeout: 60_000 });
    const [ms10, quantum, ...refused] = await figures(page);
    expect(Number(ms10)).toBeGreaterThan(0);
    expect([quantum, ...refused]).toEqual(["n/a", "n/a", "n/a"]);
    await page.locator("antiphon-latency-heatmap td button").nth(1).click();
    await page.getByText("This browser renders 128 frames at a time, not 64").waitFor();
    await page.locator("antiphon-latency-heatmap td button").last().click();
    await page.getByText("No AudioContext at 96000 Hz: refused by the test").waitFor();
    const run = parseLatencyRun((await exported(page, "JSON")).toString());
    expect(run.cells.map(({ status: outcome }) => outcome)).toEqual([
      "measured",
      "unsupported",
      "unsupported",
      "unsupported",
    ]);
    await page.getByText("No setting to recommend").waitFor();

    await toggle("Chunk", ["20 ms"]);
    await page.getByText(/6 cells, about/).waitFor();
    await button(page, "Start").click();
    await expect.poll(() => figures(page), { timeout: 60_000 }).toHaveLength(1);
    await button(page, "Cancel, keep results").click();
    await page.locator("antiphon-bench-progress").waitFor({ state: "detached" });
    const partial = parseLatencyRun((await exported(page, "JSON")).toString());
    expect(partial.isComplete).toBe(false);
    expect(partial.cells.map(({ cell }) => cell.chunk)).toEqual([{ frameMs: 10 }]);
    await expect
      .poll(() => page.locator('antiphon-choice[label="Run"] option:checked').textContent())
      .toContain("cancelled");
  });
});
