import type { MicrophoneGrant, MicrophoneHint, VoiceEngine, VoiceError } from "../../engine/index.ts";
import { announceMissingSpeaker } from "./announce-missing-speaker.ts";
import { notices } from "./notices.ts";
import { settingsStore } from "./settings-store.ts";

/** What a session does about the engine's events. */
export type EngineFollower = {
  /** Something to be seen is different. */
  readonly changed: () => void;
  readonly microphoneLost: (isLost: boolean) => void;
  readonly hinted: (hint: MicrophoneHint) => void;
  readonly failed: (error: VoiceError) => void;
  /** Following ends when it aborts. */
  readonly signal: AbortSignal;
};

/** Keeps the page's settings and the engine's equal in both directions, and reports what the engine tells. */
export function followEngine(
  engine: VoiceEngine,
  { changed, microphoneLost, hinted, failed, signal }: EngineFollower,
): void {
  settingsStore.addEventListener("change", ({ settings }) => engine.configure(settings), { signal });
  engine.addEventListener("settings-changed", ({ settings }) => settingsStore.follow(settings), { signal });
  engine.addEventListener("state-changed", changed, { signal });
  engine.addEventListener("mute-changed", changed, { signal });
  engine.addEventListener(
    "microphone-changed",
    ({ microphone }) => {
      if (microphone !== undefined) {
        microphoneLost(false);
        announceFallback(engine.microphoneGrant);
      }
    },
    { signal },
  );
  engine.addEventListener(
    "microphone-lost",
    () => {
      microphoneLost(true);
      notices.show("The microphone was unplugged", { tone: "warn" });
    },
    { signal },
  );
  engine.addEventListener("microphone-hint", ({ hint }) => hinted(hint), { signal });
  engine.addEventListener("error", ({ error }) => failed(error), { signal });
  engine.devices.addEventListener("changed", changed, { signal });
  announceMissingSpeaker(engine, signal);
}

/** Says when the system's default stands in for the chosen microphone. */
function announceFallback(grant: MicrophoneGrant | undefined): void {
  if (grant?.isFallback === true) {
    notices.show(`The chosen microphone is missing: “${grant.deviceLabel}” is used until it is back`, { tone: "warn" });
  }
}
