/** How a recording that starts and stops by voice behaves. */
export type VoiceTriggerSettings = {
  /** Audio kept from before the first word, in milliseconds. */
  readonly preRollMs: number;
  /** Silence that ends a recording, in milliseconds. */
  readonly silenceMs: number;
  /** Silence kept after the last word, in milliseconds; at most `silenceMs`. */
  readonly paddingMs: number;
  /** Speech a burst needs before it counts as somebody talking, in milliseconds. */
  readonly minSpeechMs: number;
  /** Speech probability at and above which a block is speech, 0…1. */
  readonly openProbability: number;
  /** Speech probability below which a block is silence once somebody talks, 0…1. */
  readonly closeProbability: number;
};

/** The settings that voice notes start from. */
export const DEFAULT_VOICE_TRIGGER: VoiceTriggerSettings = {
  preRollMs: 300,
  silenceMs: 2000,
  paddingMs: 300,
  minSpeechMs: 120,
  openProbability: 0.6,
  closeProbability: 0.35,
};

/** What the recorder does with the time up to now. */
export type VoiceTriggerDecision =
  | { readonly type: "wait" }
  /** Somebody talks: the recording begins at this sample, which lies in the past. */
  | { readonly type: "start"; readonly atSample: number }
  | { readonly type: "record" }
  /** Everybody is quiet: the recording ends at this sample, which lies in the past. */
  | { readonly type: "stop"; readonly atSample: number };

const WAIT: VoiceTriggerDecision = { type: "wait" };
const RECORD: VoiceTriggerDecision = { type: "record" };
const SAMPLES_PER_MS = 48;

/** Blocks below `closeProbability` that a burst survives before it is confirmed, in milliseconds. */
const CONFIRMATION_GAP_MS = 60;

/**
 * Decides from speech probabilities when a voice-triggered recording starts and stops. Positions are samples at
 * 48 kHz since the microphone was opened. Pure: the caller owns the audio and keeps at least
 * `preRollMs + minSpeechMs + 100` of it.
 */
export class VoiceTrigger {
  readonly #settings: VoiceTriggerSettings;
  #isRecording = false;
  #position = 0;
  #burstStart = 0;
  #burstSpeech = 0;
  #lastSpeechEnd = 0;
  #earliestStart = 0;

  constructor(settings: VoiceTriggerSettings = DEFAULT_VOICE_TRIGGER) {
    this.#settings = settings;
  }

  /** While recording: everything before this sample stays, whatever comes. */
  get keptUntil(): number {
    const { paddingMs, silenceMs } = this.#settings;
    return this.#lastSpeechEnd + Math.min(paddingMs, silenceMs) * SAMPLES_PER_MS;
  }

  /** Takes in the next block of `frames` samples and its speech probability. */
  advance(frames: number, probability: number): VoiceTriggerDecision {
    const start = this.#position;
    this.#position += frames;
    return this.#isRecording ? this.#whileRecording(probability) : this.#whileWaiting(start, frames, probability);
  }

  #whileWaiting(start: number, frames: number, probability: number): VoiceTriggerDecision {
    const { openProbability, closeProbability, minSpeechMs, preRollMs } = this.#settings;
    const isSpeech = probability >= (this.#burstSpeech > 0 ? closeProbability : openProbability);
    if (!isSpeech) {
      if (start + frames - this.#lastSpeechEnd > CONFIRMATION_GAP_MS * SAMPLES_PER_MS) this.#burstSpeech = 0;
      return WAIT;
    }
    if (this.#burstSpeech === 0) this.#burstStart = start;
    this.#burstSpeech += frames;
    this.#lastSpeechEnd = start + frames;
    if (this.#burstSpeech < minSpeechMs * SAMPLES_PER_MS) return WAIT;
    this.#isRecording = true;
    return { type: "start", atSample: Math.max(this.#earliestStart, this.#burstStart - preRollMs * SAMPLES_PER_MS) };
  }

  #whileRecording(probability: number): VoiceTriggerDecision {
    const { closeProbability, silenceMs } = this.#settings;
    if (probability >= closeProbability) {
      this.#lastSpeechEnd = this.#position;
      return RECORD;
    }
    if (this.#position - this.#lastSpeechEnd < silenceMs * SAMPLES_PER_MS) return RECORD;
    const atSample = this.keptUntil;
    this.#isRecording = false;
    this.#burstSpeech = 0;
    this.#earliestStart = atSample;
    return { type: "stop", atSample };
  }
}
