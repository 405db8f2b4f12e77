import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { VoiceEngine } from "../../src/engine/index.ts";
import { axeViolations } from "../support/axe.ts";
import { visitBuiltPage } from "../support/built-page-visits.ts";
import { layoutFaults } from "../support/layout-faults.ts";

const KEY = "abcdefghijklmnop";
const SCREENS = ["Studio", "Mixer", "Notes", "Diagnostics", "Benchmark"];

const visits = visitBuiltPage({ speech: { seconds: 20, seed: 8 } });

const address = (room: string, name: string, joins: boolean): string =>
  `${visits.url}/#/room/${room}&name=${name}${joins ? "&join" : ""}&key=${KEY}`;

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).first();

async function goTo(page: Page, screen: string): Promise<void> {
  await page.locator("antiphon-tabs:visible").getByRole("link", { name: screen, exact: true }).click();
  await page.locator(`antiphon-${screen.toLowerCase()}-screen h1`).first().waitFor();
}

/** Joins a room in which somebody with a long name is already. */
async function joinWithOther(page: Page, room: string): Promise<void> {
  const other = await visits.open({ viewport: { width: 800, height: 600 } });
  await other.goto(address(room, "Wolfeschlegelsteinhausenbergerdorff", true));
  await other.getByText("Nobody else is here yet.").waitFor();
  await page.goto(address(room, "Ada", true));
  await page.getByRole("article", { name: /^Wolfe/ }).waitFor();
}

/** Shows every screen and dialog of a call, one after the other, and has each looked at. */
async function throughTheCall(page: Page, look: (state: string) => Promise<void>): Promise<void> {
  await look("Call");
  await button(page, /^Verify the connection/).click();
  await look("code comparison");
  await page.keyboard.press("Escape");
  await button(page, "Keyboard shortcuts").click();
  await look("shortcuts");
  await page.keyboard.press("Escape");
  await button(page, "Chat").click();
  await page.getByRole("textbox", { name: "Message" }).fill(`a word of ${"many ".repeat(8)}${"x".repeat(80)}`);
  await page.getByRole("textbox", { name: "Message" }).press("Enter");
  await look("chat");
  await button(page, "Close the chat").click();
  await page.evaluate(() => {
    (globalThis as unknown as { antiphon: VoiceEngine }).antiphon.configure({ ui: { isAdvanced: true } });
  });
  for (const screen of SCREENS) {
    await goTo(page, screen);
    if (screen === "Notes") {
      await button(page, /^Record a voice note/).click();
      await button(page, "Stop and keep the recording").waitFor();
      await look("recording");
      await page.waitForTimeout(1000);
      await button(page, "Stop and keep the recording").click();
      await button(page, "More about this note").click();
    }
    if (screen === "Benchmark") await button(page, /^Custom/).click();
    await look(screen);
  }
}

