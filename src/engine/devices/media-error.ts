import { VoiceError } from "../voice-error.ts";

/**
 * The VoiceError for a failed `getUserMedia`, with the reason and the remedy in the words of the user. DOMException names
 * as in Media Capture and Streams.
 */
export function microphoneError(error: unknown, isSecureContext: boolean): VoiceError {
  if (error instanceof VoiceError) {
    return error;
  }
  const options = { cause: error };
  if (!isSecureContext) {
    return new VoiceError(
      "insecure-context",
      "Cannot open the microphone: browsers allow it only on pages served over HTTPS or from localhost",
      options,
    );
  }
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return new VoiceError(
        "permission-denied",
        "Cannot open the microphone: permission was refused. Allow it in the browser's site settings, or join listen-only",
        options,
      );
    case "NotFoundError":
      return new VoiceError(
        "no-microphone",
        "Cannot open the microphone: none is connected. Plug one in, or join listen-only",
        options,
      );
    case "NotReadableError":
    case "AbortError":
      return new VoiceError(
        "microphone-busy",
        "Cannot open the microphone: it is used by another application. Close that application and try again",
        options,
      );
    case "OverconstrainedError":
      return new VoiceError(
        "overconstrained",
        "Cannot open the microphone: it does not offer what the settings demand. Choose another device or other settings",
        options,
      );
    default:
      return new VoiceError(
        "unsupported",
        `Cannot open the microphone: ${error instanceof Error ? error.message : String(error)}`,
        options,
      );
  }
}
