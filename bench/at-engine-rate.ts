import { captureOffline } from "../src/engine/capture/offline-capture.ts";
import { coreModule } from "../test/support/core-module.ts";
import { readOfflineSettings } from "./offline-settings.ts";
import type { Audio } from "./wav.ts";

/** Up to two channels at 48 kHz, whatever the rate they have: through the chain's own resampler, with every stage off. */
export function atEngineRate({ sampleRate, channels }: Audio): readonly Float32Array[] {
  if (sampleRate === 48_000) return channels.slice(0, 2);
  const bypass = readOfflineSettings(
    new Map([
      ["suppressor", "off"],
      ["activation", "open"],
      ["lufs", "off"],
      ["high-pass", "off"],
      ["limiter", "off"],
      ["channels", String(Math.min(2, channels.length))],
      ["complexity", "0"],
    ]),
  );
  const { capture, encoder } = bypass;
  return captureOffline({ core: coreModule(), capture, encoder, channels: channels.slice(0, 2), sampleRate }).processed;
}
