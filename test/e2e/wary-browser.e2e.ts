import type { CDPSession } from "playwright-core";
import { describe, expect, test } from "vitest";
import { visitBuiltPage } from "../support/built-page-visits.ts";

const KEY = "abcdefghijklmnop";

/** A name of this machine that browsers do not trust as they trust localhost. */
const INSECURE_HOST = "antiphon.test";

const visits = visitBuiltPage({
  switches: [
    `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
    "--autoplay-policy=document-user-activation-required",
  ],
});

/** What an expression gives on the page. What Playwright itself evaluates counts as a click; this does not. */
async function read(session: CDPSession, expression: string): Promise<unknown> {
  const { result } = await session.send("Runtime.evaluate", { expression, returnByValue: true });
  return result.value;
}

describe("a browser that is careful", () => {
  test("and gives insecure pages no microphone is told so, and the page stays usable", async () => {
    const page = await visits.open({ reducedMotion: "reduce" });
    const { port } = new URL(visits.url);
    await page.goto(`http://${INSECURE_HOST}:${port}/#/room/insecure&name=Ada&key=${KEY}`);
    const alert = page.getByRole("alert");
    await alert.getByText("This address is not secure, so the browser offers no microphone").waitFor();
    expect(await alert.textContent()).toContain("(insecure-context)");
    await page.getByRole("button", { name: "Allow the microphone" }).click();
    await page.getByRole("button", { name: "Join listen-only" }).click();
    await page.getByRole("button", { name: "Join listen-only" }).waitFor();
    await alert.getByText("Open the page over https://").waitFor();

    await page.locator("antiphon-tabs:visible").getByRole("link", { name: "Diagnostics" }).click();
    await page.getByRole("button", { name: "Test the connection" }).click();
    await page.locator("antiphon-connection-test").getByText("not secure").waitFor({ timeout: 40_000 });
  });

  test("and plays nothing before a click lets a link join by itself: the open microphone counts as one", async () => {
    const page = await visits.open({ reducedMotion: "reduce" });
    const session = await page.context().newCDPSession(page);
    await session.send("Page.navigate", { url: `${visits.url}/#/room/by-link&name=Ada&join&key=${KEY}` });
    await expect.poll(() => read(session, "globalThis.antiphon?.room?.state"), { timeout: 20_000 }).toBe("joined");
    await expect.poll(() => read(session, "antiphon.state")).toBe("running");
    expect(await read(session, "navigator.userActivation.hasBeenActive")).toBe(false);
    expect(await read(session, "antiphon.microphone !== undefined"), "the microphone is open").toBe(true);
  });
});
