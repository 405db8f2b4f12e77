import type { Note, NoteAudio, NoteEdit } from "./note.ts";
import { type NoteWorkbench, noteAudio } from "./note-workbench.ts";
import type { PolishSettings } from "./polish-recording.ts";
import type { TrackPlan } from "./recording-messages.ts";
import { DEFAULT_TRIM } from "./trim-silence.ts";

/** What is to be done to a note. */
export type PolishOptions = {
  /** Drop silent ends and shorten long pauses. */
  readonly trim?: boolean;
  /** Bring it to −16 LUFS without a true peak over −1 dBTP. */
  readonly normalise?: boolean;
  /** 0…1. */
  readonly onProgress?: (fraction: number) => void;
};

/** Loudness of normalised notes, LUFS. */
const TARGET_LUFS = -16;

/** bit/s per channel of an edited note: higher than a first recording's, so that coding twice stays inaudible. */
const BITRATE = 56_000;

/** The files that notes are given to other programs in. */
export type ExportFormat = "ogg" | "wav";

/**
 * Trims and normalises a note. The sound before stays until the note is deleted, so it can be reverted. Rejects with VoiceError
 * `unsupported` or `storage-full`, and then changes nothing.
 */
export async function polishNote(workbench: NoteWorkbench, note: Note, options: PolishOptions): Promise<Note> {
  const settings: PolishSettings = {
    ...(options.trim === true ? { trim: DEFAULT_TRIM } : {}),
    ...(options.normalise === true ? { targetLufs: TARGET_LUFS } : {}),
  };
  const edits: NoteEdit[] = [];
  if (options.trim === true) edits.push("trimmed");
  if (options.normalise === true) edits.push("normalised");
  if (edits.length === 0) return note;
  const library = await workbench.library();
  const source = await library.file(note);
  const audio = await workbench.run({ kind: "polish", source, settings, track: freshTrack(note) }, options.onProgress);
  return replaceAudio(workbench, note, audio, edits);
}

/** Cuts a note down to the stretch from `start` to `end`, in seconds. Rejects like {@link polishNote}. */
export async function cutNote(workbench: NoteWorkbench, note: Note, start: number, end: number): Promise<Note> {
  const from = Math.max(0, Math.round(start * 48_000));
  const to = Math.min(note.samples, Math.round(end * 48_000));
  if (!(to > from)) throw new RangeError(`A note cannot be cut to the stretch from ${start} to ${end} seconds`);
  const library = await workbench.library();
  const source = await library.file(note);
  const audio = await workbench.run({ kind: "cut", source, start: from, end: to, track: freshTrack(note) });
  return replaceAudio(workbench, note, audio, ["cut"]);
}

/** Gives a note its first sound back. */
export async function revertNote(workbench: NoteWorkbench, note: Note): Promise<Note> {
  const { original, edits: _edits, ...rest } = note;
  if (original === undefined) return note;
  const library = await workbench.library();
  const reverted = await library.put({ ...rest, ...original });
  await library.removeFile(note.file);
  return reverted;
}

/** A note as a file of its own: Ogg Opus as it is stored, or decoded to 16-bit PCM WAV. */
export async function exportNote(workbench: NoteWorkbench, note: Note, format: ExportFormat): Promise<File> {
  const library = await workbench.library();
  const stored = await library.file(note);
  const name = fileNameOf(note);
  if (note.format === "wav") return new File([stored], `${name}.wav`, { type: "audio/wav" });
  if (format === "ogg") return new File([stored], `${name}.opus`, { type: "audio/ogg; codecs=opus" });
  const wav = await decodeToWav(workbench, note, stored);
  return new File([wav], `${name}.wav`, { type: "audio/wav" });
}

/** Decodes an Opus recording to WAV with our own decoder: for export, and for browsers that cannot play Ogg Opus. */
export async function decodeToWav(
  workbench: NoteWorkbench,
  { channels }: Pick<Note, "channels">,
  source: Blob,
): Promise<Blob> {
  const library = await workbench.library();
  const track: TrackPlan = { file: `${crypto.randomUUID()}.wav`, format: "wav", channels };
  const end = Number.MAX_SAFE_INTEGER;
  const { file } = await workbench.run({ kind: "cut", source, start: 0, end, track });
  const wav = await library.file({ file, format: "wav" });
  // The bytes leave the file before it is deleted.
  const copy = new Blob([await wav.arrayBuffer()], { type: "audio/wav" });
  await library.removeFile(file);
  return copy;
}

async function replaceAudio(
  workbench: NoteWorkbench,
  note: Note,
  audio: NoteAudio,
  edits: readonly NoteEdit[],
): Promise<Note> {
  const library = await workbench.library();
  const done = [...new Set([...(note.edits ?? []), ...edits])];
  const original = note.original ?? noteAudio(note);
  const replaced = await library.put({ ...note, ...audio, original, edits: done });
  if (note.original !== undefined) await library.removeFile(note.file);
  return replaced;
}

function freshTrack({ channels }: Note): TrackPlan {
  const file = `${crypto.randomUUID()}.opus`;
  return { file, format: "opus", channels, bitrate: BITRATE * channels, tags: { title: "Voice note" } };
}

function fileNameOf({ title, createdAt }: Note): string {
  const stamp = new Date(createdAt).toISOString().slice(0, 19).replaceAll(":", "-");
  const words = title.replace(/[^\p{L}\p{N} _-]/gu, "").trim();
  return words === "" ? `voice-note-${stamp}` : words;
}
