import type { MicrophoneHint } from "./devices/microphone-watch.ts";
import type { LocalStream } from "./local-stream.ts";
import type { Settings } from "./settings/settings.ts";
import type { VoiceError } from "./voice-error.ts";

/** Whether audio runs. `suspended`: the browser waits for a user gesture; call `resume()` in one. */
export type EngineState = "running" | "suspended" | "closed";

/** Events of the engine. */
export type VoiceEngineEvents = {
  readonly "settings-changed": { readonly settings: Settings };
  readonly "state-changed": { readonly state: EngineState };
  /** Opened, closed, or fed by another device. */
  readonly "microphone-changed": { readonly microphone: LocalStream | undefined };
  /** The device vanished and nothing could take its place; it is tried again by itself. */
  readonly "microphone-lost": { readonly error: VoiceError };
  readonly "microphone-hint": { readonly hint: MicrophoneHint };
  readonly "mute-changed": { readonly isMuted: boolean; readonly isDeafened: boolean };
  /** Model and runtime of the accurate voice detector are being loaded. */
  readonly "voice-detector-progress": { readonly loadedBytes: number; readonly totalBytes: number };
  /** Something failed that nobody was waiting for. */
  readonly error: { readonly error: VoiceError };
};
