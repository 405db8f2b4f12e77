/** The hint that a page records and plays at the same time, where the browser takes it (Safari 16.4 and later). */
type NavigatorWithAudioSession = Navigator & { readonly audioSession?: { type: string } };

/** Keeps the screen on during a call and tells the system that this is one. Both are hints: where they are missing the call goes on without. */
export class StayAwake {
  #lock: WakeLockSentinel | undefined;
  #isWanted = false;

  constructor() {
    // The system releases the lock whenever the page is hidden.
    document.addEventListener("visibilitychange", () => void this.#request());
  }

  /** Begins or ends with the call. */
  set(isInCall: boolean): void {
    if (isInCall === this.#isWanted) {
      return;
    }
    this.#isWanted = isInCall;
    const { audioSession }: NavigatorWithAudioSession = navigator;
    if (audioSession !== undefined) {
      audioSession.type = isInCall ? "play-and-record" : "auto";
    }
    if (isInCall) {
      void this.#request();
    } else {
      void this.#lock?.release();
      this.#lock = undefined;
    }
  }

  async #request(): Promise<void> {
    if (!this.#isWanted || document.visibilityState !== "visible" || !("wakeLock" in navigator)) {
      return;
    }
    try {
      this.#lock = await navigator.wakeLock.request("screen");
    } catch (error) {
      if (!(error instanceof DOMException)) {
        throw error;
      }
      // The battery is low or a policy forbids it: the screen may go dark, the call does not mind.
    }
  }
}
