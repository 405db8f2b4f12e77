import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { VoiceEngine } from "../../src/engine/index.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { axeViolations } from "../support/axe.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { launchChromium } from "../support/chromium.ts";

let server: RunningServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = await serveBuiltPage();
  browser = await launchChromium();
  page = await (await browser.newContext({ permissions: ["microphone"], reducedMotion: "reduce" })).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(server.url);
  await page.locator("antiphon-tabs:visible").getByRole("link", { name: "Diagnostics", exact: true }).click();
  await page.getByRole("heading", { name: "Network lab" }).waitFor();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

const lab = () => page.locator("antiphon-network-lab");

/** The number that stands under a heading of the lab's figures; NaN while there is none. */
const figure = async (name: string): Promise<number> => {
  const text = await page.locator("antiphon-network-lab-figures dd").allTextContents();
  const names = await page.locator("antiphon-network-lab-figures dt").allTextContents();
  return Number.parseFloat(text[names.indexOf(name)] ?? "");
};

const streams = (): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { antiphon: VoiceEngine }).antiphon.streams.length);

describe("the network lab", () => {
  test("lets hear what 20 % loss does, what a protection does about it, and ends", { timeout: 120_000 }, async () => {
    await lab().getByText("50 ± 10 ms · 20 % lost in bursts of 3.").waitFor();
    await lab().getByLabel("Protection").selectOption("none");
    await lab().getByRole("button", { name: "Listen" }).click();
    await expect.poll(() => figure("Concealed now"), { timeout: 30_000 }).toBeGreaterThan(3);
    await expect.poll(() => figure("Lost in the network"), { timeout: 30_000 }).toBeGreaterThan(8);
    expect(await figure("On the wire")).toBeGreaterThan(10);
    expect(await axeViolations(page)).toEqual([]);

    await lab().getByLabel("Protection").selectOption("red3");
    await expect.poll(() => figure("Brought back"), { timeout: 30_000 }).toBeGreaterThan(5);
    await lab().getByText("2× RED").or(lab().getByText("3× RED")).first().waitFor();

    await lab().getByText("Own values").click();
    await lab().getByRole("slider", { name: "Loss" }).fill("0");
    await lab().getByText("50 ± 10 ms · nothing lost.").waitFor();
    expect(await lab().getByLabel("Network").inputValue()).toBe("own");
    await expect.poll(() => figure("Concealed now"), { timeout: 30_000 }).toBeLessThan(1);

    expect(await streams()).toBe(1);
    await lab().getByRole("button", { name: "Stop" }).click();
    await lab().getByRole("button", { name: "Listen" }).waitFor();
    expect(await page.locator("antiphon-network-lab-figures").count()).toBe(0);
    await expect.poll(streams).toBe(0);
  });

  test("plays the microphone, and ends when the screen is left", async () => {
    await lab().getByLabel("What you hear").selectOption("microphone");
    await lab().getByText("Use headphones").waitFor();
    await lab().getByRole("button", { name: "Listen" }).click();
    await expect.poll(() => figure("Jitter buffer"), { timeout: 30_000 }).toBeGreaterThan(0);
    const isEchoing = (): Promise<boolean> =>
      page.evaluate(() => (globalThis as unknown as { antiphon: VoiceEngine }).antiphon.soundCheck.echo !== undefined);
    expect(await isEchoing()).toBe(true);
    await page.locator("antiphon-tabs:visible").getByRole("link", { name: "Mixer", exact: true }).click();
    await expect.poll(isEchoing).toBe(false);
  });
});
