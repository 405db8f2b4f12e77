/** Where Chromium is: `CHROMIUM` in the environment, or the first of the places packages install it to. */
import { existsSync } from "node:fs";

const candidates = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Path of the browser's executable. Throws where none is installed: the message says what to install. */
export function chromiumPath() {
  const found = candidates.find((path) => path !== undefined && path !== "" && existsSync(path));
  if (found === undefined) {
    throw new Error("Cannot find Chromium: install it (Debian: apt install chromium) or set CHROMIUM to its path");
  }
  return found;
}

/**
 * Switches for a headless Chromium that runs as any user, offline, with a synthetic microphone that needs no permission
 * prompt and with peer connections allowed over loopback.
 */
export const chromiumSwitches = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
  "--disable-features=WebRtcHideLocalIpsWithMdns",
  // A page in the background keeps its full timer rate: several pages of a call share one machine in tests.
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];
