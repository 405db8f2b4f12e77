import { millisecondsToSamples } from "../media/units.ts";
import type { ActivationSettings } from "../settings/activation-settings.ts";
import type { TalkKey } from "./talk-key.ts";

/**
 * Decides when the microphone transmits: the mode, the hold time, mute and the talk key. Decides only; TransmitBuffer
 * acts. One update per tick (480 samples at 48 kHz).
 */
export class Activation {
  #settings: ActivationSettings;
  #holdUntil = Number.NEGATIVE_INFINITY;
  #isMuted = false;
  #isOpen = false;
  #isSealed = false;

  constructor(settings: ActivationSettings) {
    this.#settings = settings;
  }

  /** Whether audio goes out now. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the user, not silence, closed the gate: what was said until now must never be sent. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  /** Whether the gate waits for a voice, so that a pre-roll is worth keeping. */
  get keepsPreRoll(): boolean {
    return this.#settings.mode === "voice" && !this.#isMuted;
  }

  /** Mute, independent of every mode. Takes effect at the next `update`. */
  set isMuted(isMuted: boolean) {
    this.#isMuted = isMuted;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** New settings, live. */
  configure(settings: ActivationSettings): void {
    this.#settings = settings;
  }

  /** Takes the detector's decision for the tick that ends at `now` (samples). */
  update(isVoice: boolean, key: TalkKey, now: number): void {
    if (isVoice) this.#holdUntil = now + millisecondsToSamples(this.#settings.holdMs);
    const isWanted = this.#isWanted(isVoice, key, now);
    this.#isOpen = isWanted && !this.#isMuted;
    this.#isSealed = this.#isMuted || (!isWanted && this.#settings.mode !== "voice");
  }

  /** Forgets the past; mute stays. */
  reset(): void {
    this.#holdUntil = Number.NEGATIVE_INFINITY;
    this.#isOpen = false;
    this.#isSealed = false;
  }

  #isWanted(isVoice: boolean, key: TalkKey, now: number): boolean {
    switch (this.#settings.mode) {
      case "open":
        return true;
      case "voice":
        return isVoice || now < this.#holdUntil;
      case "push-to-talk":
        return key.isActive(now);
      case "push-to-mute":
        return !key.isActive(now);
      case "toggle":
        return key.isToggled;
    }
  }
}
