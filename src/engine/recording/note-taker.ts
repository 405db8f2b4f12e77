import type { Settings } from "../settings/settings.ts";
import type { VadSource, VadThread } from "../threading/vad-thread.ts";
import { VoiceError } from "../voice-error.ts";
import { type MicrophoneLender, MicrophoneLoan, type TappableStream } from "./microphone-loan.ts";
import type { Note } from "./note.ts";
import type { NoteLibrary } from "./note-library.ts";
import { NoteRecording } from "./note-recording.ts";
import { recordingLock } from "./note-recovery.ts";
import { availableStorage } from "./note-store.ts";
import { audioOf, type NoteWorkbench } from "./note-workbench.ts";
import type { NoteTakeSettings, TrackPlan } from "./recording-messages.ts";
import type { Take, TakeEnd } from "./recording-thread.ts";
import { TapFeed } from "./tap-feed.ts";
import { DEFAULT_VOICE_TRIGGER, type VoiceTriggerSettings } from "./voice-trigger.ts";
import { tryLock } from "./web-lock.ts";

/** How to record a note. */
export type RecordOptions = {
  /** `manual` (default): from now until `stop`. `voice`: starts when somebody speaks and stops when everybody is quiet. */
  readonly trigger?: "manual" | "voice";
  /** Deviations from the voice trigger's settings. */
  readonly voiceTrigger?: Partial<VoiceTriggerSettings>;
  /** Greatest length in seconds; 900 by default. */
  readonly maxSeconds?: number;
  /** False records the microphone as it is, without suppressor, leveler and limiter. */
  readonly isProcessed?: boolean;
  /** The note that the new one takes the place of; it is discarded when the new one is kept. */
  readonly replaces?: Note;
};

/** What taking notes needs of the engine. */
export type NoteTakerHost = MicrophoneLender & {
  readonly settings: () => Settings;
  /** The accurate voice detector; undefined when the settings do not ask for it, or it cannot be had. */
  readonly voiceDetector: () => Promise<VoiceListener | undefined>;
};

/** What listens for voices; see `VadThread`. */
export type VoiceListener = Pick<VadThread, "attach" | "detach">;

/** Greatest length of a note unless told otherwise: 15 minutes. */
const MAX_SECONDS = 900;

/** bit/s of a note's channel. Opus VOIP at 40 kb/s is full-band speech without audible loss. */
const BITRATE = 40_000;

/** Bytes on disk for a second of recording at a bit/s: container and rate peaks included. */
const BYTES_PER_BIT = 1.25 / 8;

/** A browser with room for less than this refuses at once, in seconds. */
const SHORTEST_SECONDS = 5;

/** Samples between two updates of the draft in the store: one second. */
const DRAFT_SAMPLES = 48_000;

/**
 * Records one note: borrows the microphone, feeds the recording thread, keeps the draft in the library up to date every
 * second. Rejects with the VoiceErrors of `VoiceEngine.openMicrophone`, and with `storage-full`.
 */
export async function takeNote(
  host: NoteTakerHost,
  workbench: NoteWorkbench,
  options: RecordOptions,
): Promise<NoteRecording> {
  const [library, thread] = await Promise.all([workbench.library(), workbench.thread()]);
  const settings = host.settings();
  const channels = settings.input.channels === "stereo" ? 2 : 1;
  const maxSamples = Math.round(48_000 * (await affordableSeconds(options.maxSeconds ?? MAX_SECONDS, channels)));
  const loan = await MicrophoneLoan.take(host);
  const note = newNote(channels);
  const releaseLock = await tryLock(recordingLock(note.id));
  try {
    await library.put(note);
    const takeSettings: NoteTakeSettings = {
      track: trackPlan(note),
      processing: options.isProcessed === false ? undefined : settings.capture,
      trigger: options.trigger === "voice" ? { ...DEFAULT_VOICE_TRIGGER, ...options.voiceTrigger } : undefined,
      maxSamples,
    };
    const draft = new Draft(library, note);
    const take = await thread.openNote(takeSettings, (progress) => {
      recording.progress(progress);
      draft.update(progress.samples, recording.peaks);
    });
    const stopListening = takeSettings.trigger === undefined ? undefined : listenTo(take, host.voiceDetector());
    const feed = feedOf(host.microphone, channels, take);
    const recording: NoteRecording = new NoteRecording({
      maxSamples,
      isTriggered: takeSettings.trigger !== undefined,
      pause: () => {
        // What was heard before the press is still part of the note.
        feed.flush();
        take.pause();
      },
      resume: () => {
        feed.flush();
        take.resume();
      },
      finish: () => {
        feed.close();
        return take.finish();
      },
      save: async (end, isCancelled) => {
        const kept = await draft.save(end, isCancelled);
        if (kept?.state === "ready" && options.replaces !== undefined) await library.discard(options.replaces);
        return kept;
      },
    });
    const settle = (): void => {
      feed.close();
      stopListening?.();
      loan.giveBack();
    };
    take.ended
      .then(async (end) => {
        settle();
        await recording.takeEnded(end);
      })
      .catch((error: unknown) => {
        settle();
        recording.takeFailed(error as VoiceError);
      })
      .finally(() => releaseLock?.());
    return recording;
  } catch (error) {
    loan.giveBack();
    releaseLock?.();
    await library.remove(note);
    throw error;
  }
}