describe("every screen", () => {
  test("fits 360 px and has room for a finger", { timeout: 150_000 }, async () => {
    const page = await visits.open({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      reducedMotion: "reduce",
    });
    const faults: string[] = [];
    const look = async (state: string): Promise<void> => {
      faults.push(...(await layoutFaults(page)).map((fault) => `${state}: ${fault}`));
    };
    await page.goto(address("narrow", "Ada", false));
    await button(page, "Allow the microphone").click();
    await page.getByRole("meter", { name: "Microphone level" }).waitFor();
    await look("lobby");
    await button(page, "Show the link as a QR code").click();
    await look("code");
    await page.keyboard.press("Escape");
    await button(page, "Join").click();
    await page.getByText("Nobody else is here yet.").waitFor();
    await look("empty room");
    await joinWithOther(page, "narrow-2");
    await throughTheCall(page, look);
    expect(faults).toEqual([]);
  });

  test("fits a tablet and a desk", { timeout: 150_000 }, async () => {
    const page = await visits.open({ viewport: { width: 768, height: 1024 }, reducedMotion: "reduce" });
    await joinWithOther(page, "wide");
    await throughTheCall(page, async (state) => {
      for (const [width, height] of [
        [1440, 900],
        [768, 1024],
      ] as const) {
        await page.setViewportSize({ width, height });
        expect(await layoutFaults(page), `${state} at ${width} px`).toEqual([]);
      }
    });
  });

  test("can be told apart in the system's own colours", { timeout: 150_000 }, async () => {
    const page = await visits.open({ viewport: { width: 1440, height: 900 } });
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await joinWithOther(page, "forced");
    await throughTheCall(page, async (state) => {
      expect(await axeViolations(page), state).toEqual([]);
      expect(await alike(page), state).toEqual([]);
    });
  });

  test("stands still for who asked for less motion", { timeout: 150_000 }, async () => {
    const page = await visits.open({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
    await joinWithOther(page, "still");
    await throughTheCall(page, async (state) => {
      expect(await animations(page), state).toEqual([]);
    });
  });

  test("stays clear of notches and home bars", async () => {
    // A telephone upright and on its side.
    for (const { width, height, insets } of [
      { width: 360, height: 740, insets: { top: 47, bottom: 34, left: 0, right: 0 } },
      { width: 812, height: 400, insets: { top: 0, bottom: 21, left: 47, right: 47 } },
    ]) {
      const page = await visits.open({ viewport: { width, height }, reducedMotion: "reduce" });
      const session = await page.context().newCDPSession(page);
      await session.send("Emulation.setSafeAreaInsetsOverride", { insets });
      await page.goto(address(`safe-${width}`, "Ada", true));
      await page.getByText("Nobody else is here yet.").waitFor();
      const controls = page.locator("header button, header a, antiphon-call-bar button, antiphon-tabs a");
      for (const control of await controls.filter({ visible: true }).all()) {
        const box = await control.boundingBox();
        const name = `${await control.textContent()} at ${width} px`;
        expect(box?.x, name).toBeGreaterThanOrEqual(insets.left);
        expect(box?.y, name).toBeGreaterThanOrEqual(insets.top);
        expect((box?.x ?? 0) + (box?.width ?? 0), name).toBeLessThanOrEqual(width - insets.right);
        expect((box?.y ?? 0) + (box?.height ?? 0), name).toBeLessThanOrEqual(height - insets.bottom);
      }
    }
  });
});

/** Pressed buttons and switches that are on which look like those that are not. */
function alike(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const deep = (root: Document | ShadowRoot): readonly Element[] =>
      [...root.querySelectorAll("*")].flatMap((element) => [
        element,
        ...(element.shadowRoot === null ? [] : deep(element.shadowRoot)),
      ]);
    return deep(document)
      .filter((element) => element.matches("[aria-pressed=true], input.switch:checked") && element.checkVisibility())
      .flatMap((element) => {
        const look = (): string => {
          const { backgroundColor, borderColor, outlineStyle } = getComputedStyle(element);
          return `${backgroundColor} ${borderColor} ${outlineStyle}`;
        };
        const on = look();
        const off = element.cloneNode(true) as Element;
        off.setAttribute("aria-pressed", "false");
        if (off instanceof HTMLInputElement) off.checked = false;
        element.after(off);
        const { backgroundColor, borderColor, outlineStyle } = getComputedStyle(off);
        off.remove();
        const isAlike = on === `${backgroundColor} ${borderColor} ${outlineStyle}`;
        return isAlike ? [(element.getAttribute("aria-label") ?? element.textContent ?? element.localName).trim()] : [];
      });
  });
}

/** Animations that run, shadow roots included. */
function animations(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const within = (root: Document | ShadowRoot): readonly string[] => [
      ...root.getAnimations().flatMap(({ effect, playState }) => {
        const target = effect instanceof KeyframeEffect ? effect.target : null;
        return playState === "running" && Number(effect?.getComputedTiming().duration) > 0
          ? [`${target?.localName}.${target?.className}`]
          : [];
      }),
      ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : within(shadowRoot))),
    ];
    return within(document);
  });
}
