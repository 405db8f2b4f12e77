import {
  type Note,
  type NoteRecording,
  type NoteRecordingEnd,
  type Notes,
  type RecordOptions,
  TypedEventTarget,
  toVoiceError,
  type VoiceError,
} from "../../../engine/index.ts";
import { RecordGesture, type RecordInput, type RecordIntent } from "./record-gesture.ts";

/** What the recorder shows. `starting`: the microphone is being opened. */
export type ComposerPhase = "idle" | "starting" | "held" | "locked" | "voice";

/** Events of a composer. */
export type NoteComposerEvents = {
  readonly change: object;
  /** A recording was cancelled: it can be taken back for a few seconds. */
  readonly discarded: { readonly note: Note };
  /** A recording has become a note. */
  readonly kept: { readonly note: Note };
};

/**
 * The recorder's will: turns gestures into what happens to a recording, also while the microphone is still being opened. What
 * is wanted before the recording has begun happens when it has.
 */
export class NoteComposer extends TypedEventTarget<NoteComposerEvents> {
  readonly gesture = new RecordGesture();
  readonly #notes: () => Promise<Notes>;
  #phase: ComposerPhase = "idle";
  #recording: NoteRecording | undefined;
  #wanted: RecordIntent | undefined;
  #replaces: Note | undefined;
  #failure: VoiceError | undefined;
  #message = "";

  /** `notes` resolves to the engine's notes once it has started, and rejects when it cannot start. */
  constructor(notes: () => Promise<Notes>) {
    super();
    this.#notes = notes;
  }

  get phase(): ComposerPhase {
    return this.#phase;
  }

  get recording(): NoteRecording | undefined {
    return this.#recording;
  }

  /** What went wrong last; undefined once a recording has begun again. */
  get failure(): VoiceError | undefined {
    return this.#failure;
  }

  /** What there is to say about the last recording: that it ended early, or held nothing. */
  get message(): string {
    return this.#message;
  }

  /** The note that the recording is to take the place of. */
  get replaces(): Note | undefined {
    return this.#replaces;
  }

  /** Feeds the record button's gesture. */
  input(input: RecordInput): void {
    const intent = this.gesture.input(input);
    if (intent !== undefined) this.act(intent);
    else if (input.type === "move") this.emit("change", {});
  }

  /** Does what is wanted: start, lock, stop or cancel. */
  act(intent: RecordIntent): void {
    if (intent === "start") {
      if (this.#phase === "idle") void this.#start({});
      return;
    }
    if (this.#phase === "starting") {
      // The last word counts: a tap locks, and a press of Cancel after it cancels.
      this.#wanted = intent;
      return;
    }
    if (intent === "lock" && this.#phase === "held") this.#setPhase("locked");
    else if (intent === "stop") void this.#recording?.stop();
    else if (intent === "cancel") void this.#recording?.cancel();
  }

  /** Records hands-free in the place of a note. */
  recordAgain(note: Note): void {
    if (this.#phase !== "idle") return;
    this.#wanted = "lock";
    void this.#start({ replaces: note });
  }

  /** Waits for a voice and records it, again and again until `cancel` or `stop`. */
  listen(): void {
    if (this.#phase === "idle") void this.#start({ trigger: "voice" });
  }

  /** Ends listening for voices; what is being said is kept. */
  stopListening(): void {
    if (this.#phase === "voice") {
      this.#setPhase("locked");
      void this.#recording?.stop();
    }
  }

  togglePause(): void {
    const recording = this.#recording;
    if (recording?.state === "paused") recording.resume();
    else recording?.pause();
  }

  dismiss(): void {
    this.#failure = undefined;
    this.#message = "";
    this.emit("change", {});
  }

  async #start(options: RecordOptions): Promise<void> {
    this.#failure = undefined;
    this.#message = "";
    this.#replaces = options.replaces;
    this.#setPhase("starting");
    try {
      const notes = await this.#notes();
      const recording = await notes.record(options);
      this.#recording = recording;
      recording.addEventListener("changed", () => this.emit("change", {}));
      recording.addEventListener("warning", ({ secondsLeft }) => {
        this.#message = `The recording ends by itself in ${Math.ceil(secondsLeft)} seconds.`;
        this.emit("change", {});
      });
      recording.addEventListener("ended", (end) => this.#ended(end, options));
      this.#setPhase(options.trigger === "voice" ? "voice" : "held");
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted !== undefined) this.act(wanted);
    } catch (error) {
      this.#wanted = undefined;
      this.#replaces = undefined;
      this.#failure = toVoiceError(error, "unsupported", "Cannot record");
      this.#setPhase("idle");
    }
  }

  #ended({ reason, note, message }: NoteRecordingEnd, options: RecordOptions): void {
    const goesOn = this.#phase === "voice" && (reason === "silence" || reason === "max-length");
    this.#recording = undefined;
    this.#replaces = undefined;
    this.#message = wordsFor(reason, message, note);
    this.#setPhase("idle");
    if (note !== undefined && reason === "cancelled") this.emit("discarded", { note });
    else if (note !== undefined) this.emit("kept", { note });
    if (goesOn) void this.#start(options);
  }

  #setPhase(phase: ComposerPhase): void {
    this.#phase = phase;
    this.emit("change", {});
  }
}

function wordsFor(reason: NoteRecordingEnd["reason"], message: string, note: Note | undefined): string {
  switch (reason) {
    case "max-length":
      return "The recording has reached its greatest length and was kept.";
    case "storage-full":
      return `${message}. What was recorded until then was kept.`;
    case "failed":
      return message;
    case "finished":
      return note === undefined ? "Nothing was recorded." : "";
    default:
      return "";
  }
}
