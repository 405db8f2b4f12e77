import { TypedEventTarget } from "../typed-event-target.ts";
import { toVoiceError, type VoiceError } from "../voice-error.ts";
import { type CallRecorderHost, CallRecording, type RecordCallOptions } from "./call-recorder.ts";
import { importNote } from "./import-note.ts";
import type { Note } from "./note.ts";
import { cutNote, type ExportFormat, exportNote, type PolishOptions, polishNote, revertNote } from "./note-editing.ts";
import { type ArrivingNote, NoteExchange, type NoteRoom, type SentNote } from "./note-exchange.ts";
import { NotePlayer } from "./note-player.ts";
import type { NoteRecording } from "./note-recording.ts";
import { type NoteTakerHost, type RecordOptions, takeNote } from "./note-taker.ts";
import { NoteWorkbench, type NoteWorkbenchOptions } from "./note-workbench.ts";

/** What notes need of the engine. */
export type NotesHost = NoteTakerHost &
  NoteWorkbenchOptions &
  CallRecorderHost & { readonly room: () => NoteRoom | undefined };

/** Events of `engine.notes`. */
export type NotesEvents = {
  /** A note was added, changed or deleted, here or in another tab. */
  readonly changed: object;
  /** A recording has begun or ended. */
  readonly "recording-changed": { readonly recording: NoteRecording | undefined };
  /** A note from somebody in the room has arrived whole. */
  readonly received: { readonly note: Note };
  readonly error: { readonly error: VoiceError };
};

/**
 * `engine.notes`: voice notes of this device: record, keep, play, edit, import and export. Main thread. Nothing is loaded
 * before the first use.
 */
export class Notes extends TypedEventTarget<NotesEvents> {
  /** The one player of the page. */
  readonly player: NotePlayer;
  readonly #host: NotesHost;
  readonly #workbench: NoteWorkbench;
  readonly #exchange: NoteExchange;
  #list: readonly Note[] = [];
  #recording: NoteRecording | undefined;
  #callRecording: CallRecording | undefined;
  #isStarting = false;
  #opening: Promise<void> | undefined;

