import type { CDPSession, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { VoiceEngine } from "../../src/engine/index.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { openRoomPage, type RoomPage } from "../support/room-page.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../support/speech-microphone.ts";

type Engine = { readonly antiphon: VoiceEngine };
type Slide = "stay" | "left" | "up";

/** What a hand does to a page; each way of using one does it in its own way. */
type Hand = {
  /** Holds the record button until something is recorded, slides, and lets go. */
  hold(page: Page, slide: Slide): Promise<void>;
  /** Touches the record button for a moment. */
  tap(page: Page): Promise<void>;
  press(button: Locator): Promise<void>;
  /** Moves a note's position to about a second. */
  scrub(slider: Locator): Promise<void>;
};

/** Length of the note that is sent and listened to, seconds: enough of it is left when the speed is changed. */
const SENT_SECONDS = 4;

describe("voice notes by every hand", { timeout: 90_000 }, () => {
  let server: RunningServer;
  let speech: SpeechMicrophone;
  let ada: RoomPage;
  let bob: RoomPage;

  beforeAll(async () => {
    server = await serveBuiltPage();
    speech = createSpeechMicrophone({ seconds: 150, seed: 7 });
    const common = { url: server.url, room: "hands", microphone: speech.path, hasTouch: true };
    [ada, bob] = await Promise.all([
      openRoomPage({ ...common, name: "Ada" }),
      openRoomPage({ ...common, name: "Bob", settings: { capture: { activation: { mode: "open" } } } }),
    ]);
    await Promise.all([ada.waitForPeers(1), bob.waitForPeers(1)]);
    for (const { page } of [ada, bob]) {
      await page.locator("antiphon-tabs:visible").getByRole("link", { name: "Notes", exact: true }).click();
      await recordButton(page).waitFor();
    }
  });

  afterAll(async () => {
    await Promise.all([ada.close(), bob.close()]);
    await server.close();
    speech.remove();
  });

  test.each(["pointer", "touch", "keyboard"] as const)("records, sends and plays by %s", async (kind) => {
    const [hand, other] = await Promise.all([ada, bob].map((room) => handOf(kind, room)));
    if (hand === undefined || other === undefined) throw new Error("There are two hands");
    const { page } = ada;
    const kept = await noteCount(page);

    await hand.hold(page, "stay");
    await untilNotes(page, kept + 1);

    await recordButton(page).waitFor();
    await hand.hold(page, "left");
    const undo = page.getByRole("button", { name: "Undo" });
    await undo.waitFor();
    expect(await noteCount(page)).toBe(kept + 1);
    await hand.press(undo);
    await untilNotes(page, kept + 2);

    await recordButton(page).waitFor();
    await hand.hold(page, "up");
    await hand.press(page.getByRole("button", { name: "Pause the recording" }));
    await page.getByText("Paused").waitFor();
    await hand.press(page.getByRole("button", { name: "Go on recording" }));
    const stop = page.getByRole("button", { name: "Stop and keep the recording" });
    await hand.press(stop);
    await untilNotes(page, kept + 3);

    // The list has the note before the recorder is free again.
    await recordButton(page).waitFor();
    await hand.tap(page);
    await stop.waitFor();
    await untilRecorded(page, SENT_SECONDS);
    await hand.press(stop);
    await untilNotes(page, kept + 4);

    const heard = await noteCount(bob.page);
    const newest = page.locator("antiphon-note-bubble").last();
    await hand.press(newest.getByRole("button", { name: "More about this note" }));
    await hand.press(newest.getByRole("button", { name: "Send to Bob" }));
    await newest.getByText("Sent.").waitFor();

    await untilNotes(bob.page, heard + 1);
    const received = bob.page.locator("antiphon-note-bubble").last();
    await received.getByRole("img", { name: "Not played yet" }).waitFor();
    const slider = received.getByRole("slider", { name: /^Position in/ });
    await other.scrub(slider);
    await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThanOrEqual(1);
    await other.press(received.getByRole("button", { name: /^Play/ }));
    const rate = await playerState(bob.page, "rate");
    await other.press(received.getByRole("button", { name: /^Speed/ }));
    expect(await playerState(bob.page, "rate")).not.toBe(rate);
    expect(await playerState(bob.page, "position")).toBeGreaterThan(0.7);
    await received.getByRole("img", { name: "Not played yet" }).waitFor({ state: "detached" });
    for (const { errors } of [ada, bob]) expect(errors).toEqual([]);
  });
});

async function handOf(kind: "pointer" | "touch" | "keyboard", { context, page }: RoomPage): Promise<Hand> {
  switch (kind) {
    case "pointer":
      return pointer;
    case "touch":
      return new Finger(await context.newCDPSession(page));
    default:
      return keyboard;
  }
}

const pointer: Hand = {
  async hold(page, slide) {
    const { x, y } = await centreOf(recordButton(page));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await untilRecorded(page, 0.5);
    if (slide !== "stay") await page.mouse.move(...slid(x, y, slide), { steps: 5 });
    await page.mouse.up();
  },
  tap: (page) => recordButton(page).click(),
  press: (button) => button.click(),
  async scrub(slider) {
    const { x, y } = await placeOf(slider);
    await slider.page().mouse.click(x, y);
  },
};

/** A touch that follows another one sooner is half of a double tap to the browser, and no click. */
const DOUBLE_TAP_MS = 400;

/** Real touches, as the browser's input pipeline gets them from a screen. */
class Finger implements Hand {
  readonly #session: CDPSession;

  constructor(session: CDPSession) {
    this.#session = session;
  }

  async hold(page: Page, slide: Slide): Promise<void> {
    const { x, y } = await centreOf(recordButton(page));
    await this.#send("touchStart", x, y);
    await untilRecorded(page, 0.5);
    if (slide !== "stay") {
      const [endX, endY] = slid(x, y, slide);
      for (const share of [0.2, 0.4, 0.6, 0.8, 1])
        await this.#send("touchMove", x + share * (endX - x), y + share * (endY - y));
    }
    await this.#send("touchEnd");
  }

  async tap(page: Page): Promise<void> {
    await this.press(recordButton(page));
  }

  async press(button: Locator): Promise<void> {
    await button.page().waitForTimeout(DOUBLE_TAP_MS);
    await button.tap();
  }

  async scrub(slider: Locator): Promise<void> {
    const { x, y } = await placeOf(slider);
    await slider.page().waitForTimeout(DOUBLE_TAP_MS);
    await slider.page().touchscreen.tap(x, y);
  }

  async #send(type: "touchStart" | "touchMove" | "touchEnd", x = 0, y = 0): Promise<void> {
    await this.#session.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  }
}

const keyboard: Hand = {
  async hold(page, slide) {
    await recordButton(page).focus();
    await page.keyboard.down("Space");
    await untilRecorded(page, 0.5);
    if (slide !== "stay") await page.keyboard.press(slide === "left" ? "ArrowLeft" : "ArrowUp");
    await page.keyboard.up("Space");
  },
  tap: (page) => page.keyboard.press("n"),
  async press(button) {
    await button.focus();
    await button.press("Enter");
  },
  async scrub(slider) {
    await slider.focus();
    await slider.press("Home");
    await slider.press("ArrowRight");
  },
};

/** Where a slide ends that began at a point. */
function slid(x: number, y: number, slide: "left" | "up"): [number, number] {
  return slide === "left" ? [x - 120, y] : [x, y - 100];
}

function recordButton(page: Page): Locator {
  return page.getByRole("button", { name: /^Record a voice note/ });
}

async function centreOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  return inside(locator, 0.5);
}

/** The point of a note's bars that stands for one second of {@link SENT_SECONDS}. */
async function placeOf(slider: Locator): Promise<{ readonly x: number; readonly y: number }> {
  await slider.scrollIntoViewIfNeeded();
  return inside(slider, 1 / SENT_SECONDS);
}

async function inside(locator: Locator, share: number): Promise<{ readonly x: number; readonly y: number }> {
  await locator.waitFor();
  const box = await locator.boundingBox();
  if (box === null) throw new Error("The control is not on the page");
  return { x: box.x + share * box.width, y: box.y + box.height / 2 };
}

async function untilRecorded(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => ((globalThis as unknown as Engine).antiphon.notes.recording?.seconds ?? 0) > wanted,
    seconds,
  );
}

function noteCount(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as Engine).antiphon.notes.list.length);
}

async function untilNotes(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => (globalThis as unknown as Engine).antiphon.notes.list.length === wanted,
    count,
  );
}

function playerState(page: Page, what: "rate" | "position"): Promise<number> {
  return page.evaluate((name) => (globalThis as unknown as Engine).antiphon.notes.player[name], what);
}
