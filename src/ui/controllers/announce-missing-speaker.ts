import type { VoiceEngine } from "../../engine/index.ts";
import { notices } from "./notices.ts";

/** Says once when the chosen speaker goes away and the default one plays instead, until `signal` aborts. */
export function announceMissingSpeaker(engine: VoiceEngine, signal: AbortSignal): void {
  let wasMissing = false;
  const look = (): void => {
    const isMissing = isSpeakerMissing(engine);
    if (isMissing && !wasMissing) {
      notices.show("The chosen speaker is missing: sound plays on the default one until it is back", { tone: "warn" });
    }
    wasMissing = isMissing;
  };
  engine.devices.addEventListener("changed", look, { signal });
  look();
}

/** Browsers name no devices before the microphone was allowed: then nobody can say what is missing. */
function isSpeakerMissing({ devices: { outputs }, settings }: VoiceEngine): boolean {
  const { deviceId, deviceLabel } = settings.output;
  const isReadable = outputs.some(({ label }) => label !== "");
  return deviceId !== "" && isReadable && !outputs.some(({ id, label }) => id === deviceId || label === deviceLabel);
}
