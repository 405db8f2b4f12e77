import { captureOffline } from "../src/engine/capture/offline-capture.ts";
import { coreModule } from "../test/support/core-module.ts";
import { readOfflineSettings } from "./offline-settings.ts";
import { readWav } from "./wav.ts";

/** The first channel of a WAV file at 48 kHz, whatever its rate. */
export function loadAt48k(path: string): Float32Array {
  const { channels, sampleRate } = readWav(path);
  if (sampleRate === 48_000) return channels[0] ?? new Float32Array(0);
  const bypass = readOfflineSettings(
    new Map([
      ["suppressor", "off"],
      ["activation", "open"],
      ["lufs", "off"],
      ["high-pass", "off"],
      ["limiter", "off"],
    ]),
  );
  const { capture, encoder } = bypass;
  const options = { core: coreModule(), capture, encoder, sampleRate };
  return captureOffline({ ...options, channels: channels.slice(0, 1) }).processed[0] ?? new Float32Array(0);
}
