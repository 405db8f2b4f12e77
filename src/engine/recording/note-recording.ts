import { TypedEventTarget } from "../typed-event-target.ts";
import type { VoiceError } from "../voice-error.ts";
import type { Note } from "./note.ts";
import type { TakeEndReason } from "./recording-messages.ts";
import type { TakeEnd, TakeProgress } from "./recording-thread.ts";

/** What a recording does now. `waiting`: for a voice. */
export type NoteRecordingState = "waiting" | "recording" | "paused" | "saving" | "ended";

/** Why a recording has ended: `cancelled` by its user, or see `TakeEndReason`. */
export type NoteEndReason = TakeEndReason | "cancelled";

/** How a recording ended. */
export type NoteRecordingEnd = {
  readonly reason: NoteEndReason;
  /** The note; undefined when nothing was said. A cancelled one is discarded, and can be restored for a few seconds. */
  readonly note: Note | undefined;
  /** Why, for people; empty when it ended as wished. */
  readonly message: string;
};

/** Events of a recording. */
export type NoteRecordingEvents = {
  /** State, length or waveform are different now. */
  readonly changed: object;
  /** The greatest length is near. */
  readonly warning: { readonly secondsLeft: number };
  readonly ended: NoteRecordingEnd;
};

/** What a {@link NoteRecording} acts on. */
export type NoteRecordingParts = {
  readonly maxSamples: number;
  readonly isTriggered: boolean;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly finish: () => Promise<TakeEnd>;
  /** Stores what was taken. */
  readonly save: (end: TakeEnd, isCancelled: boolean) => Promise<Note | undefined>;
};

/** How long before the greatest length the warning comes, in samples: 10 s. */
const WARNING_SAMPLES = 480_000;

/** A voice note that is being recorded. Made by `Notes.record`. */
export class NoteRecording extends TypedEventTarget<NoteRecordingEvents> {
  readonly #parts: NoteRecordingParts;
  readonly #peaks: number[] = [];
  readonly #done = Promise.withResolvers<NoteRecordingEnd>();
  #state: NoteRecordingState;
  #samples = 0;
  #isWarned = false;
  #isCancelled = false;

  constructor(parts: NoteRecordingParts) {
    super();
    this.#parts = parts;
    this.#state = parts.isTriggered ? "waiting" : "recording";
    this.#done.promise.catch(() => undefined);
  }

  get state(): NoteRecordingState {
    return this.#state;
  }

  /** Length so far. */
  get seconds(): number {
    return this.#samples / 48_000;
  }

  /** Seconds until the recording ends by itself. */
  get secondsLeft(): number {
    return (this.#parts.maxSamples - this.#samples) / 48_000;
  }

  /** The envelope so far, see waveform-peaks.ts. Grows in place. */
  get peaks(): readonly number[] {
    return this.#peaks;
  }

  /** Settles when the recording is stored. Rejects with a VoiceError when it broke. */
  get done(): Promise<NoteRecordingEnd> {
    return this.#done.promise;
  }

  /** Leaves out what is said until `resume`. Without effect while a recording waits for a voice. */
  pause(): void {
    if (this.#state === "recording" && !this.#parts.isTriggered) this.#set("paused", this.#parts.pause);
  }

  resume(): void {
    if (this.#state === "paused") this.#set("recording", this.#parts.resume);
  }

  /** Ends the recording and keeps it. Resolves like {@link NoteRecording.done}. */
  stop(): Promise<NoteRecordingEnd> {
    if (this.#state !== "saving" && this.#state !== "ended") {
      this.#set("saving");
      // What comes of it arrives by `ended`.
      this.#parts.finish().catch(() => undefined);
    }
    return this.done;
  }

  /** Ends the recording and discards it; `Notes.restore` brings it back within a few seconds. */
  cancel(): Promise<NoteRecordingEnd> {
    if (this.#state !== "saving" && this.#state !== "ended") this.#isCancelled = true;
    return this.stop();
  }

  /** News from the recording thread. */
  progress({ samples, isWaiting, peaks }: TakeProgress): void {
    this.#samples = samples;
    for (const peak of peaks) this.#peaks.push(peak);
    if (this.#state === "waiting" && !isWaiting) this.#state = "recording";
    this.emit("changed", {});
    if (!this.#isWarned && this.#parts.maxSamples - samples <= WARNING_SAMPLES && this.#state === "recording") {
      this.#isWarned = true;
      this.emit("warning", { secondsLeft: this.secondsLeft });
    }
  }

  /** The take has ended, by `stop` or by itself. */
  async takeEnded(end: TakeEnd): Promise<void> {
    try {
      const note = await this.#parts.save(end, this.#isCancelled);
      const reason = this.#isCancelled && end.reason === "finished" ? "cancelled" : end.reason;
      this.#end({ reason, note, message: end.message });
    } catch (error) {
      this.takeFailed(error as VoiceError);
    }
  }

  /** The take broke. */
  takeFailed(error: VoiceError): void {
    this.#done.reject(error);
    this.#state = "ended";
    this.emit("ended", { reason: "failed", note: undefined, message: error.message });
    this.emit("changed", {});
  }

  #end(end: NoteRecordingEnd): void {
    this.#state = "ended";
    this.#done.resolve(end);
    this.emit("ended", end);
    this.emit("changed", {});
  }

  #set(state: NoteRecordingState, act?: () => void): void {
    act?.();
    this.#state = state;
    this.emit("changed", {});
  }
}
