import { HELD_BACK_SOUND } from "../../test/support/held-back-sound.ts";
import { button, goTo, listen, roomAddress } from "./steps.mjs";

const alone = ["studio-listening-only", "mixer-alone", "notes-alone", "diagnostics-alone"];

/** What goes wrong, and the screens of somebody who only listens, alone. */
export const failureScenes = {
  names: [
    "error-blocked-microphone",
    ...alone,
    "error-insecure",
    "error-audio-suspended",
    "error-engine",
    "joining",
    "error-unreachable",
  ],
  async run(stage) {
    const { wants } = stage;
    if (wants("error-blocked-microphone") || alone.some(wants)) await blockedScenes(stage);
    if (wants("error-insecure")) await insecureScene(stage);
    if (wants("error-audio-suspended")) await suspendedScene(stage);
    if (wants("error-engine")) await engineScene(stage);
    if (wants("joining") || wants("error-unreachable")) await unreachableScenes(stage);
  },
};

async function blockedScenes({ url, open, photograph, wants }) {
  const page = await open();
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
  });
  const address = roomAddress(url, "stand-up-2", "Ada Lovelace", false);
  await page.goto(address);
  await button(page, "Allow the microphone").click();
  await page.getByRole("alert").waitFor();
  await photograph(page, "error-blocked-microphone");
  if (!alone.some(wants)) return;
  await listen(page, address);
  for (const [tab, name] of [
    ["Studio", "studio-listening-only"],
    ["Mixer", "mixer-alone"],
    ["Notes", "notes-alone"],
    ["Diagnostics", "diagnostics-alone"],
  ]) {
    await goTo(page, tab);
    await photograph(page, name);
  }
}

async function insecureScene({ insecureUrl, open, photograph }) {
  const page = await open({ permissions: [] });
  await page.goto(roomAddress(insecureUrl, "stand-up-4", "Ada Lovelace", false));
  await page.getByRole("alert").waitFor();
  await photograph(page, "error-insecure");
}

async function suspendedScene({ url, open, photograph }) {
  const page = await open();
  await page.addInitScript(HELD_BACK_SOUND);
  await page.goto(roomAddress(url, "stand-up-5", "Ada Lovelace", true));
  await button(page, "Turn sound on").waitFor();
  await photograph(page, "error-audio-suspended");
}

async function engineScene({ url, open, photograph }) {
  const page = await open({ serviceWorkers: "block" });
  await page.route(/\/assets\/core-[^/]*\.(js|wasm)$/, (route) => route.abort());
  await page.goto(roomAddress(url, "stand-up-6", "Ada Lovelace", false));
  await page.getByRole("alert").waitFor();
  await photograph(page, "error-engine");
}

async function unreachableScenes({ url, open, photograph }) {
  const page = await open();
  await page.goto(roomAddress(url, "stand-up-3", "Ada Lovelace", false));
  let giveUp;
  const given = new Promise((resolve) => {
    giveUp = resolve;
  });
  await page.routeWebSocket("**/peerjs/**", (socket) => void given.then(() => socket.close()));
  await button(page, "Join listen-only").click();
  await page.getByText("Joining…").waitFor();
  await photograph(page, "joining");
  giveUp();
  await page.getByRole("alert").waitFor({ timeout: 60_000 });
  await photograph(page, "error-unreachable");
}
