import type { InputSettings } from "../settings/input-settings.ts";

/** Constraints of `getUserMedia` with the one that TypeScript's library does not list yet. */
export type MicrophoneConstraints = MediaTrackConstraints & { readonly voiceIsolation?: boolean };

/**
 * What to ask of the browser for `settings`. Only the device is demanded; everything else is asked for and may be granted
 * otherwise. `deviceId` empty means the system's default device.
 */
export function microphoneConstraints(settings: InputSettings, deviceId: string): MicrophoneConstraints {
  return {
    ...(deviceId === "" ? {} : { deviceId: { exact: deviceId } }),
    channelCount: { ideal: settings.channels === "mono" ? 1 : 2 },
    sampleRate: { ideal: settings.sampleRate },
    echoCancellation: settings.echoCancellation,
    noiseSuppression: settings.noiseSuppression,
    autoGainControl: settings.autoGainControl,
    voiceIsolation: settings.voiceIsolation,
  };
}

/** One kind of processing the browser may do before the engine gets the signal. */
export type BrowserProcessing = "echoCancellation" | "noiseSuppression" | "autoGainControl" | "voiceIsolation";

/** Every {@link BrowserProcessing}. */
export const BROWSER_PROCESSING: readonly BrowserProcessing[] = [
  "echoCancellation",
  "noiseSuppression",
  "autoGainControl",
  "voiceIsolation",
];

/** What was granted; undefined where the browser does not say. */
export type GrantedProcessing = Readonly<Record<BrowserProcessing, boolean | undefined>>;

/** What the browser says it does to a track, from its `getSettings()`. */
export function grantedProcessing(granted: MediaTrackSettings): GrantedProcessing {
  const claim = (kind: BrowserProcessing): boolean | undefined => {
    const value: unknown = Reflect.get(granted, kind);
    return typeof value === "string" ? true : typeof value === "boolean" ? value : undefined;
  };
  return {
    echoCancellation: claim("echoCancellation"),
    noiseSuppression: claim("noiseSuppression"),
    autoGainControl: claim("autoGainControl"),
    voiceIsolation: claim("voiceIsolation"),
  };
}
