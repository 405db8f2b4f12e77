import { Buffer } from "node:buffer";

const KEY = "abcdefghijklmnop";
const OTHERS = ["Grace Hopper", "Radia Perlman", "Margaret Hamilton"];

/** Time for the figures of a screen to fill, ms. */
const FIGURES_MS = 3000;

/** Longest conversation that the plots of Diagnostics show, ms. */
const PLOT_MS = 12_000;

/**
 * Takes the page through everything it can show, as a person would, and has each state photographed: the way in, a call with
 * three others, every screen, every dialog, and what goes wrong.
 *
 * @param stage `url` of the built page; `open(contextOptions)` opens a page; `photograph(page, name)`
 */
export async function scenes(stage) {
  const { page, others } = await callScenes(stage);
  await screenScenes(stage, page, others);
  await dialogScenes(stage, page);
  await errorScenes(stage);
}

const address = (url, room, name, joins) =>
  `${url}/#/room/${room}&name=${encodeURIComponent(name)}${joins ? "&join" : ""}&key=${KEY}`;

const button = (page, name, exact = true) => page.getByRole("button", { name, exact }).first();

/** Follows a tab of the page; `name` as written on it. */
async function goTo(page, name) {
  await page.locator("antiphon-tabs:visible").getByRole("link", { name, exact: true }).click();
  await page
    .locator(name === "Call" ? "antiphon-call-screen h1" : `antiphon-${name.toLowerCase()}-screen h1`)
    .first()
    .waitFor();
}

async function callScenes({ url, open, photograph }) {
  const page = await open();
  await page.goto(url);
  await button(page, "Allow the microphone").waitFor();
  await photograph(page, "lobby-first-visit");
  await page.goto(address(url, "stand-up", "Ada Lovelace", false));
  await button(page, "Allow the microphone").click();
  await page.getByRole("meter", { name: "Microphone level" }).waitFor();
  await photograph(page, "lobby");
  await button(page, "Show the link as a QR code").click();
  await photograph(page, "lobby-code");
  await page.keyboard.press("Escape");
  await button(page, "Join").click();
  await page.getByText("Nobody else is here yet.").waitFor();
  await photograph(page, "empty-room");

  const others = [];
  for (const name of OTHERS) {
    const other = await open({ viewport: { width: 800, height: 600 } });
    await other.goto(address(url, "stand-up", name, true));
    await page.getByRole("article", { name }).waitFor();
    others.push(other);
  }
  await others[1].evaluate(() => globalThis.antiphon.setMuted(true));
  await page.waitForTimeout(FIGURES_MS);
  await photograph(page, "call");

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
  return { page, others };
}

async function say(page, text) {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}

async function screenScenes({ photograph }, page, others) {
  await goTo(page, "Studio");
  await page.waitForTimeout(FIGURES_MS);
  await photograph(page, "studio");
  await page.evaluate(() => globalThis.antiphon.configure({ ui: { isAdvanced: true } }));
  await page.waitForTimeout(FIGURES_MS);
  await photograph(page, "studio-advanced");
  await page.evaluate(() => globalThis.antiphon.configure({ ui: { isAdvanced: false } }));

  await goTo(page, "Mixer");
  await button(page, "Mute, Radia Perlman").click();
  await page.getByRole("slider", { name: "Volume of Margaret Hamilton" }).fill("480");
  await page.waitForTimeout(FIGURES_MS);
  await photograph(page, "mixer");

  await goTo(page, "Notes");
  await photograph(page, "notes-empty");
  await recordNotes(page, others[0]);
  await photograph(page, "notes");
  await page.getByRole("button", { name: /^Record a voice note/ }).click();
  await button(page, "Stop and keep the recording").waitFor();
  await page.waitForTimeout(1500);
  await photograph(page, "notes-recording");
  await button(page, "Cancel the recording").click();

  await goTo(page, "Diagnostics");
  await button(page, "Test the connection").click();
  await button(page, "Test again").waitFor({ timeout: 60_000 });
  await page.waitForTimeout(PLOT_MS);
  await photograph(page, "diagnostics");
  await goTo(page, "Benchmark");
  await page.waitForTimeout(1000);
  await photograph(page, "benchmark");
  await goTo(page, "Call");
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

async function dialogScenes({ photograph }, page) {
  await button(page, "Verify the connection: Grace Hopper").click();
  await photograph(page, "verify");
  await page.keyboard.press("Escape");
  await button(page, "Keyboard shortcuts").click();
  await photograph(page, "shortcuts");
  await page.keyboard.press("Escape");
}

async function errorScenes({ url, open, photograph }) {
  const blocked = await open();
  await blocked.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
  });
  await blocked.goto(address(url, "stand-up-2", "Ada Lovelace", false));
  await button(blocked, "Allow the microphone").click();
  await blocked.getByRole("alert").waitFor();
  await photograph(blocked, "error-blocked-microphone");
  await button(blocked, "Join listen-only").click();
  await blocked.getByText("Nobody else is here yet.").waitFor();
  await goTo(blocked, "Studio");
  await photograph(blocked, "studio-listening-only");
  await goTo(blocked, "Mixer");
  await photograph(blocked, "mixer-alone");
  await goTo(blocked, "Diagnostics");
  await photograph(blocked, "diagnostics-alone");

  const offline = await open();
  await offline.goto(address(url, "stand-up-3", "Ada Lovelace", false));
  await offline.route("**/peerjs/**", (route) => route.abort());
  await offline.routeWebSocket("**/peerjs/**", (socket) => socket.close());
  await button(offline, "Join listen-only").click();
  await photograph(offline, "joining");
  await offline.getByRole("alert").waitFor({ timeout: 60_000 });
  await photograph(offline, "error-unreachable");
}
