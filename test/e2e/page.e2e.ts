import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { VoiceEngine } from "../../src/engine/index.ts";
import { axeViolations } from "../support/axe.ts";
import { visitBuiltPage } from "../support/built-page-visits.ts";

const SCREENS = ["Studio", "Mixer", "Notes", "Diagnostics", "Benchmark"];
const KEY = "abcdefghijklmnop";

const visits = visitBuiltPage();

async function openPage(options: { readonly width?: number; readonly script?: () => void } = {}): Promise<Page> {
  const page = await visits.open({ viewport: { width: options.width ?? 1440, height: 900 }, reducedMotion: "reduce" });
  if (options.script !== undefined) await page.addInitScript(options.script);
  return page;
}

const address = (room: string, name: string, joins: boolean): string =>
  `${visits.url}/#/room/${room}&name=${name}${joins ? "&join" : ""}&key=${KEY}`;

const settingOf = (page: Page, read: (engine: VoiceEngine) => unknown): Promise<unknown> =>
  page.evaluate(`(${read.toString()})(globalThis.antiphon)`);

const tab = (page: Page, name: string) =>
  page.locator("antiphon-tabs:visible").getByRole("link", { name, exact: true });

/** The title of a screen, which is there when the screen's code is. */
const heading = (page: Page, screen: string) => page.locator(`antiphon-${screen.toLowerCase()}-screen h1`).first();

/** Most stops of the Tab key on a screen. */
const MOST_STOPS = 150;

/** Presses Tab until `target` has the focus, as somebody without a pointer does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    if (await target.evaluate((element) => element.matches(":focus"))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The Tab key does not lead to ${String(target)}`);
}

/** Both themes of what is on the screen, checked by axe. */
async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await axeViolations(page), `${state}, ${colorScheme}`).toEqual([]);
  }
}

