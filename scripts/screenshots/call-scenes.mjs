import { Buffer } from "node:buffer";
import { button, goTo, roomAddress } from "./steps.mjs";

const OTHERS = ["Grace Hopper", "Radia Perlman", "Margaret Hamilton"];

/** Time for the figures of a screen to fill, ms. */
const FIGURES_MS = 3000;

/** Longest conversation that the plots of Diagnostics show, ms. */
const PLOT_MS = 12_000;

const dialogNames = ["verify", "shortcuts"];
const chatNames = ["call-chat"];
const studioNames = ["studio", "studio-advanced"];
const notesNames = ["notes-empty", "notes", "notes-recording"];

/** A call with three others: every screen and dialog in it. */
export const callScenes = {
  names: ["call", ...dialogNames, ...chatNames, ...studioNames, "mixer", ...notesNames, "diagnostics"],
  async run(stage) {
    const { page, others } = await join(stage);
    const { photograph, wants } = stage;
    if (wants("call")) await page.waitForTimeout(FIGURES_MS);
    await photograph(page, "call");
    if (dialogNames.some(wants)) await dialogScenes(stage, page);
    if (chatNames.some(wants)) await chatScene(stage, page, others);
    if (studioNames.some(wants)) await studioScenes(stage, page);
    if (wants("mixer")) await mixerScene(stage, page);
    if (notesNames.some(wants)) await notesScenes(stage, page, others);
    if (wants("diagnostics")) await diagnosticsScene(stage, page);
  },
};

async function join({ url, open }) {
  const page = await open();
  await page.goto(roomAddress(url, "stand-up", "Ada Lovelace", true));
  await page.getByText("Nobody else is here yet.").waitFor();
  const others = [];
  for (const name of OTHERS) {
    const other = await open({ viewport: { width: 800, height: 600 } });
    await other.goto(roomAddress(url, "stand-up", name, true));
    await page.getByRole("article", { name }).waitFor();
    others.push(other);
  }
  await others[1].evaluate(() => globalThis.antiphon.setMuted(true));
  return { page, others };
}

async function dialogScenes({ photograph }, page) {
  await button(page, "Verify the connection: Grace Hopper").click();
  await photograph(page, "verify");
  await page.keyboard.press("Escape");
  await button(page, "Keyboard shortcuts").click();
  await photograph(page, "shortcuts");
  await page.keyboard.press("Escape");
}

async function chatScene({ photograph }, page, others) {
  await button(others[0], "Chat").click();
  await say(others[0], "Morning! Agenda: https://example.org/agenda");
  await button(page, "Chat, 1 new").click();
  await say(page, "I can hear all of you.\nShall we begin?");
  await page
    .locator("input[type=file][multiple]")
    .first()
    .setInputFiles({
      name: "notes-of-the-last-meeting.txt",
      mimeType: "text/plain",
      buffer: Buffer.alloc(48_000, "Minutes. "),
    });
  await page.waitForTimeout(1000);
  await photograph(page, "call-chat");
  await button(page, "Close the chat").click();
}

async function say(page, text) {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}

async function studioScenes({ photograph }, page) {
  await goTo(page, "Studio");
  await page.waitForTimeout(FIGURES_MS);
  await photograph(page, "studio");
  await page.evaluate(() => globalThis.antiphon.configure({ ui: { isAdvanced: true } }));
  await page.waitForTimeout(FIGURES_MS);
  await photograph(page, "studio-advanced");
  await page.evaluate(() => globalThis.antiphon.configure({ ui: { isAdvanced: false } }));
}

async function mixerScene({ photograph }, page) {
  await goTo(page, "Mixer");
  await button(page, "Mute, Radia Perlman").click();
  await page.getByRole("slider", { name: "Volume of Margaret Hamilton" }).fill("480");
  await page.waitForTimeout(FIGURES_MS);
  await photograph(page, "mixer");
}

async function notesScenes({ photograph }, page, others) {
  await goTo(page, "Notes");
  await photograph(page, "notes-empty");
  await recordNotes(page, others[0]);
  await photograph(page, "notes");
  await page.getByRole("button", { name: /^Record a voice note/ }).click();
  await button(page, "Stop and keep the recording").waitFor();
  await page.waitForTimeout(1500);
  await photograph(page, "notes-recording");
  await button(page, "Cancel the recording").click();
}

/** Two notes of one's own, one of them sent, and one that somebody else sends. */
async function recordNotes(page, other) {
  await record(page, 3000);
  await record(page, 6000);
  await goTo(other, "Notes");
  await record(other, 4000);
  await other.evaluate(async () => {
    const { notes } = globalThis.antiphon;
    await notes.send(notes.list.at(-1));
  });
  await page.locator("li.received antiphon-note-bubble").first().waitFor();
  await page.evaluate(async () => {
    const { notes } = globalThis.antiphon;
    await notes.send(notes.list[0]);
  });
  await page.waitForTimeout(1500);
}

async function record(page, ms) {
  const before = await page.locator("antiphon-note-bubble").count();
  await page.getByRole("button", { name: /^Record a voice note/ }).click();
  await page.waitForTimeout(ms);
  await button(page, "Stop and keep the recording").click();
  await page.locator("antiphon-note-bubble").nth(before).waitFor();
}

async function diagnosticsScene({ photograph }, page) {
  await goTo(page, "Diagnostics");
  await button(page, "Test the connection").click();
  await button(page, "Test again").waitFor({ timeout: 60_000 });
  await page.waitForTimeout(PLOT_MS);
  await photograph(page, "diagnostics");
}
