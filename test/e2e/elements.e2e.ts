import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axeViolations } from "../support/axe.ts";
import { visitBuiltPage } from "../support/built-page-visits.ts";

const visits = visitBuiltPage({ speech: { seconds: 20, seed: 6 } });

/** An example page of docs/examples as built, opened by somebody new. `prepare` runs before it is loaded. */
async function openExample(example: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await visits.open({ serviceWorkers: "block" });
  await prepare?.(page);
  await page.goto(`${visits.url}/docs/examples/${example}/index.html`);
  return page;
}

/** Notes every documented event of an element in `globalThis.told`. */
const listen = (page: Page, tag: string, events: readonly string[]): Promise<unknown> =>
  page.evaluate(
    `globalThis.told = [];
     for (const type of ${JSON.stringify(events)})
       document.querySelector("${tag}").addEventListener(type, (event) =>
         globalThis.told.push([type, event instanceof CustomEvent ? Object.keys(event.detail).join() : "no detail"].join(" ")));`,
  );

const told = (page: Page): Promise<readonly string[]> => page.evaluate("globalThis.told");

describe("the example page with a room", () => {
  const state = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });
  const events = ["joined", "left", "peer-joined", "peer-left", "failed"];

  test("lets two people meet, tells the page around it, and looks as that page wants", async () => {
    const page = await openExample("room");
    await listen(page, "antiphon-room", events);
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await state(page, "You are in garden-club.").waitFor();
    const other = await openExample("room");
    await other.getByLabel("Your name").fill("Rose");
    await other.getByRole("button", { name: "Join", exact: true }).click();
    await state(page, "Rose is here.").waitFor();
    await page.getByRole("article", { name: "Rose" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await other.getByRole("button", { name: "Leave" }).click();
    await state(page, "Rose has gone.").waitFor();
    await page.getByRole("button", { name: "Leave" }).click();
    await state(page, "You have left.").waitFor();
    expect(await told(page)).toEqual(["joined name", "peer-joined peer", "peer-left peer,reason", "left "]);
    const accent = await page
      .getByRole("button", { name: "Join", exact: true })
      .evaluate((button) => getComputedStyle(button).getPropertyValue("--antiphon-accent"));
    expect(accent).toContain("#7a3bb8");
  });

  test("leaves the room when the element is taken off the page, and joins again elsewhere", async () => {
    const page = await openExample("room");
    await listen(page, "antiphon-room", events);
    await page.evaluate(`document.querySelector("antiphon-room").join({ isListenOnly: true })`);
    await state(page, "You are in garden-club.").waitFor();
    await page.evaluate(`document.body.append(document.querySelector("antiphon-room"))`);
    await state(page, "You have left.").waitFor();
    await page.getByRole("button", { name: "Join listen-only" }).click();
    await state(page, "You are in garden-club.").waitFor();
    await page.evaluate(`document.querySelector("antiphon-room").setAttribute("name", "rose-club")`);
    await state(page, "You have left.").waitFor();
    await page.getByRole("button", { name: "Join listen-only" }).click();
    await state(page, "You are in rose-club.").waitFor();
    expect(await told(page)).toEqual(["joined name", "left ", "joined name", "left ", "joined name"]);
  });

  test("tells the page around it what failed", async () => {
    const page = await openExample("room", (blocked) =>
      blocked.addInitScript(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))",
      ),
    );
    await listen(page, "antiphon-room", events);
    await page.getByRole("button", { name: "Allow the microphone" }).click();
    await page.getByRole("alert").getByText("The microphone is blocked for this page").waitFor();
    expect(await told(page)).toEqual(["failed error"]);
  });
});

