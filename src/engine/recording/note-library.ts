import { TypedEventTarget } from "../typed-event-target.ts";
import { toVoiceError, VoiceError } from "../voice-error.ts";
import type { Note } from "./note.ts";
import { NoteStore } from "./note-store.ts";
import type { TakenTrack } from "./recording-messages.ts";

/** How long a discarded note can be restored, ms. */
export const UNDO_MS = 5_000;

/** Events of the library. */
export type NoteLibraryEvents = {
  /** The list is different now. */
  readonly changed: object;
};

/**
 * All notes of this device, in memory and in the store, in step over all tabs of the page. Main thread.
 */
export class NoteLibrary extends TypedEventTarget<NoteLibraryEvents> {
  readonly #store: NoteStore;
  readonly #channel = new BroadcastChannel("antiphon-notes");
  readonly #expiries = new Map<string, ReturnType<typeof setTimeout>>();
  #notes: ReadonlyMap<string, Note> = new Map();

  private constructor(store: NoteStore) {
    super();
    this.#store = store;
    this.#channel.onmessage = () => void this.#reload();
  }

  /** Opens the store and reads what is in it. Rejects with VoiceError `unsupported`. */
  static async open(): Promise<NoteLibrary> {
    const library = new NoteLibrary(await NoteStore.open());
    await library.#reload();
    return library;
  }

  /** Every note, discarded ones included, oldest first. */
  get all(): readonly Note[] {
    return [...this.#notes.values()];
  }

  get(id: string): Note | undefined {
    return this.#notes.get(id);
  }

  /** Adds or replaces a note. Rejects with VoiceError `storage-full`. */
  async put(note: Note): Promise<Note> {
    // Shown even when it does not fit the store: what is there can at least be played and saved elsewhere.
    this.#notes = sorted([...this.all.filter(({ id }) => id !== note.id), note]);
    this.emit("changed", {});
    await this.#store.put(note);
    this.#channel.postMessage({});
    return note;
  }

  /**
   * Adds or replaces a note whose sound is on disk already. When only its entry does not fit the store any more, it is shown
   * all the same, and the next visit finds it as a draft.
   */
  async keep(note: Note): Promise<Note> {
    try {
      return await this.put(note);
    } catch (error) {
      if (error instanceof VoiceError && error.code === "storage-full") return note;
      throw error;
    }
  }

  /** Deletes a note, at once and for good. */
  async remove(note: Note): Promise<void> {
    clearTimeout(this.#expiries.get(note.id));
    this.#expiries.delete(note.id);
    this.#notes = sorted(this.all.filter(({ id }) => id !== note.id));
    this.emit("changed", {});
    await this.#store.remove(note);
    this.#channel.postMessage({});
  }

  /** Deletes a note after {@link UNDO_MS}, during which `restore` brings it back. */
  async discard(note: Note): Promise<Note> {
    // Deleting is what makes room: a full store must not be in its way.
    const discarded = await this.keep({ ...note, state: "discarded", discardedAt: Date.now() });
    const timer = setTimeout(() => void this.#expire(note.id), UNDO_MS);
    clearTimeout(this.#expiries.get(note.id));
    this.#expiries.set(note.id, timer);
    return discarded;
  }

  /** Brings a discarded note back. Resolves to undefined when it is gone for good. */
  async restore(id: string): Promise<Note | undefined> {
    const note = this.#notes.get(id);
    if (note?.state !== "discarded") return note;
    clearTimeout(this.#expiries.get(id));
    this.#expiries.delete(id);
    return this.keep({ ...note, state: "ready" });
  }

  /** Deletes what was discarded when the page died, and files that belong to nothing. Call when nobody records. */
  async sweep(): Promise<void> {
    for (const note of this.all) {
      const isExpired = Date.now() - (note.discardedAt ?? 0) > UNDO_MS;
      if (note.state === "discarded" && isExpired) await this.remove(note);
    }
    await this.#store.sweep();
  }

  /** The sound of a note as a file. Rejects with VoiceError `unsupported` when the browser has deleted it. */
  async file({ file, format }: Pick<Note, "file" | "format">): Promise<File> {
    const blob = await this.#store.file(file);
    if (blob === undefined) {
      throw new VoiceError("unsupported", "Cannot open the recording: the browser has deleted its file");
    }
    const type = format === "wav" ? "audio/wav" : "audio/ogg; codecs=opus";
    return new File([blob], file, { type });
  }

  /** Keeps the sound that the recording worker could not write to a file itself. */
  async keepContents({ file, contents }: TakenTrack): Promise<void> {
    if (contents !== undefined) await this.#store.putFile(file, new Blob([contents]));
  }

  /** Deletes a file that belongs to no note any more. */
  removeFile(name: string): Promise<void> {
    return this.#store.removeFile(name);
  }

  /** Releases the store. Idempotent. */
  close(): void {
    for (const timer of this.#expiries.values()) clearTimeout(timer);
    this.#channel.close();
    this.#store.close();
  }

  async #expire(id: string): Promise<void> {
    const note = this.#notes.get(id);
    if (note?.state === "discarded") await this.remove(note);
  }

  async #reload(): Promise<void> {
    try {
      this.#notes = sorted(await this.#store.all());
    } catch (error) {
      throw toVoiceError(error, "unsupported", "Cannot read the recordings");
    }
    this.emit("changed", {});
  }
}

function sorted(notes: readonly Note[]): ReadonlyMap<string, Note> {
  return new Map(notes.toSorted((a, b) => a.createdAt - b.createdAt).map((note) => [note.id, note]));
}
