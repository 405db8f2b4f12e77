import * as v from "valibot";
import { integerIn, SETTING_RANGES } from "./ranges.ts";

/** Which channels of the input device are sent. `"left"` and `"right"` send one side as mono. */
export type InputChannels = "mono" | "stereo" | "left" | "right";

/** What is asked of the microphone. The browser may grant something else: show what `getSettings()` says. */
export type InputSettings = {
  /** Device id; empty for the system default. */
  readonly deviceId: string;
  /** Label at the time of choice: finds the device again when ids have changed. */
  readonly deviceLabel: string;
  readonly channels: InputChannels;
  /** Rate of the capture context, Hz. Everything inside runs at 48 kHz whatever this is. */
  readonly sampleRate: number;
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
  readonly voiceIsolation: boolean;
};

/** Schema of {@link InputSettings}. */
export const inputSettingsSchema: v.GenericSchema<unknown, InputSettings> = v.object({
  deviceId: v.pipe(v.string(), v.maxLength(512)),
  deviceLabel: v.pipe(v.string(), v.maxLength(512)),
  channels: v.picklist(["mono", "stereo", "left", "right"]),
  sampleRate: integerIn(SETTING_RANGES.input.sampleRate),
  echoCancellation: v.boolean(),
  noiseSuppression: v.boolean(),
  autoGainControl: v.boolean(),
  voiceIsolation: v.boolean(),
});
