import type { VoiceEngine } from "../../engine/index.ts";
import { settingsStore } from "./settings-store.ts";

/** The talk key and button. In a mode without a talk key, holding it while muted unmutes until it is released. */
export class TalkControl {
  #isDown = false;
  #wasMuted = false;

  /** Whether the key or button is down. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** The key or button went down or up. False when that is not news. */
  set(engine: VoiceEngine, isDown: boolean): boolean {
    if (isDown === this.#isDown) {
      return false;
    }
    this.#isDown = isDown;
    engine.setTalkKey(isDown);
    const { mode } = settingsStore.settings.capture.activation;
    if (mode === "open" || mode === "voice") {
      if (isDown) {
        this.#wasMuted = engine.isMuted;
      }
      if (this.#wasMuted) {
        engine.setMuted(!isDown);
      }
    }
    return true;
  }
}
