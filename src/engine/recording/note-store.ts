import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { toVoiceError } from "../voice-error.ts";
import type { Note } from "./note.ts";
import { RECORDINGS_FOLDER } from "./recordings-folder.ts";

interface Schema extends DBSchema {
  notes: { key: string; value: Note };
  /** Files of browsers without an origin private file system. */
  files: { key: string; value: Blob };
}

const DATABASE = "antiphon-recordings";
const VERSION = 1;

/** What is left of the browser's storage, in bytes; Infinity where it does not tell. */
export async function availableStorage(): Promise<number> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? Number.POSITIVE_INFINITY : Math.max(0, quota - (usage ?? 0));
  } catch {
    // A browser that does not tell may still store: the write itself will say.
    return Number.POSITIVE_INFINITY;
  }
}

/** Keeps notes on this device: what is known about them in IndexedDB, their sound in files. Window or worker thread. */
export class NoteStore {
  readonly #database: IDBPDatabase<Schema>;
  readonly #folder: FileSystemDirectoryHandle | undefined;

  private constructor(database: IDBPDatabase<Schema>, folder: FileSystemDirectoryHandle | undefined) {
    this.#database = database;
    this.#folder = folder;
  }

  /** Rejects with VoiceError `unsupported` where the browser keeps nothing, as in some private windows. */
  static async open(): Promise<NoteStore> {
    try {
      const database = await openDB<Schema>(DATABASE, VERSION, {
        upgrade: (fresh) => {
          fresh.createObjectStore("notes", { keyPath: "id" });
          fresh.createObjectStore("files");
        },
        // Another tab brings a newer page: let it, and go on without the store.
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      });
      return new NoteStore(database, await recordingsFolder());
    } catch (error) {
      throw toVoiceError(error, "unsupported", "Cannot keep recordings in this browser");
    }
  }

  /** All notes, oldest first. */
  async all(): Promise<readonly Note[]> {
    const notes = await this.#database.getAll("notes");
    return notes.toSorted((a, b) => a.createdAt - b.createdAt);
  }

  /** Adds or replaces a note. Rejects with VoiceError `storage-full`. */
  async put(note: Note): Promise<void> {
    await this.#guard(this.#database.put("notes", note));
  }

  /** Forgets a note and deletes its files. */
  async remove(note: Note): Promise<void> {
    await this.#database.delete("notes", note.id);
    await this.removeFile(note.file);
    if (note.original !== undefined) await this.removeFile(note.original.file);
  }

  /** The file called `name`, or undefined when it is gone. */
  async file(name: string): Promise<Blob | undefined> {
    try {
      const handle = await this.#folder?.getFileHandle(name);
      if (handle !== undefined) return await handle.getFile();
    } catch (error) {
      if (!isMissing(error)) throw toVoiceError(error, "unsupported", "Cannot read the recording");
    }
    return this.#database.get("files", name);
  }

  /** Keeps a file that the recording worker could not write itself. Rejects with VoiceError `storage-full`. */
  async putFile(name: string, contents: Blob): Promise<void> {
    await this.#guard(this.#database.put("files", contents, name));
  }

  /** Deletes a file; does nothing when it is gone. */
  async removeFile(name: string): Promise<void> {
    await this.#database.delete("files", name);
    try {
      await this.#folder?.removeEntry(name);
    } catch (error) {
      // A file that is still open is deleted by the sweep of the next visit.
      if (!isMissing(error) && !isLocked(error))
        throw toVoiceError(error, "unsupported", "Cannot delete the recording");
    }
  }

  /** Deletes files that no note refers to, such as those of work that a crash interrupted. */
  async sweep(): Promise<void> {
    const known = new Set((await this.all()).flatMap(({ file, original }) => [file, original?.file]));
    for (const name of await this.#fileNames()) {
      if (!known.has(name)) await this.removeFile(name);
    }
  }

  /** Releases the database. Idempotent. */
  close(): void {
    this.#database.close();
  }

  async #fileNames(): Promise<readonly string[]> {
    const names = await this.#database.getAllKeys("files");
    for await (const name of this.#folder?.keys() ?? []) names.push(name);
    return names;
  }

  async #guard(task: Promise<unknown>): Promise<void> {
    try {
      await task;
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
      throw toVoiceError(error, isFull ? "storage-full" : "unsupported", "Cannot keep the recording");
    }
  }
}

async function recordingsFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(RECORDINGS_FOLDER, { create: true });
  } catch {
    // No origin private file system here: files go into the database.
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotFoundError";
}

function isLocked(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NoModificationAllowedError";
}
