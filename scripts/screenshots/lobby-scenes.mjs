import { button, roomAddress } from "./steps.mjs";

/** Before the call, and alone in it. */
export const lobbyScenes = {
  names: ["lobby-first-visit", "lobby", "lobby-code", "empty-room"],
  async run({ url, open, photograph }) {
    const page = await open();
    await page.goto(url);
    await button(page, "Allow the microphone").waitFor();
    await photograph(page, "lobby-first-visit");
    await page.goto(roomAddress(url, "stand-up-0", "Ada Lovelace", false));
    await button(page, "Allow the microphone").click();
    await page.getByRole("meter", { name: "Microphone level" }).waitFor();
    await photograph(page, "lobby");
    await button(page, "Show the link as a QR code").click();
    await photograph(page, "lobby-code");
    await page.keyboard.press("Escape");
    await button(page, "Join").click();
    await page.getByText("Nobody else is here yet.").waitFor();
    await photograph(page, "empty-room");
  },
};
