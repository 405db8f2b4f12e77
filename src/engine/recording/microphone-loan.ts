import type { AudioTap } from "../threading/audio-tap.ts";
import type { CaptureTapPoint } from "../threading/capture-messages.ts";

/** A local stream, as far as recording cares. */
export type TappableStream = { tap(point: CaptureTapPoint): AudioTap | undefined };

/** What borrowing the engine's microphone takes. */
export type MicrophoneLender = {
  readonly microphone: () => TappableStream | undefined;
  /** Rejects with the VoiceErrors of `VoiceEngine.openMicrophone`. */
  readonly openMicrophone: () => Promise<TappableStream>;
  readonly closeMicrophone: () => void;
  readonly isInRoom: () => boolean;
  readonly isMuted: () => boolean;
  readonly setMuted: (isMuted: boolean) => void;
};

/**
 * The engine's microphone while a note is recorded. What is said into a note is not for the room: the microphone is muted
 * there meanwhile, and afterwards everything is as it was before.
 */
export class MicrophoneLoan {
  readonly #lender: MicrophoneLender;
  readonly #wasOpen: boolean;
  readonly #wasMuted: boolean;
  #isReturned = false;

  private constructor(lender: MicrophoneLender) {
    this.#lender = lender;
    this.#wasOpen = lender.microphone() !== undefined;
    this.#wasMuted = lender.isMuted();
  }

  /** Borrows the microphone, opening it when it is closed. Rejects with the VoiceErrors of `VoiceEngine.openMicrophone`. */
  static async take(lender: MicrophoneLender): Promise<MicrophoneLoan> {
    const loan = new MicrophoneLoan(lender);
    // Muted before it is opened: not one word may get into the room.
    if (lender.isInRoom()) lender.setMuted(true);
    try {
      await lender.openMicrophone();
    } catch (error) {
      loan.giveBack();
      throw error;
    }
    return loan;
  }

  /** Closes the microphone unless it was open before, and unmutes it unless it was muted before. Idempotent. */
  giveBack(): void {
    if (this.#isReturned) return;
    this.#isReturned = true;
    const lender = this.#lender;
    if (!this.#wasOpen) lender.closeMicrophone();
    if (lender.isInRoom() && !this.#wasMuted) lender.setMuted(false);
  }
}
