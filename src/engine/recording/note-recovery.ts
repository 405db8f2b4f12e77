import { VoiceError } from "../voice-error.ts";
import type { Note, NoteAudio } from "./note.ts";
import type { NoteLibrary } from "./note-library.ts";
import type { RecordingJob } from "./recording-messages.ts";
import { tryLock } from "./web-lock.ts";

/** Bytes of a WAV header, as wav-sink.ts writes it. */
const WAV_HEADER_BYTES = 44;

/** The lock that says: this note is being recorded right now. */
export function recordingLock(noteId: string): string {
  return `antiphon-note-${noteId}`;
}

/**
 * Makes drafts of recordings whose page died: the file is whole up to the last second before, and becomes a proper recording
 * again. Recordings that are going on in another tab are left alone. Never rejects: what cannot be read is deleted.
 */
export async function recoverDrafts(
  library: NoteLibrary,
  run: (job: RecordingJob) => Promise<NoteAudio>,
): Promise<void> {
  for (const note of library.all.filter(({ state }) => state === "recording")) {
    const release = await tryLock(recordingLock(note.id));
    if (release === undefined) continue;
    try {
      const audio = await recovered(library, note, run);
      await library.put({ ...note, ...audio, state: "draft" });
      if (audio.file !== note.file) await library.removeFile(note.file);
    } catch (error) {
      const isFull = error instanceof VoiceError && error.code === "storage-full";
      // No room for a whole new file: the broken one is shown as it is, and most players take it. Otherwise nothing had
      // reached the disk yet, or it is no recording: there is nothing to show.
      if (isFull && note.samples > 0) await library.keep({ ...note, state: "draft" });
      else if (!isFull) await library.remove(note);
    } finally {
      release();
    }
  }
}

async function recovered(
  library: NoteLibrary,
  note: Note,
  run: (job: RecordingJob) => Promise<NoteAudio>,
): Promise<NoteAudio> {
  const source = await library.file(note);
  const { file, format, channels, peaks } = note;
  if (format === "wav") {
    const samples = Math.floor((source.size - WAV_HEADER_BYTES) / (2 * channels));
    if (samples <= 0) throw new RangeError("The recording holds no sound");
    return { file, format, channels, samples, bytes: source.size, peaks };
  }
  const audio = await run({
    kind: "rewrite",
    source,
    track: { file: `${crypto.randomUUID()}.opus`, format, channels },
  });
  if (audio.samples === 0) throw new RangeError("The recording holds no sound");
  return audio;
}