/** The note in the library while it is recorded. */
class Draft {
  readonly #library: NoteLibrary;
  readonly #note: Note;
  #stored = 0;
  #storing: Promise<unknown> = Promise.resolve();

  constructor(library: NoteLibrary, note: Note) {
    this.#library = library;
    this.#note = note;
  }

  /** Brings the stored draft up to date once a second. */
  update(samples: number, peaks: readonly number[]): void {
    if (samples - this.#stored < DRAFT_SAMPLES) return;
    this.#stored = samples;
    const draft = { ...this.#note, samples, peaks: Uint8Array.from(peaks) };
    // A full store is the file's news to tell; the draft's file is what counts.
    this.#storing = this.#storing.then(() => this.#library.put(draft)).catch(() => undefined);
  }

  /** Turns the draft into a note; undefined when it holds nothing. */
  async save(end: TakeEnd, isCancelled: boolean): Promise<Note | undefined> {
    await this.#storing;
    const [taken] = end.tracks;
    if (taken === undefined || taken.samples === 0) {
      await this.#library.remove(this.#note);
      return undefined;
    }
    await this.#library.keepContents(taken);
    const note: Note = { ...this.#note, ...audioOf(taken, trackPlan(this.#note)), state: "ready", isPlayed: true };
    return isCancelled ? this.#library.discard(note) : this.#library.keep(note);
  }
}

/** Lets the detector hear a take from when it is there; until then, and without it, the take goes by its own. */
function listenTo(take: Take, detector: Promise<VoiceListener | undefined>): () => void {
  let isOver = false;
  const source: VadSource = {
    attachVad: (blocks, verdicts) => take.listen(blocks, verdicts),
    // The recording worker closes its ends with the take.
    detachVad: () => undefined,
  };
  const attached = detector.then((listener) => {
    if (!isOver) listener?.attach(source);
    return listener;
  });
  // Why it cannot be had, the detector says itself.
  attached.catch(() => undefined);
  return () => {
    isOver = true;
    attached.then((listener) => listener?.detach(source)).catch(() => undefined);
  };
}

function newNote(channels: 1 | 2): Note {
  const id = crypto.randomUUID();
  return {
    id,
    title: "",
    createdAt: Date.now(),
    state: "recording",
    origin: "recorded",
    isPlayed: true,
    file: `${id}.opus`,
    format: "opus",
    channels,
    samples: 0,
    bytes: 0,
    peaks: new Uint8Array(),
  };
}

function trackPlan({ file, channels, createdAt }: Note): TrackPlan {
  const tags = { title: "Voice note", date: new Date(createdAt) };
  return { file, format: "opus", channels, bitrate: BITRATE * channels, tags };
}

function feedOf(microphone: () => TappableStream | undefined, channels: 1 | 2, take: Take): TapFeed {
  return new TapFeed({
    // In front of the chain: mute and gate of the call do not reach a note, and the note has a chain of its own.
    open: () => microphone()?.tap("input"),
    channels,
    receive: (position, left, right) => take.write(0, position, left, right),
  });
}

async function affordableSeconds(wanted: number, channels: 1 | 2): Promise<number> {
  if (!(wanted > 0)) throw new RangeError(`A note lasts longer than ${wanted} seconds`);
  const affordable = (await availableStorage()) / (BITRATE * channels * BYTES_PER_BIT);
  if (affordable < Math.min(wanted, SHORTEST_SECONDS)) {
    throw new VoiceError(
      "storage-full",
      "Cannot record: the browser's storage is full. Delete recordings or free space on the disk",
    );
  }
  return Math.min(wanted, affordable);
}
