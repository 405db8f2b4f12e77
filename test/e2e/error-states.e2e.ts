import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { visitBuiltPage } from "../support/built-page-visits.ts";
import { HELD_BACK_SOUND } from "../support/held-back-sound.ts";

const KEY = "abcdefghijklmnop";

const visits = visitBuiltPage();

/** A page whose own scripts run after `script`. */
async function openPage(script?: string): Promise<Page> {
  const page = await visits.open({ reducedMotion: "reduce", serviceWorkers: "block" });
  if (script !== undefined) await page.addInitScript(script);
  return page;
}

const address = (room: string): string => `${visits.url}/#/room/${room}&name=Ada&key=${KEY}`;

const alertOf = (page: Page, title: string) => page.getByRole("alert").getByText(title);

/** The error's code, which the page tells to whoever opens the details. */
async function expectCode(page: Page, code: string): Promise<void> {
  await expect.poll(() => page.getByRole("alert").first().textContent()).toContain(`(${code})`);
}

describe("an error state", () => {
  const refused = (name: string): string => `
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("refused by the test", "${name}"));
  `;

  test.each([
    ["NotAllowedError", "permission-denied", "The microphone is blocked for this page"],
    ["NotFoundError", "no-microphone", "No microphone found"],
    ["NotReadableError", "microphone-busy", "The microphone would not start"],
  ])("%s says what is the matter and lets one listen all the same", async (name, code, title) => {
    const page = await openPage(refused(name));
    await page.goto(address(`errors-${name}`));
    await page.getByRole("button", { name: "Allow the microphone" }).click();
    await alertOf(page, title).waitFor();
    await expectCode(page, code);
    await page.getByRole("alert").getByRole("button", { name: "Join listen-only" }).click();
    await page.getByText("Nobody else is here yet.").waitFor();
    await page.getByRole("region", { name: "Call controls" }).getByText("Listening only").waitFor();
  });

  test("of a blocked microphone ends when it is allowed and tried again", async () => {
    const page = await openPage(`
      const devices = navigator.mediaDevices;
      const ask = devices.getUserMedia.bind(devices);
      devices.getUserMedia = (constraints) =>
        globalThis.isAllowed ? ask(constraints) : Promise.reject(new DOMException("refused", "NotAllowedError"));
    `);
    await page.goto(address("errors-again"));
    await page.getByRole("button", { name: "Allow the microphone" }).click();
    await alertOf(page, "The microphone is blocked for this page").waitFor();
    await page.evaluate("globalThis.isAllowed = true");
    await page.getByRole("button", { name: "Try the microphone again" }).click();
    await page.getByRole("meter", { name: "Microphone level" }).waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  test("of a meeting point out of reach offers to try again, and trying again works", async () => {
    const page = await openPage();
    await page.routeWebSocket("**/peerjs/**", (socket) => {
      void page.evaluate("globalThis.isBack === true").then((isBack) => {
        if (isBack === true) socket.connectToServer();
        else void socket.close();
      });
    });
    await page.goto(address("errors-signalling"));
    await page.getByRole("button", { name: "Join listen-only" }).click();
    await alertOf(page, "The meeting point cannot be reached").waitFor({ timeout: 40_000 });
    await expectCode(page, "signalling-unreachable");
    await page.evaluate("globalThis.isBack = true");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Nobody else is here yet.").waitFor({ timeout: 40_000 });
  });

  test.each([["core", "The audio engine could not be loaded", "wasm-failed"]])(
    "of %s that does not load offers to load the page again",
    async (file, title, code) => {
      const page = await openPage();
      await page.route(new RegExp(`/assets/${file}-[^/]*\\.(js|wasm)$`), (route) => route.abort());
      await page.goto(address("errors-assets"));
      await alertOf(page, title).waitFor();
      await expectCode(page, code);
      await page.getByRole("button", { name: "Reload the page" }).waitFor();
    },
  );

  test("of an audio processor that does not load offers to load the page again", async () => {
    // Requests of worklets cannot be intercepted: this one goes to a file that is not there.
    const page = await openPage(`
      const addModule = Worklet.prototype.addModule;
      Worklet.prototype.addModule = function (url, options) {
        return addModule.call(this, url.replace("playback.worklet", "missing"), options);
      };
    `);
    await page.goto(address("errors-worklet"));
    await alertOf(page, "The audio engine stopped").waitFor();
    await expectCode(page, "worklet-failed");
    await page.getByRole("button", { name: "Reload the page" }).waitFor();
  });

  test("of a browser without audio worklets says so", async () => {
    const page = await openPage("delete BaseAudioContext.prototype.audioWorklet;");
    await page.goto(address("errors-unsupported"));
    await alertOf(page, "This browser is missing something Antiphon needs").waitFor();
    await expectCode(page, "unsupported");
  });

  test("of sound that is held back asks for a click and plays after it", async () => {
    const page = await openPage(HELD_BACK_SOUND);
    await page.goto(`${address("errors-held-back")}&join`);
    await page.getByText("The browser is holding the sound back").waitFor();
    await page.getByText("Nobody else is here yet.").waitFor();
    expect(await page.evaluate("antiphon.state")).toBe("suspended");
    await page.getByRole("button", { name: "Turn sound on" }).click();
    await page.getByText("The browser is holding the sound back").waitFor({ state: "detached" });
    expect(await page.evaluate("antiphon.state")).toBe("running");
  });

  test("of sound that the system interrupts in a call asks for a click and goes on after it", async () => {
    const page = await openPage(`
      globalThis.contexts = [];
      globalThis.AudioContext = class extends AudioContext {
        constructor(options) {
          super(options);
          contexts.push(this);
        }
      };
    `);
    await page.goto(address("errors-interrupted"));
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByText("Nobody else is here yet.").waitFor();
    await expect.poll(() => page.evaluate("antiphon.state")).toBe("running");
    await page.evaluate(
      "Promise.all(contexts.filter(({ state }) => state === 'running').map((context) => context.suspend()))",
    );
    await page.getByRole("button", { name: "Turn sound on" }).click();
    await page.getByText("The browser is holding the sound back").waitFor({ state: "detached" });
    expect(await page.evaluate("antiphon.state")).toBe("running");
  });

  test("of a locked room tells who stands before it", async () => {
    const host = await openPage();
    await host.goto(address("errors-locked"));
    await host.getByRole("button", { name: "Join listen-only" }).click();
    await host.getByRole("switch", { name: "Nobody else may come in" }).click();
    const guest = await openPage();
    await guest.goto(address("errors-locked"));
    await guest.getByRole("button", { name: "Join listen-only" }).click();
    await alertOf(guest, "You were not let in").waitFor();
    await expectCode(guest, "not-admitted");
    await host.getByRole("switch", { name: "Nobody else may come in" }).click();
    await guest.getByRole("button", { name: "Try again" }).click();
    await host.getByRole("article", { name: "Ada" }).waitFor();
  });

  describe("of the speaker", () => {
    /** Two speakers: the headset can be unplugged (`isPlugged`) and can refuse to play (`isBroken`). `sinks`: what was chosen. */
    const twoSpeakers = `
      Object.assign(globalThis, { isPlugged: true, isBroken: false, sinks: [] });
      const speaker = (deviceId, label) => ({ deviceId, label, kind: "audiooutput", groupId: "" });
      const enumerate = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
      navigator.mediaDevices.enumerateDevices = async () => [
        ...(await enumerate()).filter(({ kind }) => kind !== "audiooutput"),
        speaker("monitor", "Monitor"),
        ...(isPlugged ? [speaker("headset", "Headset")] : []),
      ];
      AudioContext.prototype.setSinkId = async (id) => {
        if (id === "headset" && (isBroken || !isPlugged)) throw new DOMException("refused by the test", "NotFoundError");
        sinks.push(id);
      };
    `;
    const speakerPicker = (page: Page) =>
      page.locator("antiphon-sound-check").getByRole("combobox").filter({ hasText: "Headset" });
    const plug = (page: Page, isPlugged: boolean): Promise<void> =>
      page.evaluate((is) => {
        Object.assign(globalThis, { isPlugged: is });
        navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
      }, isPlugged);

    test("that was chosen and unplugged is said, the default plays, and the chosen one when it is back", async () => {
      const page = await openPage(twoSpeakers);
      await page.goto(address("errors-speaker"));
      await speakerPicker(page).selectOption("Headset");
      await expect.poll(() => page.evaluate("sinks")).toEqual(["headset"]);
      await page.getByRole("button", { name: "Join listen-only" }).click();
      await page.getByText("Nobody else is here yet.").waitFor();
      await plug(page, false);
      await page.getByRole("status").getByText("The chosen speaker is missing").waitFor();
      await expect.poll(() => page.evaluate("sinks")).toEqual(["headset", ""]);
      await plug(page, true);
      await expect.poll(() => page.evaluate("sinks")).toEqual(["headset", "", "headset"]);
    });

    test("that will not play says so and leaves the default in use", async () => {
      const page = await openPage(twoSpeakers);
      await page.goto(address("errors-speaker"));
      await speakerPicker(page).waitFor();
      await page.evaluate("isBroken = true");
      await speakerPicker(page).selectOption("Headset");
      await alertOf(page, "That speaker cannot be used").waitFor();
      await expectCode(page, "output-unavailable");
      expect(await page.evaluate("sinks")).toEqual([]);
    });
  });
});
