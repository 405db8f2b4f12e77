/**
 * `npm run screenshots [-- FOLDER]`: photographs every screen of the built page, in a real call, in both themes and three
 * widths, into FOLDER (dist/screenshots). The last line says how many pictures were made.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveBuiltPage } from "../test/support/built-page.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { buildPageWhenStale } from "./page-build.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WIDTHS = [1440, 768, 360];
const THEMES = ["dark", "light"];
const SCREENS = ["studio", "mixer", "notes", "diagnostics", "benchmark"];
const KEY = "abcdefghijklmnop";

/** Time for a screen to load and its figures to fill, ms. */
const SETTLE_MS = 2500;

let count = 0;

async function photograph(page, folder, name) {
  for (const colorScheme of THEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      count += 1;
    }
  }
}

const goTo = (page, screen) =>
  page.evaluate((name) => {
    const tabs = document.querySelector("antiphon-app")?.shadowRoot?.querySelector("antiphon-tabs");
    location.hash = tabs.addressOf(name);
  }, screen);

async function main() {
  const folder = process.argv[2] ?? join(ROOT, "dist", "screenshots");
  mkdirSync(folder, { recursive: true });
  await buildPageWhenStale(ROOT, (line) => process.stderr.write(`${line}\n`));
  const server = await serveBuiltPage();
  const browser = await launchChromium();
  try {
    const open = async () => (await browser.newContext({ permissions: ["microphone"] })).newPage();
    const address = (name, joins) => `${server.url}/#/room/stand-up&name=${name}${joins ? "&join" : ""}&key=${KEY}`;
    const page = await open();
    await page.goto(address("Ada%20Lovelace", false));
    await page.getByRole("button", { name: "Allow the microphone" }).click();
    await page.getByRole("meter", { name: "Microphone level" }).waitFor();
    await photograph(page, folder, "lobby");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByText("Nobody else is here yet.").waitFor();
    await photograph(page, folder, "empty-room");
    for (const name of ["Grace Hopper", "Radia Perlman", "Margaret Hamilton"]) {
      const other = await open();
      await other.goto(address(encodeURIComponent(name), true));
      await page.getByRole("article", { name }).waitFor({ timeout: 30_000 });
    }
    await page.waitForTimeout(SETTLE_MS);
    await photograph(page, folder, "call");
    for (const screen of SCREENS) {
      await goTo(page, screen);
      await page.waitForTimeout(SETTLE_MS);
      await photograph(page, folder, screen);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await photograph(page, folder, "shortcuts");
  } finally {
    await browser.close();
    await server.close();
  }
  process.stdout.write(`${count} pictures in ${folder}\n`);
}

await main();
process.exit(0);
