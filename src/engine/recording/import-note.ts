import { VoiceError } from "../voice-error.ts";
import type { Note, NoteAudio, NoteOrigin } from "./note.ts";
import type { NoteWorkbench } from "./note-workbench.ts";
import type { TrackPlan } from "./recording-messages.ts";

/** Where an imported recording comes from. */
export type ImportOptions = {
  readonly origin: Extract<NoteOrigin, "imported" | "received">;
  readonly title: string;
  readonly speaker?: string;
};

/** Longest sound that is decoded in memory, in seconds: two hours of stereo are 2.8 GB of samples. */
const LONGEST_DECODED_SECONDS = 7_200;

/** bit/s per channel that imported sound is encoded at. */
const BITRATE = 64_000;

/**
 * Makes a note of a recording. Opus in Ogg or WebM keeps its packets; anything else that the browser decodes (WAV, MP3, AAC,
 * FLAC) is encoded. Rejects with VoiceError `unsupported` for what is no sound, and `storage-full`.
 */
export async function importNote(workbench: NoteWorkbench, source: Blob, options: ImportOptions): Promise<Note> {
  const library = await workbench.library();
  const audio = await importAudio(workbench, source, options.title);
  const { origin, title, speaker } = options;
  return library.put({
    ...audio,
    id: crypto.randomUUID(),
    title,
    createdAt: Date.now(),
    state: "ready",
    origin,
    isPlayed: origin !== "received",
    ...(speaker === undefined ? {} : { speaker }),
  });
}

async function importAudio(workbench: NoteWorkbench, source: Blob, title: string): Promise<NoteAudio> {
  const track = (channels: 1 | 2): TrackPlan => ({
    file: `${crypto.randomUUID()}.opus`,
    format: "opus",
    channels,
    bitrate: BITRATE * channels,
    tags: { title },
  });
  const head = new Uint8Array(await source.slice(0, 64).arrayBuffer());
  if (looksLikeOpus(head)) {
    try {
      return await workbench.run({ kind: "rewrite", source, track: track(channelsIn(head)) });
    } catch (error) {
      if (!(error instanceof VoiceError) || error.code !== "unsupported") throw error;
      // Vorbis in Ogg, or Opus with more channels than two: the browser may still decode it.
    }
  }
  const decoded = await decode(source);
  const left = decoded.getChannelData(0).slice();
  const right = decoded.numberOfChannels > 1 ? decoded.getChannelData(1).slice() : undefined;
  return workbench.run({ kind: "encode", left, right, track: track(right === undefined ? 1 : 2) });
}

async function decode(source: Blob): Promise<AudioBuffer> {
  try {
    const context = new OfflineAudioContext({ numberOfChannels: 1, length: 1, sampleRate: 48_000 });
    const decoded = await context.decodeAudioData(await source.arrayBuffer());
    if (decoded.duration > LONGEST_DECODED_SECONDS) throw new RangeError("it is longer than two hours");
    return decoded;
  } catch (error) {
    const reason = error instanceof RangeError ? error.message : "the browser cannot decode it";
    throw new VoiceError("unsupported", `Cannot open the recording: ${reason}. Try a WAV, Ogg or MP3 file`, {
      cause: error,
    });
  }
}

/** "OggS" and "OpusHead" in its first page, or the EBML header of WebM. */
function looksLikeOpus(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head);
  return (text.startsWith("OggS") && text.includes("OpusHead")) || text.startsWith("\x1a\x45\xdf\xa3");
}

/** The channel count stands behind "OpusHead" and the version; WebM keeps it elsewhere, and only the plan needs it. */
function channelsIn(head: Uint8Array): 1 | 2 {
  const at = String.fromCharCode(...head).indexOf("OpusHead");
  return at >= 0 && head[at + 9] === 2 ? 2 : 1;
}
