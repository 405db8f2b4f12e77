import { TypedEventTarget } from "../typed-event-target.ts";
import { toVoiceError, type VoiceError } from "../voice-error.ts";
import { importNote } from "./import-note.ts";
import type { Note } from "./note.ts";
import { describeNote, NOTE_FILE_KIND, type NoteOffer, parseNoteOffer } from "./note-offer.ts";
import type { NoteWorkbench } from "./note-workbench.ts";

/** A file that a peer offers, as far as notes care; see session/files/incoming-file.ts. */
export type OfferedFile = {
  readonly description: {
    readonly id: string;
    readonly size: number;
    readonly kind: string;
    readonly metadata: unknown;
  };
  readonly blob: Promise<Blob>;
  readonly received: number;
  accept(): void;
  decline(): void;
  cancel(): void;
  addEventListener(type: "changed", listener: () => void): void;
};

/** A file on its way to others, as far as notes care; see session/files/outgoing-file.ts. */
export type SentNote = {
  readonly transfers: readonly { readonly peerId: string; readonly state: string; readonly sent: number }[];
  readonly isFinished: boolean;
  readonly description: { readonly size: number };
  finished(): Promise<void>;
  cancel(): void;
  addEventListener(type: "changed", listener: () => void): void;
};

/** A room, as far as notes care. */
export type NoteRoom = {
  sendFile(
    blob: Blob,
    options: {
      readonly kind: string;
      readonly metadata: unknown;
      readonly name: string;
      /** Ids of the peers; everybody without it. */
      readonly to?: readonly string[];
    },
  ): SentNote;
  addEventListener(
    type: "file-offered",
    listener: (event: { readonly peer: { readonly name: string }; readonly file: OfferedFile }) => void,
  ): void;
};

/** A note on its way here: its bars are there before its sound. */
export type ArrivingNote = NoteOffer & {
  readonly id: string;
  /** Who sends it: untrusted text. */
  readonly speaker: string;
  /** Share that has arrived, 0…1. */
  readonly progress: number;
  /** Gives it up. */
  readonly cancel: () => void;
};

/** Events of the exchange. */
export type NoteExchangeEvents = {
  /** Notes on their way are more, fewer, or further. */
  readonly changed: object;
  readonly received: { readonly note: Note };
  readonly error: { readonly error: VoiceError };
};

/** Larger files are no voice notes: two hours at twice our bitrate, in bytes. */
const LARGEST_BYTES = 80_000_000;

/** Sends notes to the members of a room and takes theirs. Main thread. */
export class NoteExchange extends TypedEventTarget<NoteExchangeEvents> {
  readonly #workbench: NoteWorkbench;
  readonly #arriving = new Map<
    string,
    { readonly offer: NoteOffer; readonly speaker: string; readonly file: OfferedFile }
  >();

  constructor(workbench: NoteWorkbench) {
    super();
    this.#workbench = workbench;
  }

  /** Notes on their way here, in the order they were offered. */
  get arriving(): readonly ArrivingNote[] {
    return [...this.#arriving].map(([id, { offer, speaker, file }]) => ({
      ...offer,
      id,
      speaker,
      progress: file.received / Math.max(1, file.description.size),
      cancel: () => file.cancel(),
    }));
  }

  /** Offers a note to everybody in the room, or to the peers whose ids are in `to`. Rejects with VoiceError `unsupported`. */
  async send(room: NoteRoom, note: Note, to?: readonly string[]): Promise<SentNote> {
    const library = await this.#workbench.library();
    const file = await library.file(note);
    return room.sendFile(file, {
      kind: NOTE_FILE_KIND,
      name: file.name,
      metadata: describeNote(note),
      ...(to === undefined ? {} : { to }),
    });
  }

  /** Takes the notes that members of `room` send, from now on. */
  follow(room: NoteRoom): void {
    room.addEventListener("file-offered", ({ peer, file }) => {
      if (file.description.kind === NOTE_FILE_KIND) void this.#take(peer.name, file);
    });
  }

  async #take(speaker: string, file: OfferedFile): Promise<void> {
    const { id, size, metadata } = file.description;
    const offer = parseNoteOffer(metadata);
    if (offer === undefined || size > LARGEST_BYTES) {
      file.decline();
      return;
    }
    this.#arriving.set(id, { offer, speaker, file });
    file.addEventListener("changed", () => this.emit("changed", {}));
    this.emit("changed", {});
    file.accept();
    try {
      const blob = await file.blob;
      const options = { origin: "received", title: offer.title, speaker } as const;
      this.emit("received", { note: await importNote(this.#workbench, blob, options) });
    } catch (error) {
      this.emit("error", { error: toVoiceError(error, "closed", `Cannot receive the note from ${speaker}`) });
    } finally {
      this.#arriving.delete(id);
      this.emit("changed", {});
    }
  }
}