  constructor(host: NotesHost) {
    super();
    this.#host = host;
    this.#workbench = new NoteWorkbench(host);
    this.player = new NotePlayer(this.#workbench, () => host.settings().output.deviceId);
    this.#exchange = new NoteExchange(this.#workbench);
    this.#exchange.addEventListener("changed", () => this.emit("changed", {}));
    this.#exchange.addEventListener("received", ({ note }) => this.emit("received", { note }));
    this.#exchange.addEventListener("error", ({ error }) => this.emit("error", { error }));
    this.player.addEventListener("error", ({ error }) => this.emit("error", { error }));
  }

  /** Reads the notes of this device. Call once before `list`. Rejects with VoiceError `unsupported`. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Notes and recovered drafts, oldest first; without what is being recorded or was discarded. */
  get list(): readonly Note[] {
    return this.#list;
  }

  /** Notes on their way here from others, waveform first. */
  get arriving(): readonly ArrivingNote[] {
    return this.#exchange.arriving;
  }

  /** The recording that goes on now. */
  get recording(): NoteRecording | undefined {
    return this.#recording;
  }

  /**
   * Starts to record. Opens the microphone if it is closed, and keeps what is said out of the room. Rejects with VoiceError
   * `permission-denied`, `no-microphone`, `microphone-busy`, `storage-full` or `unsupported`; throws TypeError while another
   * recording goes on.
   */
  async record(options: RecordOptions = {}): Promise<NoteRecording> {
    if (this.#recording !== undefined || this.#isStarting)
      throw new TypeError("Stop the recording before the next one");
    this.#isStarting = true;
    try {
      await this.open();
      // A note should outlive a full disk: ask, and go on whatever the browser says.
      void navigator.storage.persist?.().catch(() => undefined);
      const recording = await takeNote(this.#host, this.#workbench, options);
      this.#recording = recording;
      recording.addEventListener("ended", () => this.#setRecording(undefined), { once: true });
      this.#setRecording(recording);
      return recording;
    } finally {
      this.#isStarting = false;
    }
  }

  /** The recording of the call that goes on now. */
  get callRecording(): CallRecording | undefined {
    return this.#callRecording;
  }

  /**
   * Records everything that is heard, your own microphone and everybody else, each to a track of its own, and tells the room.
   * Rejects with VoiceError `storage-full` or `unsupported`; throws TypeError while a call is recorded already.
   */
  async recordCall(options: RecordCallOptions = {}): Promise<CallRecording> {
    if (this.#callRecording !== undefined || this.#isStarting)
      throw new TypeError("Stop the recording before the next one");
    this.#isStarting = true;
    try {
      await this.open();
      const recording = await CallRecording.start(this.#host, this.#workbench, options);
      this.#callRecording = recording;
      const forget = (): void => {
        this.#callRecording = undefined;
        this.emit("recording-changed", { recording: this.#recording });
      };
      recording.done.then(forget, forget);
      this.emit("recording-changed", { recording: this.#recording });
      return recording;
    } finally {
      this.#isStarting = false;
    }
  }

  /** Deletes a note. `restore` brings it back within 5 seconds. */
  async discard(note: Note): Promise<void> {
    if (this.player.note?.id === note.id) this.player.stop();
    await (await this.#workbench.library()).discard(note);
  }

  /** Brings a discarded note back. Resolves to undefined when it is gone for good. */
  async restore(note: Note): Promise<Note | undefined> {
    return (await this.#workbench.library()).restore(note.id);
  }

  /** Makes a recovered draft an ordinary note. */
  async keepDraft(note: Note): Promise<Note> {
    return (await this.#workbench.library()).put({ ...note, state: "ready" });
  }

  /** Gives a note a name. */
  async rename(note: Note, title: string): Promise<Note> {
    return (await this.#workbench.library()).put({ ...note, title: title.trim().slice(0, 200) });
  }

  /** Trims silence and normalises loudness. Rejects with VoiceError `unsupported` or `storage-full`. */
  polish(note: Note, options: PolishOptions): Promise<Note> {
    return this.#edit(note, () => polishNote(this.#workbench, note, options));
  }

  /** Cuts a note down to the stretch from `start` to `end`, in seconds. Rejects like `polish`. */
  cut(note: Note, start: number, end: number): Promise<Note> {
    return this.#edit(note, () => cutNote(this.#workbench, note, start, end));
  }

  /** Undoes everything that was done to the sound of a note. */
  revert(note: Note): Promise<Note> {
    return this.#edit(note, () => revertNote(this.#workbench, note));
  }

  /** Makes a note of a sound file. Rejects with VoiceError `unsupported` or `storage-full`. */
  async import(file: File): Promise<Note> {
    await this.open();
    return importNote(this.#workbench, file, { origin: "imported", title: file.name.replace(/\.[^.]+$/, "") });
  }

  /** A note as a file for other programs. Rejects with VoiceError `unsupported` or `storage-full`. */
  export(note: Note, format: ExportFormat): Promise<File> {
    return exportNote(this.#workbench, note, format);
  }

  /**
   * Sends a note to everybody in the room, or to the peers in `to`. Resolves when it is offered; the result tells how far it
   * is. Rejects with VoiceError `unsupported` when its file is gone; throws TypeError outside a room.
   */
  async send(note: Note, to?: readonly { readonly id: string }[]): Promise<SentNote> {
    const room = this.#host.room();
    if (room === undefined) throw new TypeError("Join a room before sending a note");
    return this.#exchange.send(
      room,
      note,
      to?.map(({ id }) => id),
    );
  }

  /** Takes the notes of the room's members from now on. Used by the engine. */
  follow(room: NoteRoom): void {
    this.#exchange.follow(room);
  }

  /** Ends the recording, keeps it, and releases everything. Idempotent. */
  async close(): Promise<void> {
    this.player.stop();
    await this.#callRecording?.stop().catch(() => undefined);
    await this.#recording?.stop().catch(() => undefined);
    await this.#workbench.close();
  }

  async #open(): Promise<void> {
    const library = await this.#workbench.library();
    const refresh = (): void => {
      this.#list = library.all.filter(({ state }) => state === "ready" || state === "draft");
      this.emit("changed", {});
    };
    library.addEventListener("changed", refresh);
    refresh();
  }

  /** The player must not hold a file that is about to be replaced. */
  async #edit(note: Note, edit: () => Promise<Note>): Promise<Note> {
    if (this.player.note?.id === note.id) this.player.stop();
    try {
      return await edit();
    } catch (error) {
      throw toVoiceError(error, "unsupported", "Cannot change the note");
    }
  }

  #setRecording(recording: NoteRecording | undefined): void {
    this.#recording = recording;
    this.emit("recording-changed", { recording });
  }
}
