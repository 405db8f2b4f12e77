/**
 * `npm run screenshots [-- FOLDER] [--only NAME,…] [--themes …] [--widths …] [--readme]`: photographs every screen and state of the built page, in a
 * real call, in both themes and three widths, into FOLDER (dist/screenshots). Each picture is as tall as the screen's content.
 * The options keep the named scenes, themes and widths; `--readme` writes the few that README shows into docs/pictures instead.
 * The last line says how many pictures were made.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, URL } from "node:url";
import { parseArgs } from "node:util";
import { serveBuiltPage } from "../test/support/built-page.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { keepFunctionNames } from "../test/support/keep-function-names.ts";
import { createSpeechMicrophone } from "../test/support/speech-microphone.ts";
import { buildPageWhenStale } from "./page-build.mjs";
import { sceneNames, scenes } from "./screenshots/scenes.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WIDTHS = [1440, 768, 360];
const THEMES = ["dark", "light"];

/** Window heights by width, CSS pixels; screens that are longer are photographed in full, up to the tallest. */
const HEIGHTS = { 1440: 900, 768: 1024, 360: 740 };
const TALLEST = 4000;

/** What README shows: scene, theme and width. */
const README_PICTURES = [
  { scene: "call", theme: "dark", width: 1280, height: 800 },
  { scene: "studio", theme: "light", width: 1280, height: 800 },
  { scene: "diagnostics", theme: "dark", width: 1280, height: 800 },
  { scene: "notes", theme: "light", width: 390, height: 780 },
  { scene: "mixer", theme: "dark", width: 390, height: 780 },
];

/** A name of this machine that browsers do not trust as they trust localhost. */
const INSECURE_HOST = "antiphon.test";

/** Time for a resized screen to be laid out and drawn again, ms. */
const SETTLE_MS = 350;

/** Height at which the screen shows all of its content without scrolling. */
const contentHeight = () => {
  const app = document.querySelector("antiphon-app");
  const main = app?.shadowRoot?.querySelector("main");
  return main ? innerHeight + main.scrollHeight - main.clientHeight : innerHeight;
};

async function setView(page, { theme, width, height }) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height });
  // The page moves under a pointer that stays: nothing should look hovered.
  await page.mouse.move(0, height / 2);
  await page.waitForTimeout(SETTLE_MS);
}

async function photographAll(page, folder, name, { themes, widths }) {
  let count = 0;
  for (const theme of themes) {
    for (const width of widths) {
      const height = HEIGHTS[width];
      await setView(page, { theme, width, height });
      const whole = Math.min(TALLEST, await page.evaluate(contentHeight));
      if (whole > height) await setView(page, { theme, width, height: whole });
      await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) });
      count += 1;
    }
  }
  await setView(page, { theme: "dark", width: 1440, height: HEIGHTS[1440] });
  return count;
}

/** WebP keeps a picture of text at a tenth of its PNG. */
async function photographForReadme(page, folder, name) {
  let count = 0;
  for (const { scene, ...view } of README_PICTURES) {
    if (scene !== name) continue;
    await setView(page, view);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 82 });
    await session.detach();
    writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, "base64"));
    count += 1;
  }
  await setView(page, { theme: "dark", width: 1440, height: HEIGHTS[1440] });
  return count;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string" },
      themes: { type: "string", default: THEMES.join() },
      widths: { type: "string", default: WIDTHS.join() },
      readme: { type: "boolean", default: false },
    },
  });
  const folder = values.readme ? join(ROOT, "docs", "pictures") : (positionals[0] ?? join(ROOT, "dist", "screenshots"));
  const asked = values.only?.split(",") ?? (values.readme ? README_PICTURES.map(({ scene }) => scene) : sceneNames);
  const unknown = asked.filter((name) => !sceneNames.includes(name));
  if (unknown.length > 0) throw new Error(`There is no scene ${unknown.join()}: choose among ${sceneNames.join()}`);
  const views = {
    themes: THEMES.filter((theme) => values.themes.split(",").includes(theme)),
    widths: WIDTHS.filter((width) => values.widths.split(",").includes(String(width))),
  };
  mkdirSync(folder, { recursive: true });
  await buildPageWhenStale(ROOT, (line) => process.stderr.write(`${line}\n`));
  const server = await serveBuiltPage();
  const speech = createSpeechMicrophone({ seconds: 20, seed: 3 });
  const browser = await launchChromium({
    microphone: speech.path,
    switches: [`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`],
  });
  let count = 0;
  const contexts = [];
  const open = async (options = {}) => {
    const context = await browser.newContext({
      permissions: ["microphone"],
      reducedMotion: "reduce",
      colorScheme: "dark",
      viewport: { width: 1440, height: HEIGHTS[1440] },
      ...options,
    });
    contexts.push(context);
    await keepFunctionNames(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return page;
  };
  const photograph = async (page, name) => {
    if (!asked.includes(name)) return;
    process.stderr.write(`${name}\n`);
    count += await (values.readme ? photographForReadme : photographAll)(page, folder, name, views);
  };
  const closePages = async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  };
  try {
    await scenes({
      url: server.url,
      insecureUrl: server.url.replace("localhost", INSECURE_HOST),
      open,
      closePages,
      wants: (name) => asked.includes(name),
      photograph,
    });
  } finally {
    await browser.close();
    await server.close();
    speech.remove();
  }
  process.stdout.write(`${count} pictures in ${folder}\n`);
}

await main();
process.exit(0);
