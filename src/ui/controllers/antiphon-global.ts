import type { VoiceEngine } from "../../engine/index.ts";

declare global {
  /** The engine of the running page, for scripting and diagnosis. */
  var antiphon: VoiceEngine | undefined;
}

/** Puts the engine where the console finds it. */
export function publishEngine(engine: VoiceEngine): void {
  globalThis.antiphon = engine;
}
