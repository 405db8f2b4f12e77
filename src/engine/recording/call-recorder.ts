import type { AudioTap } from "../threading/audio-tap.ts";
import { TypedEventTarget } from "../typed-event-target.ts";
import type { VoiceError } from "../voice-error.ts";
import { MIX_ENCODING, VOICE_ENCODING } from "./call-encoding.ts";
import { ClockFollower, refit } from "./clock-follower.ts";
import type { TappableStream } from "./microphone-loan.ts";
import type { Note } from "./note.ts";
import type { NoteLibrary } from "./note-library.ts";
import { recordingLock } from "./note-recovery.ts";
import { audioOf, type NoteWorkbench } from "./note-workbench.ts";
import type { TrackFormat, TrackPlan } from "./recording-messages.ts";
import type { Take, TakeEnd } from "./recording-thread.ts";
import { TapFeed } from "./tap-feed.ts";
import { tryLock } from "./web-lock.ts";

/** Somebody who can be recorded. */
export type RecordablePeer = {
  readonly id: string;
  /** Stays the same when their page is loaded again; may be empty. */
  readonly identity: string;
  readonly name: string;
  readonly streams: readonly { readonly ssrc: number; tap(): AudioTap | undefined }[];
};

/** What recording a call needs of the engine. */
export type CallRecorderHost = {
  readonly tapOutput: () => AudioTap;
  /** The playout clock, samples at 48 kHz. */
  readonly playoutPosition: () => number;
  readonly microphone: () => TappableStream | undefined;
  readonly peers: () => readonly RecordablePeer[];
  /** Tells everybody in the room that the call is recorded, or no longer. */
  readonly announce: (isRecording: boolean) => void;
};

/** How to record a call. */
export type RecordCallOptions = {
  /** Ogg Opus by default. */
  readonly format?: TrackFormat;
  /** Name of the recording. */
  readonly title?: string;
  /** How you are called in your own track. */
  readonly ownName?: string;
};

/** Events of a call recording. */
export type CallRecordingEvents = {
  readonly changed: object;
  /** It has ended, by `stop` or because storage is full. */
  readonly ended: { readonly tracks: readonly Note[]; readonly message: string };
};

/** Between two looks who is in the room, ms. */
const LOOK_INTERVAL_MS = 250;

type OpenTrack = { readonly note: Note; readonly plan: TrackPlan; readonly releaseLock: (() => void) | undefined };

/**
 * A call that is being recorded: the mix with your own voice in it, your own clean track from before the network, and one track
 * for each of the others, all on the playout clock. Made by `Notes.recordCall`. Everybody in the room is told.
 */
export class CallRecording extends TypedEventTarget<CallRecordingEvents> {
  readonly groupId = crypto.randomUUID();
  readonly #host: CallRecorderHost;
  readonly #library: NoteLibrary;
  readonly #options: RecordCallOptions;
  readonly #tracks = new Map<number, OpenTrack>();
  readonly #trackIds = new Map<string, number>();
  readonly #feeds = new Map<string, TapFeed>();
  readonly #ownClock = new ClockFollower();
  readonly #done = Promise.withResolvers<readonly Note[]>();
  readonly #createdAt = Date.now();
  readonly #take: Take;
  #timer: ReturnType<typeof setInterval> | undefined;
  #samples = 0;

  private constructor(host: CallRecorderHost, library: NoteLibrary, options: RecordCallOptions, take: Take) {
    super();
    this.#host = host;
    this.#library = library;
    this.#options = options;
    this.#take = take;
  }

  /** Starts to record. Rejects with VoiceError `storage-full` or `unsupported`. */
  static async start(
    host: CallRecorderHost,
    workbench: NoteWorkbench,
    options: RecordCallOptions,
  ): Promise<CallRecording> {
    const [library, thread] = await Promise.all([workbench.library(), workbench.thread()]);
    // Told before the first sample: nobody is recorded unawares.
    host.announce(true);
    try {
      let report: (samples: number) => void = () => undefined;
      const take = await thread.openCall(host.playoutPosition(), ({ samples }) => report(samples));
      const recording = new CallRecording(host, library, options, take);
      report = (samples) => recording.#progress(samples);
      await recording.#begin();
      return recording;
    } catch (error) {
      host.announce(false);
      throw error;
    }
  }

  /** Length so far. */
  get seconds(): number {
    return this.#samples / 48_000;
  }

  /** Settles with the tracks when the recording has ended. Rejects with a VoiceError when it broke. */
  get done(): Promise<readonly Note[]> {
    return this.#done.promise;
  }

  /** Ends all tracks at the same sample and keeps them. */
  stop(): Promise<readonly Note[]> {
    const end = this.#host.playoutPosition();
    this.#closeFeeds();
    // What comes of it arrives by `ended`.
    this.#take.finish(end).catch(() => undefined);
    return this.done;
  }

