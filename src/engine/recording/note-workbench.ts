import type { LoadableSuppressor } from "../settings/capture-settings.ts";
import type { WasmFile } from "../threading/worklet-port.ts";
import type { Note, NoteAudio } from "./note.ts";
import { NoteLibrary } from "./note-library.ts";
import { recoverDrafts } from "./note-recovery.ts";
import type { RecordingJob, TakenTrack, TrackPlan } from "./recording-messages.ts";
import { RecordingThread } from "./recording-thread.ts";
import { tryLock } from "./web-lock.ts";

/** Where the workbench gets WebAssembly modules from. */
export type RecordingFiles = {
  core(): Promise<WasmFile>;
  suppressor(kind: LoadableSuppressor): Promise<WasmFile>;
};

/** What the workbench is made of. */
export type NoteWorkbenchOptions = {
  readonly files: RecordingFiles;
  /** Address of recording.worker. */
  readonly workerUrl: string;
};

/** Everything that works on notes shares these: the library and the recording thread, each started when first needed. */
export class NoteWorkbench {
  readonly #options: NoteWorkbenchOptions;
  #library: Promise<NoteLibrary> | undefined;
  #thread: Promise<RecordingThread> | undefined;

  constructor(options: NoteWorkbenchOptions) {
    this.#options = options;
  }

  /** All notes; what a crash left behind has been recovered. Rejects with VoiceError `unsupported`. */
  library(): Promise<NoteLibrary> {
    this.#library ??= this.#openLibrary().catch((error: unknown) => {
      this.#library = undefined;
      throw error;
    });
    return this.#library;
  }

  /** The recording thread. Rejects with VoiceError `wasm-failed` or `unsupported`. */
  thread(): Promise<RecordingThread> {
    this.#thread ??= this.#startThread().catch((error: unknown) => {
      this.#thread = undefined;
      throw error;
    });
    return this.#thread;
  }

  /**
   * Does a job and keeps the file that comes of it. Rejects with VoiceError `unsupported` or `storage-full`.
   */
  async run(job: RecordingJob, onProgress?: (fraction: number) => void): Promise<NoteAudio> {
    // Held while the new file belongs to no note yet, so that no other tab sweeps it away.
    const release = await tryLock("antiphon-recordings", "shared");
    try {
      const [library, thread] = await Promise.all([this.library(), this.thread()]);
      return await work(library, thread, job, onProgress);
    } finally {
      release?.();
    }
  }

  /** Ends the thread and closes the library. Idempotent. */
  async close(): Promise<void> {
    // What could not be opened need not be closed.
    const [library, thread] = await Promise.all([
      this.#library?.catch(() => undefined),
      this.#thread?.catch(() => undefined),
    ]);
    this.#library = undefined;
    this.#thread = undefined;
    thread?.close();
    library?.close();
  }

  async #openLibrary(): Promise<NoteLibrary> {
    const library = await NoteLibrary.open();
    const release = await tryLock("antiphon-recordings");
    if (release !== undefined) {
      try {
        await library.sweep();
      } finally {
        release();
      }
    }
    // The list does not wait for it: a recovered draft appears when it is whole.
    void recoverDrafts(library, async (job) => work(library, await this.thread(), job));
    return library;
  }

  async #startThread(): Promise<RecordingThread> {
    const { files, workerUrl } = this.#options;
    const [core, rnnoise, gtcrn] = await Promise.all([
      files.core(),
      // Without its module a suppressor passes the sound through, and the voice trigger goes by level.
      files.suppressor("rnnoise").catch(() => undefined),
      files.suppressor("gtcrn").catch(() => undefined),
    ]);
    return RecordingThread.start({ workerUrl, core, rnnoise, gtcrn });
  }
}

/** Does a job; the file of one that fails is deleted, since it may be what fills the disk. */
async function work(
  library: NoteLibrary,
  thread: RecordingThread,
  job: RecordingJob,
  onProgress?: (fraction: number) => void,
): Promise<NoteAudio> {
  try {
    const taken = await thread.run(job, onProgress);
    await library.keepContents(taken);
    return audioOf(taken, job.track);
  } catch (error) {
    await library.removeFile(job.track.file);
    throw error;
  }
}

/** What a note keeps of a finished file. */
export function audioOf({ file, samples, bytes, peaks }: TakenTrack, { format, channels }: TrackPlan): NoteAudio {
  return { file, format, channels, samples, bytes, peaks };
}

/** The sound of a note apart from what else is known about it. */
export function noteAudio({ file, format, channels, samples, bytes, peaks }: Note): NoteAudio {
  return { file, format, channels, samples, bytes, peaks };
}
