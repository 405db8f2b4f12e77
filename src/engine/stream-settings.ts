import { applyPatch, type DeepPartial } from "./settings/apply-patch.ts";
import { defaultSettings } from "./settings/default-settings.ts";
import type { EncoderSettings } from "./settings/encoder-settings.ts";
import type { InputSettings } from "./settings/input-settings.ts";
import { PRESETS } from "./settings/presets.ts";
import type { Settings } from "./settings/settings.ts";
import type { CaptureNodeSettings } from "./threading/capture-messages.ts";

/** How the microphone is processed and encoded. */
export function microphoneSettingsOf({ capture, encoder, input }: Settings): CaptureNodeSettings {
  return { capture, encoder, channels: input.channels };
}

/** What is asked of the microphone's device: the browser suppresses noise when it is the chosen suppressor. */
export function inputSettingsOf({ capture, input }: Settings): InputSettings {
  return { ...input, noiseSuppression: input.noiseSuppression || capture.suppressor.kind === "browser" };
}

/** How a stream beside the microphone is encoded: as music, without processing. Throws RangeError or TypeError. */
export function streamSettings(encoder: DeepPartial<EncoderSettings>): CaptureNodeSettings {
  const music = applyPatch(defaultSettings, PRESETS.music);
  return microphoneSettingsOf(applyPatch(music, { encoder }));
}