describe("the example page with a recorder", () => {
  const button = (page: Page) => page.getByRole("button", { name: /^Record a voice note/ });
  const stop = (page: Page) => page.getByRole("button", { name: "Stop and keep the recording" });

  /** Seconds of the recording on the page, decoded by the browser itself. */
  const recordedSeconds = (page: Page): Promise<number> =>
    page.evaluate(async () => {
      const source = document.querySelector<HTMLAudioElement>("#recordings audio")?.src ?? "";
      const bytes = await (await fetch(source)).arrayBuffer();
      return (await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes)).duration;
    });

  test("records, and hands an Ogg Opus file to the page around it", async () => {
    const page = await openExample("recorder");
    await listen(page, "antiphon-recorder", ["recorded", "failed"]);
    await button(page).press("Enter");
    await stop(page).waitFor();
    await page.waitForTimeout(1500);
    await stop(page).click();
    await page.locator("#recordings audio").waitFor();
    expect(await recordedSeconds(page)).toBeGreaterThan(1);
    expect(await told(page)).toEqual(["recorded note,file"]);
    expect(await axeViolations(page)).toEqual([]);
  });

  test("records what is said after a press that came before the engine had started", async () => {
    let letGo = (): void => undefined;
    const pressed = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const page = await openExample("recorder", (early) =>
      early.route(/\/assets\/core-[^/]*\.wasm$/, async (route) => {
        await pressed;
        await route.continue();
      }),
    );
    await button(page).press("Enter");
    await page.getByText("Opening the microphone…").waitFor();
    letGo();
    await stop(page).waitFor();
    await page.waitForTimeout(1500);
    await stop(page).click();
    await page.locator("#recordings audio").waitFor();
    expect(await recordedSeconds(page)).toBeGreaterThan(1);
  });

  test("says why it cannot record, tells the page, and records when that is over", async () => {
    const page = await openExample("recorder", (blocked) =>
      blocked.addInitScript(`
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = (constraints) =>
          globalThis.isAllowed ? ask(constraints) : Promise.reject(new DOMException("", "NotAllowedError"));
      `),
    );
    await listen(page, "antiphon-recorder", ["recorded", "failed"]);
    await button(page).press("Enter");
    await page.getByRole("alert").getByText("The microphone is blocked for this page").waitFor();
    expect(await told(page)).toEqual(["failed error"]);
    await page.evaluate("globalThis.isAllowed = true");
    await page.getByRole("button", { name: "Try the microphone again" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
    await button(page).press("Enter");
    await stop(page).waitFor();
    await page.waitForTimeout(1000);
    await stop(page).click();
    await page.locator("#recordings audio").waitFor();
  });

  test("offers to load the page again when the engine cannot start, and starts on the next press when it can", async () => {
    let isOffline = true;
    const page = await openExample("recorder", (broken) =>
      broken.route(/\/assets\/core-[^/]*\.wasm$/, (route) => (isOffline ? route.abort() : route.continue())),
    );
    await page.getByRole("alert").getByText("The audio engine could not be loaded").waitFor();
    isOffline = false;
    await button(page).press("Enter");
    await stop(page).waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
  });
});

describe("custom-elements.json", () => {
  type Named = { readonly name: string };
  type Declaration = {
    readonly tagName?: string;
    readonly attributes?: readonly Named[];
    readonly cssParts?: readonly Named[];
    readonly events?: readonly { readonly name: string; readonly type?: { readonly text: string } }[];
  };
  type Manifest = { readonly modules: readonly { readonly declarations: readonly Declaration[] }[] };
  const manifest = JSON.parse(readFileSync(new URL("../../custom-elements.json", import.meta.url), "utf8")) as Manifest;
  const elements = manifest.modules.flatMap(({ declarations }) => declarations.filter(({ tagName }) => tagName));

  test("describes attributes that the elements observe, and parts that they have", async () => {
    const pages = [await openExample("room"), await openExample("recorder")];
    const found: string[] = [];
    for (const { tagName = "", attributes = [], cssParts = [] } of elements) {
      for (const page of pages) {
        const seen = await page.evaluate((tag) => {
          const element = customElements.get(tag) as
            | (CustomElementConstructor & { readonly observedAttributes: readonly string[] })
            | undefined;
          const parts = [...(document.querySelector(tag)?.shadowRoot?.querySelectorAll("[part]") ?? [])];
          return element === undefined
            ? undefined
            : { attributes: element.observedAttributes, parts: parts.map((part) => part.getAttribute("part")) };
        }, tagName);
        if (seen === undefined) continue;
        found.push(tagName);
        expect(seen.attributes, tagName).toEqual(
          expect.arrayContaining(attributes.map(({ name }) => name.toLowerCase())),
        );
        if (cssParts.length > 0) expect(seen.parts, tagName).toEqual(cssParts.map(({ name }) => name));
      }
    }
    expect(found).toEqual(expect.arrayContaining(["antiphon-room", "antiphon-recorder", "antiphon-meter"]));
  });

  test("types every event of the elements", () => {
    const events = elements.flatMap(({ events: all = [] }) => all);
    expect(events.length).toBeGreaterThan(6);
    for (const { name, type } of events) expect(type?.text, name).toMatch(/^CustomEvent/);
  });
});
