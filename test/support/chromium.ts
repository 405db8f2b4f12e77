import { type Browser, chromium } from "playwright-core";
import { chromiumPath, chromiumSwitches } from "./chromium-path.mjs";

/** How to start a browser process. */
export interface ChromiumOptions {
  /** A WAV file the synthetic microphone plays, from the moment the microphone opens, in a loop. */
  readonly microphone?: string;
  /** Further command line switches. */
  readonly switches?: readonly string[];
}

/** Starts one Chromium process (its own browser, so its own microphone). The caller closes it. */
export function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const microphone =
    options.microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${options.microphone}`];
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: false,
    ignoreDefaultArgs: ["--mute-audio"],
    args: [...chromiumSwitches, ...microphone, ...(options.switches ?? [])],
  });
}
