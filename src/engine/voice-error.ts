/**
 * Every way an operation of the engine can fail for reasons outside the caller's control.
 *
 * | code | meaning |
 * |---|---|
 * | `permission-denied` | the user or a policy refused the microphone |
 * | `no-microphone` | no audio input is connected, or the chosen one is gone |
 * | `microphone-busy` | the operating system would not start the device |
 * | `overconstrained` | no device offers what the settings demand |
 * | `insecure-context` | the page is not served over HTTPS or from localhost |
 * | `audio-suspended` | the browser wants a user gesture before audio may start |
 * | `output-unavailable` | the chosen output device cannot be used |
 * | `signalling-unreachable` | the signalling server cannot be reached |
 * | `room-full` | the room has as many members as it accepts |
 * | `wrong-secret` | the link's secret does not match the room's |
 * | `intercepted` | somebody sits between this side and the other one, who know the same secret |
 * | `not-admitted` | the room is locked, or its host refused or removed this member |
 * | `version-mismatch` | the other side speaks an incompatible protocol version |
 * | `peer-unreachable` | no direct or relayed path to the other side was found |
 * | `worklet-failed` | an audio processor could not be loaded, or stopped with an error |
 * | `wasm-failed` | a WebAssembly module could not be loaded or instantiated |
 * | `storage-full` | the browser's storage quota is used up |
 * | `unsupported` | the browser lacks something the operation needs |
 * | `closed` | the object was closed before or during the operation |
 */
export type VoiceErrorCode =
  | "permission-denied"
  | "no-microphone"
  | "microphone-busy"
  | "overconstrained"
  | "insecure-context"
  | "audio-suspended"
  | "output-unavailable"
  | "signalling-unreachable"
  | "room-full"
  | "wrong-secret"
  | "intercepted"
  | "not-admitted"
  | "version-mismatch"
  | "peer-unreachable"
  | "worklet-failed"
  | "wasm-failed"
  | "storage-full"
  | "unsupported"
  | "closed";

/**
 * An operational failure. The message says what was attempted, what went wrong and what to do about it; `code` is
 * for programs. Mistakes of the caller are `TypeError` or `RangeError` instead.
 */
export class VoiceError extends Error {
  readonly code: VoiceErrorCode;

  constructor(code: VoiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "VoiceError";
    this.code = code;
  }
}

/** The given error when it is a VoiceError already, else a VoiceError with `code` that keeps it as its cause. */
export function toVoiceError(error: unknown, code: VoiceErrorCode, attempt: string): VoiceError {
  if (error instanceof VoiceError) {
    return error;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new VoiceError(code, `${attempt}: ${reason}`, { cause: error });
}
