import type { BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { VoiceEngine } from "../../src/engine/index.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { launchChromium } from "../support/chromium.ts";
import { openRoomPage, type RoomPage } from "../support/room-page.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../support/speech-microphone.ts";

type Engine = { readonly antiphon: VoiceEngine };

let server: RunningServer;
let speech: SpeechMicrophone;
let browser: Awaited<ReturnType<typeof launchChromium>>;

beforeAll(async () => {
  server = await serveBuiltPage();
  speech = createSpeechMicrophone({ seconds: 30, seed: 4 });
  browser = await launchChromium({ microphone: speech.path });
});

afterAll(async () => {
  await browser.close();
  await server.close();
  speech.remove();
});

describe("voice notes on the built page", () => {
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeEach(async () => {
    errors.length = 0;
    context = await browser.newContext({ permissions: ["microphone"], hasTouch: true });
    page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await openNotes(page);
  });

  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });

  test("hold to record, let go to keep; scrub, change speed and play", async () => {
    await hold(page, async () => page.waitForTimeout(1_500));
    await bubbles(page).first().waitFor();
    const slider = page.getByRole("slider", { name: /^Position in/ });
    const box = await boxOf(slider);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const seconds = await noteSeconds(page);
    expect(seconds).toBeGreaterThan(1);
    await bubbles(page).getByRole("button", { name: /^Play/ }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await playerPosition(page)).toBeGreaterThan(seconds / 2 - 0.3);
    await page.getByRole("button", { name: "Speed 1×" }).click();
    await page.getByRole("button", { name: "Speed 1.5×" }).click();
    await page.getByRole("button", { name: "Speed 2×" }).waitFor();
    await slider.focus();
    await slider.press("Home");
    await page.waitForFunction(() => (globalThis as unknown as Engine).antiphon.notes.player.position < 1);
  });

  test("slide left to cancel, and take it back", async () => {
    await hold(page, async (x, y) => {
      await page.waitForTimeout(1_000);
      await page.mouse.move(x - 60, y, { steps: 4 });
      await page.mouse.move(x - 120, y, { steps: 4 });
    });
    const undo = page.getByRole("button", { name: "Undo" });
    await undo.waitFor();
    expect(await bubbles(page).count()).toBe(0);
    await undo.click();
    await bubbles(page).first().waitFor();
    await page.getByRole("button", { name: "More about this note" }).click();
    await page.getByRole("button", { name: "Delete the note" }).click();
    await undo.waitFor();
    await undo.waitFor({ state: "hidden", timeout: 8_000 });
    expect(await bubbles(page).count()).toBe(0);
  });

  test("slide up to lock, pause, go on, stop", async () => {
    await hold(page, async (x, y) => {
      await page.waitForTimeout(800);
      await page.mouse.move(x, y - 100, { steps: 6 });
    });
    await page.getByRole("button", { name: "Pause the recording" }).click();
    await page.getByText("Paused").waitFor();
    await page.getByRole("button", { name: "Go on recording" }).click();
    await page.getByRole("button", { name: "Stop and keep the recording" }).click();
    await bubbles(page).first().waitFor();
  });

  test("tap to record hands-free, by touch", async () => {
    await recordButton(page).tap();
    const stop = page.getByRole("button", { name: "Stop and keep the recording" });
    await stop.waitFor();
    await page.waitForTimeout(700);
    await stop.tap();
    await bubbles(page).first().waitFor();
  });

  test("hold N, let go to keep; Escape cancels", async () => {
    await page.keyboard.down("n");
    await page.waitForTimeout(1_500);
    await page.keyboard.up("n");
    await bubbles(page).first().waitFor();
    await page.keyboard.press("n");
    await page.getByRole("button", { name: "Stop and keep the recording" }).waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Undo" }).waitFor();
    expect(await bubbles(page).count()).toBe(1);
  });

  test("trim, normalise, go back to the original, download, record again", async () => {
    await hold(page, async () => page.waitForTimeout(2_500));
    await page.getByRole("button", { name: "More about this note" }).click();
    const samples = await noteSeconds(page);
    await page.getByRole("button", { name: "Normalise" }).click();
    await page.getByText("Changed: loudness normalised.").waitFor();
    expect(await noteSeconds(page)).toBe(samples);
    await page.getByRole("button", { name: "Back to the original" }).click();
    await page.getByText("Changed:").waitFor({ state: "hidden" });
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "WAV", exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^voice-note-.*\.wav$/);
    await page.getByRole("button", { name: "Record again" }).click();
    const stop = page.getByRole("button", { name: "Stop and keep the recording" });
    await stop.waitFor();
    await page.waitForTimeout(600);
    await stop.click();
    await page.getByRole("button", { name: "Undo" }).or(bubbles(page)).first().waitFor();
    await page.waitForFunction(() => (globalThis as unknown as Engine).antiphon.notes.list.length === 1);
  });

  test("records when somebody speaks", async () => {
    await page.getByRole("button", { name: "By voice" }).click();
    await page.waitForFunction(() => {
      const { recording } = (globalThis as unknown as Engine).antiphon.notes;
      return recording !== undefined && recording.state === "recording" && recording.seconds > 1;
    });
    await page.getByRole("button", { name: "Stop and keep the recording" }).click();
    await bubbles(page).first().waitFor();
  });

  test("a recording in the middle of which the storage is full ends, says so, and what was recorded plays", async () => {
    await recordButton(page).click();
    await page.getByRole("button", { name: "Stop and keep the recording" }).waitFor();
    await page.waitForFunction(() => ((globalThis as unknown as Engine).antiphon.notes.recording?.seconds ?? 0) > 2);
    await leaveRoomFor(page, 20_000);
    await page.getByText("the browser's storage is full").waitFor({ timeout: 30_000 });
    await page.getByText("What was recorded until then was kept.").waitFor();
    const seconds = await noteSeconds(page);
    expect(seconds).toBeGreaterThan(2);
    await bubbles(page).getByRole("button", { name: /^Play/ }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    // What is received or opened goes the same way: it is refused with the reason, and leaves nothing behind.
    const { code, files } = await page.evaluate(async () => {
      const { notes } = (globalThis as unknown as Engine).antiphon;
      const [note] = notes.list;
      if (note === undefined) throw new Error("Nothing was kept");
      const failure = await notes.import(await notes.export(note, "ogg")).catch((error: { code: string }) => error);
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("antiphon-recordings");
      const files: string[] = [];
      for await (const name of folder.keys()) files.push(name);
      return { code: "code" in failure ? failure.code : "kept", files: files.length };
    });
    expect({ code, files }).toEqual({ code: "storage-full", files: 1 });
    // Deleting is the remedy, so it works with a full store.
    await page.getByRole("button", { name: "More about this note" }).click();
    await page.getByRole("button", { name: "Delete the note" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    expect(await bubbles(page).count()).toBe(0);
  });

  test("a page that dies while it records leaves a draft of all but the last second", async () => {
    await recordButton(page).click();
    await page.getByRole("button", { name: "Stop and keep the recording" }).waitFor();
    await page.waitForFunction(() => ((globalThis as unknown as Engine).antiphon.notes.recording?.seconds ?? 0) > 4);
    const before = await page.evaluate(() => (globalThis as unknown as Engine).antiphon.notes.recording?.seconds ?? 0);
    await crash(page);
    page = await context.newPage();
    await openNotes(page);
    await page.getByText("The page closed while this was being recorded").waitFor({ timeout: 20_000 });
    expect(await noteSeconds(page)).toBeGreaterThan(before - 1);
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByText("The page closed while").waitFor({ state: "hidden" });
    await bubbles(page).getByRole("button", { name: /^Play/ }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
  });
});

describe("a note sent to a room", () => {
  test("arrives with its waveform and can be played", { timeout: 90_000 }, async () => {
    const rooms: RoomPage[] = [];
    try {
      for (const name of ["Ada", "Bob"]) {
        rooms.push(await openRoomPage({ url: server.url, room: "notes", name, microphone: speech.path }));
      }
      const [ada, bob] = rooms as [RoomPage, RoomPage];
      await Promise.all(rooms.map((room) => room.waitForPeers(1)));
      const sent = await ada.page.evaluate(async () => {
        const { antiphon } = globalThis as unknown as Engine;
        const recording = await antiphon.notes.record();
        const isMutedMeanwhile = antiphon.isMuted;
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        const { note } = await recording.stop();
        if (note === undefined) throw new Error("Nothing was recorded");
        const sending = await antiphon.notes.send(note);
        await sending.finished();
        return { samples: note.samples, isMutedMeanwhile, isMuted: antiphon.isMuted, states: sending.transfers };
      });
      expect(sent.isMutedMeanwhile).toBe(true);
      expect(sent.isMuted).toBe(false);
      expect(sent.states.map(({ state }) => state)).toEqual(["done"]);
      await bob.page.evaluate(() => (globalThis as unknown as Engine).antiphon.notes.open());
      await bob.page.waitForFunction(() => (globalThis as unknown as Engine).antiphon.notes.list.length === 1);
      const received = await bob.page.evaluate(() => {
        const [note] = (globalThis as unknown as Engine).antiphon.notes.list;
        return { samples: note?.samples, origin: note?.origin, speaker: note?.speaker, isPlayed: note?.isPlayed };
      });
      expect(received).toEqual({ samples: sent.samples, origin: "received", speaker: "Ada", isPlayed: false });
    } finally {
      await Promise.all(rooms.map((room) => room.close()));
    }
  });
});

async function openNotes(page: Page): Promise<void> {
  await page.goto(`${server.url}/#/notes`);
  await page.waitForFunction(() => (globalThis as Partial<Engine>).antiphon !== undefined);
  await recordButton(page).waitFor();
}

function recordButton(page: Page): Locator {
  return page.getByRole("button", { name: /^Record a voice note/ });
}

function bubbles(page: Page): Locator {
  return page.locator("antiphon-note-bubble");
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("The control is not on the page");
  return box;
}

/** Presses the record button, waits until it records, does something, and lets go. */
async function hold(page: Page, meanwhile: (x: number, y: number) => Promise<void>): Promise<void> {
  const box = await boxOf(recordButton(page));
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.waitForFunction(() => ((globalThis as unknown as Engine).antiphon.notes.recording?.seconds ?? 0) > 0);
  await meanwhile(x, y);
  await page.mouse.up();
}

function noteSeconds(page: Page): Promise<number> {
  return page.evaluate(() => ((globalThis as unknown as Engine).antiphon.notes.list.at(-1)?.samples ?? 0) / 48_000);
}

function playerPosition(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as Engine).antiphon.notes.player.position);
}

/** Lowers the browser's quota until this page can store only `bytes` more. */
async function leaveRoomFor(page: Page, bytes: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await session.send("Storage.overrideQuotaForOrigin", {
    origin: new URL(page.url()).origin,
    quotaSize: usage + bytes,
  });
}

/** Kills the page's process, as a crash does: no event of the page's life cycle fires. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  page.goto("chrome://crash").catch(() => undefined);
  await crashed;
  await page.close();
}
