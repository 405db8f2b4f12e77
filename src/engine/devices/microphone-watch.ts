import type { Milliseconds } from "../media/units.ts";

/** Something the user should know about the microphone. */
export type MicrophoneHint = "silent" | "talking-while-muted" | "none";

/** What the watch looks at. */
export type MicrophoneObservation = {
  readonly now: Milliseconds;
  readonly isMuted: boolean;
  /** Before any processing, dBFS. */
  readonly inputPeakDb: number;
  /** 0…1. */
  readonly voiceProbability: number;
};

/** Peak under which an open microphone counts as dead, dBFS: below the noise of any working analogue input at 16 bits. */
const DEAD_PEAK_DB = -90;
/** How long it has to be dead before the user is told, ms. */
const DEAD_AFTER_MS: Milliseconds = 5_000;
/** Voice while muted has to last this long, ms: a cough is not a sentence. */
const TALKING_AFTER_MS: Milliseconds = 600;
/** Voice probability that counts as talking; the activation's default for opening. */
const TALKING_PROBABILITY = 0.6;
/** Peak under which voice while muted is somebody else in the room, dBFS. */
const TALKING_PEAK_DB = -45;

/** Notices "unmuted but silent" and "talking while muted". Pure; look a few times a second. */
export class MicrophoneWatch {
  #deadSince: Milliseconds | undefined;
  #talkingSince: Milliseconds | undefined;

  /** What there is to say right now. */
  update({ now, isMuted, inputPeakDb, voiceProbability }: MicrophoneObservation): MicrophoneHint {
    const isDead = !isMuted && inputPeakDb < DEAD_PEAK_DB;
    const isTalking = isMuted && voiceProbability >= TALKING_PROBABILITY && inputPeakDb > TALKING_PEAK_DB;
    this.#deadSince = isDead ? (this.#deadSince ?? now) : undefined;
    this.#talkingSince = isTalking ? (this.#talkingSince ?? now) : undefined;
    if (this.#deadSince !== undefined && now - this.#deadSince >= DEAD_AFTER_MS) {
      return "silent";
    }
    return this.#talkingSince !== undefined && now - this.#talkingSince >= TALKING_AFTER_MS
      ? "talking-while-muted"
      : "none";
  }
}
