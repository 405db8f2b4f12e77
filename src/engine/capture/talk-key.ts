import { millisecondsToSamples } from "../media/units.ts";
import type { PushToTalkSettings } from "../settings/capture-settings.ts";

/**
 * The talk key as a state over time: held, in its release delay, locked by a double press, toggled. Instants are sample
 * counts of the chain's clock. Whoever watches the keyboard reports keyup also on blur, visibilitychange, pagehide and
 * pointercancel.
 */
export class TalkKey {
  #releaseDelay = 0;
  #lockWindow = 0;
  #isDown = false;
  #isLocked = false;
  #isToggled = false;
  #pressedAt = Number.NEGATIVE_INFINITY;
  #releasedAt = Number.NEGATIVE_INFINITY;

  constructor(settings: PushToTalkSettings) {
    this.configure(settings);
  }

  /** Whether a double press holds the key down until the next press. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** Changes with every press; for toggle mode. */
  get isToggled(): boolean {
    return this.#isToggled;
  }

  /** New settings, live. */
  configure(settings: PushToTalkSettings): void {
    this.#releaseDelay = millisecondsToSamples(settings.releaseDelayMs);
    this.#lockWindow = millisecondsToSamples(settings.doublePressLockMs);
    if (this.#lockWindow === 0) this.#isLocked = false;
  }

  /** The key went down or up at `now`. Repeats are ignored. */
  set(isDown: boolean, now: number): void {
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    if (!isDown) {
      this.#releasedAt = now;
      return;
    }
    this.#isToggled = !this.#isToggled;
    if (this.#isLocked) this.#isLocked = false;
    else if (now - this.#pressedAt <= this.#lockWindow && this.#lockWindow > 0) this.#isLocked = true;
    this.#pressedAt = now;
  }

  /** Whether the key counts as held at `now`: down, locked, or within the release delay. */
  isActive(now: number): boolean {
    return this.#isDown || this.#isLocked || now - this.#releasedAt < this.#releaseDelay;
  }

  /** As if it had never been pressed. */
  reset(): void {
    this.#isDown = false;
    this.#isLocked = false;
    this.#isToggled = false;
    this.#pressedAt = Number.NEGATIVE_INFINITY;
    this.#releasedAt = Number.NEGATIVE_INFINITY;
  }
}
