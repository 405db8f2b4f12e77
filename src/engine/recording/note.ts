/**
 * Where a note is in its life. `recording`: being taken, perhaps in another tab. `draft`: recovered after its page died, for
 * the user to keep or not. `discarded`: deleted, and still there for a few seconds to be restored.
 */
export type NoteState = "recording" | "draft" | "ready" | "discarded";

/** Where a note comes from. */
export type NoteOrigin = "recorded" | "received" | "imported" | "call";

/** The sound of a note: a file, its length and its waveform. */
export type NoteAudio = {
  /** Name in the recordings' folder. */
  readonly file: string;
  readonly format: "opus" | "wav";
  readonly channels: 1 | 2;
  /** Samples at 48 kHz per channel. */
  readonly samples: number;
  readonly bytes: number;
  /** See waveform-peaks.ts. */
  readonly peaks: Uint8Array<ArrayBuffer>;
};

/** A voice note, or one track of a recorded call. Immutable; the store replaces it. */
export type Note = NoteAudio & {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly state: NoteState;
  readonly origin: NoteOrigin;
  readonly isPlayed: boolean;
  /** When it was discarded, milliseconds since 1970. */
  readonly discardedAt?: number;
  /** Who sent it, or who speaks in this track of a call. */
  readonly speaker?: string;
  /** Notes that belong together: the tracks of one call. */
  readonly groupId?: string;
  /** The sound before it was polished or cut. */
  readonly original?: NoteAudio;
  /** What was done to it. */
  readonly edits?: readonly NoteEdit[];
};

/** Something done to the sound of a note. */
export type NoteEdit = "trimmed" | "normalised" | "cut";

/** Length of a note in seconds. */
export function noteSeconds({ samples }: Pick<Note, "samples">): number {
  return samples / 48_000;
}
