import type { VoiceEngineOptions } from "./engine-options.ts";

/** An AudioContext of the least latency, or of what the engine's options ask for. */
export function createAudioContext(
  options: Pick<VoiceEngineOptions, "latencyHint" | "renderSizeHint">,
  sampleRate: number | undefined,
): AudioContext {
  const { latencyHint = 0, renderSizeHint } = options;
  // Browsers that do not know renderSizeHint ignore it (Web Audio 1.1; Chromium has it).
  const contextOptions: AudioContextOptions & { readonly renderSizeHint?: number } = {
    latencyHint,
    ...(sampleRate === undefined ? {} : { sampleRate }),
    ...(renderSizeHint === undefined ? {} : { renderSizeHint }),
  };
  return new AudioContext(contextOptions);
}