  async #begin(): Promise<void> {
    await this.#openTrack("mix", "Everybody", 2);
    this.#feed("mix", 2, () => this.#host.tapOutput());
    // What is heard of the others lacks one's own voice.
    await this.#openTrack("own", this.#options.ownName ?? "You", 1, this.#trackIds.get("mix"));
    this.#feedOwn();
    this.#timer = setInterval(() => void this.#look(), LOOK_INTERVAL_MS);
    void this.#look();
    this.#take.ended
      .then((end) => this.#ended(end))
      .catch((error: unknown) => {
        this.#close();
        this.#done.reject(error as VoiceError);
      });
  }

  /** Gives a track to everybody who has none, and lets go of streams that are gone. */
  async #look(): Promise<void> {
    const present = new Set(["mix", "own"]);
    for (const peer of this.#host.peers()) {
      for (const [index, stream] of peer.streams.entries()) {
        const key = `${peer.identity || peer.id}/${index}`;
        const feedKey = `${key}/${stream.ssrc}`;
        present.add(feedKey);
        if (this.#feeds.has(feedKey)) continue;
        this.#feed(feedKey, 1, () => stream.tap(), await this.#openTrack(key, peer.name, 1));
      }
    }
    for (const [key, feed] of this.#feeds) {
      if (present.has(key)) continue;
      feed.close();
      this.#feeds.delete(key);
    }
  }

  async #openTrack(key: string, speaker: string, channels: 1 | 2, partOf?: number): Promise<number> {
    const known = this.#trackIds.get(key);
    if (known !== undefined) return known;
    const trackId = this.#trackIds.size;
    this.#trackIds.set(key, trackId);
    const format = this.#options.format ?? "opus";
    const id = crypto.randomUUID();
    const file = `${id}.${format}`;
    const title = this.#options.title ?? "Call";
    const encoding = channels === 2 ? MIX_ENCODING : VOICE_ENCODING;
    const tags = { title, artist: speaker };
    const plan: TrackPlan = { ...encoding, file, format, tags, ...(partOf === undefined ? {} : { partOf }) };
    const note: Note = {
      id,
      title,
      // Tracks of one call stay together in lists that are sorted by time.
      createdAt: this.#createdAt + trackId,
      state: "recording",
      origin: "call",
      isPlayed: true,
      file,
      format,
      channels,
      samples: 0,
      bytes: 0,
      peaks: new Uint8Array(),
      speaker,
      groupId: this.groupId,
    };
    this.#tracks.set(trackId, { note, plan, releaseLock: await tryLock(recordingLock(id)) });
    this.#take.addTrack(trackId, plan);
    await this.#library.keep(note);
    return trackId;
  }

  #feed(key: string, channels: 1 | 2, open: () => AudioTap | undefined, trackId = this.#trackIds.get(key) ?? 0): void {
    const receive = (
      position: number,
      left: Float32Array<ArrayBuffer>,
      right: Float32Array<ArrayBuffer> | undefined,
    ): void => this.#take.write(trackId, position, left, right);
    this.#feeds.set(key, new TapFeed({ open, channels, receive }));
  }

  /** The microphone has a clock of its own. */
  #feedOwn(): void {
    const trackId = this.#trackIds.get("own") ?? 1;
    let expected: number | undefined;
    const feed = new TapFeed({
      open: () => this.#host.microphone()?.tap("output"),
      channels: 1,
      receive: (position, left) => {
        if (expected !== undefined && position < expected) this.#ownClock.reset();
        expected = position + left.length;
        const placed = this.#ownClock.place(position, left.length, this.#host.playoutPosition());
        this.#take.write(trackId, placed.position, refit(left, placed.frames), undefined);
      },
    });
    this.#feeds.set("own", feed);
  }

  #progress(samples: number): void {
    this.#samples = samples;
    this.emit("changed", {});
  }

  async #ended(end: TakeEnd): Promise<void> {
    this.#close();
    const kept: Note[] = [];
    for (const { note, plan, releaseLock } of this.#tracks.values()) {
      const taken = end.tracks.find(({ file }) => file === plan.file);
      if (taken === undefined || taken.samples === 0) {
        await this.#library.remove(note);
      } else {
        await this.#library.keepContents(taken);
        kept.push(await this.#library.keep({ ...note, ...audioOf(taken, plan), state: "ready" }));
      }
      releaseLock?.();
    }
    this.#done.resolve(kept);
    this.emit("ended", { tracks: kept, message: end.message });
  }

  #close(): void {
    this.#closeFeeds();
    this.#host.announce(false);
  }

  #closeFeeds(): void {
    clearInterval(this.#timer);
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
  }
}