describe("the page", () => {
  test("takes a new user from the first visit through a call, by pointer", { timeout: 120_000 }, async () => {
    const page = await openPage();
    await page.goto(visits.url);
    await page.getByLabel("Your name").fill("Ada");
    await page.getByRole("button", { name: "Allow the microphone" }).click();
    await page.getByRole("meter", { name: "Microphone level" }).waitFor();
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByText("Nobody else is here yet.").waitFor();
    const link = await page.getByLabel("Link to the room").inputValue();

    const other = await openPage({ width: 400 });
    await other.goto(link);
    await other.getByLabel("Your name").fill("Grace");
    await other.getByRole("button", { name: "Join", exact: true }).click();
    const tile = page.getByRole("article", { name: "Grace" });
    await tile.waitFor();
    await expect
      .poll(() => settingOf(page, (engine) => engine.statistics().peers[0]?.streams[0]?.packetsReceived ?? 0), {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);

    await tab(page, "Studio").click();
    await page.getByRole("switch", { name: "Noise suppression in the signal path" }).click();
    expect(await settingOf(page, (engine) => engine.settings.capture.suppressor.kind)).toBe("off");
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await settingOf(page, (engine) => engine.settings.capture.suppressor.kind)).not.toBe("off");

    await tab(page, "Mixer").click();
    await page.getByRole("button", { name: "Mute, Grace" }).click();
    expect(await settingOf(page, (engine) => [...(engine.room?.peers.values() ?? [])][0]?.muted)).toBe(true);
    await page.getByRole("slider", { name: "Volume of Grace" }).fill("100");
    expect(await settingOf(page, (engine) => [...(engine.room?.peers.values() ?? [])][0]?.gainDb)).toBeLessThan(-10);

    await tab(page, "Diagnostics").click();
    await page.getByText("Grace to you").waitFor();
    await page.getByRole("button", { name: "Test the connection" }).click();
    await page.getByRole("button", { name: "Test again" }).waitFor({ timeout: 40_000 });

    await tab(page, "Notes").click();
    await page.getByRole("button", { name: /^Record a voice note/ }).click();
    await expect
      .poll(() => settingOf(page, (engine) => engine.notes.recording?.seconds ?? 0), { timeout: 20_000 })
      .toBeGreaterThan(1);
    await page.getByRole("button", { name: "Stop and keep the recording" }).click();
    await page.getByRole("button", { name: "More about this note" }).click();
    await page.getByRole("button", { name: "Send to Grace" }).click();
    await tab(other, "Notes").click();
    await other.getByRole("button", { name: /^Play/ }).click();

    await tab(page, "Benchmark").click();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText(/\d+ % · .+ to go/).waitFor();
    await page.getByRole("button", { name: "Cancel, keep results" }).click();
    await page.locator("antiphon-bench-progress").waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Chat", exact: true }).click();
    await page.getByRole("textbox", { name: "Message" }).fill("See https://example.org/a.");
    await page.getByRole("textbox", { name: "Message" }).press("Enter");
    await other.getByRole("button", { name: "Chat, 1 new" }).click();
    await expect
      .poll(() => other.getByRole("link", { name: "https://example.org/a" }).getAttribute("rel"))
      .toContain("noopener");

    await page.getByRole("button", { name: /^Colours/ }).click();
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("light");
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await tab(page, "Call").click();
    await page.getByRole("button", { name: "Join", exact: true }).waitFor();
    await other.getByText("Ada left").waitFor();
  });

  test("takes a new user the same way by the keyboard alone", { timeout: 180_000 }, async () => {
    const page = await openPage();
    const press = async (target: Locator, key = "Enter"): Promise<void> => {
      await tabTo(page, target);
      await page.keyboard.press(key);
    };
    const button = (name: string | RegExp): Locator =>
      page.getByRole("button", { name, exact: typeof name === "string" });

    await page.goto(visits.url);
    await tabTo(page, page.getByLabel("Your name"));
    await page.keyboard.type("Ada");
    await press(button("Allow the microphone"));
    await page.getByRole("meter", { name: "Microphone level" }).waitFor();
    await press(button("Join"));
    await page.getByText("Nobody else is here yet.").waitFor();
    const other = await openPage({ width: 400 });
    await other.goto(await page.getByLabel("Link to the room").inputValue());
    await other.getByLabel("Your name").fill("Grace");
    await other.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByRole("article", { name: "Grace" }).waitFor();

    await page.keyboard.press("m");
    await page.getByRole("region", { name: "Call controls" }).getByText("Muted").waitFor();
    await page.keyboard.press("m");
    await page.keyboard.press("g");
    await page.getByRole("heading", { name: "Studio", level: 1 }).waitFor();
    await press(page.getByRole("switch", { name: "Noise suppression in the signal path" }), "Space");
    expect(await settingOf(page, (engine) => engine.settings.capture.suppressor.kind)).toBe("off");
    await press(button("Undo"));
    expect(await settingOf(page, (engine) => engine.settings.capture.suppressor.kind)).not.toBe("off");

    await page.keyboard.press("p");
    await page.getByRole("heading", { name: "Mixer", level: 1 }).waitFor();
    const volume = page.getByRole("slider", { name: "Volume of Grace" });
    await press(volume, "PageDown");
    expect(await settingOf(page, (engine) => [...(engine.room?.peers.values() ?? [])][0]?.gainDb)).toBeLessThan(0);
    await press(button("Mute, Grace"));
    expect(await settingOf(page, (engine) => [...(engine.room?.peers.values() ?? [])][0]?.muted)).toBe(true);

    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Diagnostics", level: 1 }).waitFor();
    await press(button("Test the connection"));
    await button("Test again").waitFor({ timeout: 40_000 });
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Keyboard" }).waitFor({ state: "hidden" });
    await page.keyboard.press("t");
    await page.getByRole("article", { name: "Grace" }).waitFor();

    await page.keyboard.press("c");
    const message = page.getByRole("textbox", { name: "Message" });
    await message.waitFor();
    await page.keyboard.type("m c t stay in the field");
    expect(await message.inputValue()).toBe("m c t stay in the field");
    await page.keyboard.press("Enter");
    await other.getByRole("button", { name: "Chat, 1 new" }).waitFor();
    await page.keyboard.press("Escape");
    await message.waitFor({ state: "detached" });

    await page.keyboard.press("n");
    await page.getByRole("heading", { name: "Voice notes" }).waitFor();
    await page.keyboard.down("n");
    await page.waitForTimeout(1500);
    await page.keyboard.up("n");
    await press(button("More about this note"));
    await press(button("Send to Grace"));
    await page.getByText("Sent.").waitFor();
    await press(button("Delete the note"));
    await button("Undo").waitFor();

    await page.keyboard.press("b");
    await page.getByRole("heading", { name: "Benchmark", level: 1 }).waitFor();
    await press(button("Start"));
    await page.getByText(/\d+ % · .+ to go/).waitFor();
    await press(button("Cancel, keep results"));
    await page.locator("antiphon-bench-progress").waitFor({ state: "detached" });
    await press(button(/^Colours/));
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("light");

    // The call bar is one stop of the Tab key; arrows go on inside it.
    await press(button(/^Mute$/), "End");
    await page.keyboard.press("Enter");
    await page.keyboard.press("b");
    await button("Join").waitFor();
  });

  test.each([1440, 360])(
    "is clean for axe on every screen and state, in both themes, at %i px",
    {
      timeout: 180_000,
    },
    async (width) => {
      const page = await openPage({ width });
      const room = `axe-${width}`;
      await page.goto(address(room, "Ada", false));
      await page.getByRole("button", { name: "Allow the microphone" }).waitFor();
      await expectAccessible(page, "lobby");
      await page.getByRole("button", { name: "Join", exact: true }).click();
      await page.getByText("Nobody else is here yet.").waitFor();
      await expectAccessible(page, "empty room");
      const other = await openPage({ width: 400 });
      await other.goto(address(room, "Grace", true));
      await page.getByRole("article", { name: "Grace" }).waitFor();
      await expectAccessible(page, "call");
      await page.getByRole("button", { name: "Verify the connection: Grace" }).click();
      await expectAccessible(page, "code comparison");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Chat", exact: true }).click();
      await expectAccessible(page, "chat");
      await page.getByRole("button", { name: "Close the chat" }).click();
      await page.evaluate(() => {
        (globalThis as unknown as { antiphon: VoiceEngine }).antiphon.configure({ ui: { isAdvanced: true } });
      });
      for (const screen of SCREENS) {
        await tab(page, screen).click();
        await heading(page, screen).waitFor();
        await expectAccessible(page, screen);
      }
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await expectAccessible(page, "shortcuts");
      await page.keyboard.press("Escape");
    },
  );
});
