import { toVoiceError, VoiceError } from "./voice-error.ts";

/** Loads a worklet module into `context`. Rejects with VoiceError `worklet-failed`, `unsupported` or `insecure-context`. */
export async function addWorkletModule(context: AudioContext, url: string): Promise<void> {
  const worklet: AudioWorklet | undefined = context.audioWorklet;
  if (worklet === undefined) {
    throw new VoiceError(
      globalThis.isSecureContext ? "unsupported" : "insecure-context",
      "Cannot process audio: browsers offer AudioWorklet only to pages served over HTTPS or from localhost",
    );
  }
  try {
    await worklet.addModule(url);
  } catch (error) {
    throw toVoiceError(error, "worklet-failed", `Cannot load the audio processor ${url}`);
  }
}
