import * as v from "valibot";
import { type CaptureSettings, captureSettingsSchema } from "./capture-settings.ts";
import { type EncoderSettings, encoderSettingsSchema } from "./encoder-settings.ts";
import { type InputSettings, inputSettingsSchema } from "./input-settings.ts";
import { type NetworkSettings, networkSettingsSchema } from "./network-settings.ts";
import {
  type JitterBufferSettings,
  jitterBufferSettingsSchema,
  type OutputSettings,
  outputSettingsSchema,
} from "./playout-settings.ts";
import { type UiSettings, uiSettingsSchema } from "./ui-settings.ts";

/** The version written by this build. */
export const SETTINGS_VERSION = 1;

/** Everything a user can choose, as one JSON document. Immutable: change it with `applyPatch`. */
export type Settings = {
  readonly version: typeof SETTINGS_VERSION;
  readonly input: InputSettings;
  readonly capture: CaptureSettings;
  readonly encoder: EncoderSettings;
  readonly jitterBuffer: JitterBufferSettings;
  readonly output: OutputSettings;
  readonly network: NetworkSettings;
  readonly ui: UiSettings;
};

/** Schema of a complete {@link Settings} document. `parseSettings` is the lenient way in. */
export const settingsSchema: v.GenericSchema<unknown, Settings> = v.object({
  version: v.literal(SETTINGS_VERSION),
  input: inputSettingsSchema,
  capture: captureSettingsSchema,
  encoder: encoderSettingsSchema,
  jitterBuffer: jitterBufferSettingsSchema,
  output: outputSettingsSchema,
  network: networkSettingsSchema,
  ui: uiSettingsSchema,
});
