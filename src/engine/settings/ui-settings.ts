import * as v from "valibot";

/** What a key can do; the talk key is `capture.pushToTalk.key`. */
export type KeyAction = "mute" | "deafen" | "chat" | "mixer" | "diagnostics" | "studio" | "benchmark" | "note" | "help";

/** Preferences of the page that travel with the settings document. */
export type UiSettings = {
  readonly theme: "system" | "light" | "dark";
  /** Shows every control of the Studio instead of the simple set. */
  readonly isAdvanced: boolean;
  /** `KeyboardEvent.code` for each action. */
  readonly keys: Readonly<Record<KeyAction, string>>;
};

const code = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** Schema of {@link UiSettings}. */
export const uiSettingsSchema: v.GenericSchema<unknown, UiSettings> = v.object({
  theme: v.picklist(["system", "light", "dark"]),
  isAdvanced: v.boolean(),
  keys: v.object({
    mute: code,
    deafen: code,
    chat: code,
    mixer: code,
    diagnostics: code,
    studio: code,
    benchmark: code,
    note: code,
    help: code,
  }),
});
