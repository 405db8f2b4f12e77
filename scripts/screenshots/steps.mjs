const KEY = "abcdefghijklmnop";

/** The address of a room on the page at `url`; with `joins` the page joins by itself. */
export const roomAddress = (url, room, name, joins) =>
  `${url}/#/room/${room}&name=${encodeURIComponent(name)}${joins ? "&join" : ""}&key=${KEY}`;

/** The first button with this name. */
export const button = (page, name, exact = true) => page.getByRole("button", { name, exact }).first();

/** Follows a tab of the page, `name` as written on it, and waits for the screen. */
export async function goTo(page, name) {
  await page.locator("antiphon-tabs:visible").getByRole("link", { name, exact: true }).click();
  await page
    .locator(name === "Call" ? "antiphon-call-screen h1" : `antiphon-${name.toLowerCase()}-screen h1`)
    .first()
    .waitFor();
}

/** Joins a room from its lobby without a microphone. */
export async function listen(page, address) {
  await page.goto(address);
  await button(page, "Join listen-only").click();
  await page.getByText("Nobody else is here yet.").waitFor();
}
