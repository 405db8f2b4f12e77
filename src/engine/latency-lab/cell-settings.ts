import { applyPatch, type SettingsPatch } from "../settings/apply-patch.ts";
import { defaultSettings } from "../settings/default-settings.ts";
import { FRAME_DURATIONS } from "../settings/encoder-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { chunkMs, type LatencyCell } from "./latency-cell.ts";
import { encoderPatch } from "./recommend-setting.ts";

/** Opus bitrate of frames of 10 ms and more, bit/s; shorter ones get what `encoderPatch` says. */
export const LAB_BITRATE = 48_000;

/** Everything that changes the signal or adds delay switched off: capture → Opus → network → jitter buffer → output. */
const BARE: SettingsPatch = {
  capture: {
    highPass: { isEnabled: false },
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
    limiter: { isEnabled: false },
  },
  output: { limiter: { isEnabled: false } },
};

/** The default chain with the gate open: chirps are not speech, and activation would rightly cut them. */
const PROCESSED: SettingsPatch = { capture: { activation: { mode: "open" }, leveler: { isEnabled: false } } };

/**
 * The engine's settings for a cell.
 *
 * @throws RangeError when the engine has no such frame
 */
export function cellSettings(cell: LatencyCell): Settings {
  const frameDuration = FRAME_DURATIONS.find((duration) => duration === chunkMs(cell));
  if (frameDuration === undefined) throw new RangeError("Packets carry Opus frames of 2.5, 5, 10, 20, 40 or 60 ms");
  const { jitterMs } = cell.buffer;
  const patches: readonly SettingsPatch[] = [
    cell.hasProcessing ? PROCESSED : BARE,
    { encoder: { bitrate: LAB_BITRATE, fec: false, ...encoderPatch(frameDuration) } },
    jitterMs === "auto" ? {} : { jitterBuffer: { mode: "manual", targetMs: jitterMs } },
  ];
  return patches.reduce((settings: Settings, patch) => applyPatch(settings, patch), defaultSettings);
}
