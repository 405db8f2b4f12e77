import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { type StaticHost, startStaticHost } from "../support/static-host.ts";

const isIsolated = (page: Page): Promise<boolean> => page.evaluate(() => crossOriginIsolated);

describe("the page on a static host that sends no headers", () => {
  let host: StaticHost;
  let browser: Browser;

  beforeAll(async () => {
    host = await startStaticHost();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    await host.close();
  });

  test("isolates itself, opens without the host, and offers a new version", async () => {
    const page = await browser.newPage();
    await page.goto(host.url);
    await page.waitForFunction(() => crossOriginIsolated, undefined, { timeout: 20_000 });

    await page.context().setOffline(true);
    await page.reload();
    await page.locator("antiphon-lobby-screen").waitFor();
    expect(await isIsolated(page)).toBe(true);

    await page.context().setOffline(false);
    host.publishNewVersion();
    await page.reload();
    const reload = page.getByRole("button", { name: "Reload" });
    await reload.waitFor({ timeout: 20_000 });
    await Promise.all([page.waitForEvent("load"), reload.click()]);
    await page.locator("antiphon-lobby-screen").waitFor();
    const waiting = await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting);
    expect(waiting).toBeNull();
    expect(await isIsolated(page)).toBe(true);
  });
});
