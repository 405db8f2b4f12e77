import type { VoiceEngineOptions } from "./engine-options.ts";
import { keepAwake } from "./keep-awake.ts";
import type { LatencyHint } from "./settings/playout-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { toVoiceError, VoiceError } from "./voice-error.ts";

/** What is asked of an AudioContext. */
export type ContextRequest = {
  readonly latencyHint: LatencyHint;
  /** Hz; `null` for the device's own. */
  readonly sampleRate: number | null;
};

/** What the settings ask of the context of microphones and other sources. */
export function captureRequest({ input, output }: Pick<Settings, "input" | "output">): ContextRequest {
  return { latencyHint: output.latencyHint, sampleRate: input.sampleRate };
}

/** What the settings ask of the context in which remote streams are played. */
export function playbackRequest({ output }: Pick<Settings, "output">): ContextRequest {
  return { latencyHint: output.latencyHint, sampleRate: output.sampleRate };
}

/** Whether two requests ask for the same. */
export function isSameRequest(one: ContextRequest, other: ContextRequest): boolean {
  return one.latencyHint === other.latencyHint && one.sampleRate === other.sampleRate;
}

/** An AudioContext that stays awake. Throws DOMException for a rate that the browser does not have. */
export function createAudioContext(
  { latencyHint, sampleRate }: ContextRequest,
  { renderSizeHint }: Pick<VoiceEngineOptions, "renderSizeHint">,
): AudioContext {
  // Browsers that do not know renderSizeHint ignore it (Web Audio 1.1; Chromium has it).
  const contextOptions: AudioContextOptions & { readonly renderSizeHint?: number } = {
    latencyHint,
    ...(sampleRate === null ? {} : { sampleRate }),
    ...(renderSizeHint === undefined ? {} : { renderSizeHint }),
  };
  const context = new AudioContext(contextOptions);
  keepAwake(context);
  return context;
}

/** How long a context may take to start before it counts as held back by the browser, ms. */
const RESUME_TIMEOUT_MS = 1_500;

/**
 * Starts a context that the browser has suspended. Rejects with VoiceError `audio-suspended` when it stays so: without a user
 * gesture `AudioContext.resume` neither resolves nor rejects.
 */
export async function resumeContext(context: AudioContext): Promise<void> {
  if (context.state === "running") {
    return;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, RESUME_TIMEOUT_MS);
  });
  try {
    await Promise.race([context.resume(), timeout]);
  } catch (error) {
    throw toVoiceError(error, "audio-suspended", "Cannot start audio");
  } finally {
    clearTimeout(timer);
  }
  // Read anew: it has changed meanwhile.
  const state = context.state as AudioContextState;
  if (state !== "running") {
    throw new VoiceError(
      "audio-suspended",
      "Cannot start audio: the browser waits for a click or a key press. Click anywhere on the page",
    );
  }
}
