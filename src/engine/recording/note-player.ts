import { TypedEventTarget } from "../typed-event-target.ts";
import { toVoiceError, type VoiceError } from "../voice-error.ts";
import { type Note, noteSeconds } from "./note.ts";
import { decodeToWav } from "./note-editing.ts";
import type { NoteWorkbench } from "./note-workbench.ts";
import { type SilentRun, silentRuns } from "./silent-runs.ts";

/** Events of the player. */
export type NotePlayerEvents = {
  /** Another note, playing or not, speed: look again. Position is read on every frame instead. */
  readonly changed: object;
  readonly error: { readonly error: VoiceError };
};

/** Slowest and fastest speed; the pitch stays. */
export const SLOWEST = 0.5;
export const FASTEST = 3;

/** Between two looks whether a silence is to be skipped, ms. */
const SKIP_INTERVAL_MS = 50;

/** Seconds that the media keys jump. */
const SEEK_SECONDS = 10;

/** Not every browser lets a page choose the output. */
type Output = Omit<HTMLAudioElement, "setSinkId"> & { setSinkId?(id: string): Promise<void> };

/** The one player of the page: starting a note stops the one before. Main thread. */
export class NotePlayer extends TypedEventTarget<NotePlayerEvents> {
  readonly #workbench: NoteWorkbench;
  readonly #outputDevice: () => string;
  readonly #element: Output = new Audio();
  readonly #canPlayOgg = this.#element.canPlayType("audio/ogg; codecs=opus") !== "";
  #note: Note | undefined;
  #url = "";
  #rate = 1;
  #skipsSilence = false;
  #continues = true;
  #runs: readonly SilentRun[] = [];
  #skipTimer: ReturnType<typeof setInterval> | undefined;
  #loading = 0;

  /** `outputDevice` tells the device to play on, empty for the default. */
  constructor(workbench: NoteWorkbench, outputDevice: () => string) {
    super();
    this.#workbench = workbench;
    this.#outputDevice = outputDevice;
    this.#element.preservesPitch = true;
    this.#element.addEventListener("ended", () => void this.#ended());
    for (const type of ["play", "pause", "ratechange"]) {
      this.#element.addEventListener(type, () => this.#changed());
    }
  }

  /** The note in the player. */
  get note(): Note | undefined {
    return this.#note;
  }

  get isPlaying(): boolean {
    return this.#note !== undefined && !this.#element.paused;
  }

  /** Seconds from the start of the note. */
  get position(): number {
    return this.#element.currentTime;
  }

  /** Length of the note in seconds, by its sample count. */
  get duration(): number {
    return this.#note === undefined ? 0 : noteSeconds(this.#note);
  }

  /** Speed, 0.5…3, with the pitch kept. Throws RangeError outside. */
  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    if (!(rate >= SLOWEST && rate <= FASTEST)) {
      throw new RangeError(`The speed lies between ${SLOWEST} and ${FASTEST}, not at ${rate}`);
    }
    this.#rate = rate;
    this.#element.playbackRate = rate;
    this.#changed();
  }

  /** Whether silences inside a note are jumped over. */
  get skipsSilence(): boolean {
    return this.#skipsSilence;
  }

  set skipsSilence(skips: boolean) {
    this.#skipsSilence = skips;
    this.#changed();
  }

  /** Whether the next unplayed note follows when one has ended. */
  get continues(): boolean {
    return this.#continues;
  }

  set continues(continues: boolean) {
    this.#continues = continues;
    this.#changed();
  }

  /** Plays a note, from `from` seconds on; without it from where it was left. Rejects with VoiceError `unsupported`. */
  async play(note: Note, from?: number): Promise<void> {
    try {
      if (note.id !== this.#note?.id || note.file !== this.#note.file) await this.#load(note);
      if (this.#note?.id !== note.id) return;
      if (from !== undefined) this.seek(from);
      else if (this.#element.ended) this.seek(0);
      await this.#useOutput();
      await this.#element.play();
      if (!note.isPlayed) await this.#markPlayed(note.id);
    } catch (error) {
      // A pause or another note while this one was starting is what the user wanted.
      if (error instanceof DOMException && error.name === "AbortError") return;
      throw toVoiceError(error, "unsupported", "Cannot play the recording");
    }
  }

  pause(): void {
    this.#element.pause();
  }

  /** Plays or pauses a note. */
  async toggle(note: Note): Promise<void> {
    if (this.isPlaying && this.#note?.id === note.id) this.pause();
    else await this.play(note);
  }

  /** Goes to a place in the note, in seconds. */
  seek(seconds: number): void {
    this.#element.currentTime = Math.max(0, Math.min(this.duration, seconds));
    this.#changed();
  }

  /** Puts a note into the player without playing it, at `seconds`. */
  async cue(note: Note, seconds: number): Promise<void> {
    if (note.id !== this.#note?.id || note.file !== this.#note.file) await this.#load(note);
    this.seek(seconds);
  }

  /** Takes the note out of the player. */
  stop(): void {
    this.#loading += 1;
    this.#element.pause();
    this.#element.removeAttribute("src");
    this.#element.load();
    URL.revokeObjectURL(this.#url);
    this.#note = undefined;
    this.#runs = [];
    this.#tellSystem();
    this.#changed();
  }

  async #load(note: Note): Promise<void> {
    this.#loading += 1;
    const turn = this.#loading;
    this.#element.pause();
    const library = await this.#workbench.library();
    const stored: Blob = await library.file(note);
    const isPlayable = note.format === "wav" || this.#canPlayOgg;
    const playable = isPlayable ? stored : await decodeToWav(this.#workbench, note, stored);
    if (turn !== this.#loading) return;
    URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(playable);
    this.#note = note;
    this.#runs = silentRuns(note.peaks);
    this.#element.src = this.#url;
    this.#element.playbackRate = this.#rate;
    this.#element.defaultPlaybackRate = this.#rate;
    this.#tellSystem();
    this.#changed();
  }

  /** A device that is gone is no reason not to play: the element then stays where it is. */
  async #useOutput(): Promise<void> {
    const id = this.#outputDevice();
    if (this.#element.setSinkId === undefined || id === this.#element.sinkId) return;
    try {
      await this.#element.setSinkId(id);
    } catch (error) {
      this.emit("error", { error: toVoiceError(error, "output-unavailable", "Cannot play on the chosen device") });
    }
  }

  async #markPlayed(id: string): Promise<void> {
    const library = await this.#workbench.library();
    const note = library.get(id);
    if (note !== undefined && !note.isPlayed) await library.put({ ...note, isPlayed: true });
  }

  async #ended(): Promise<void> {
    this.#changed();
    if (!this.#continues || this.#note === undefined) return;
    const { createdAt } = this.#note;
    const library = await this.#workbench.library();
    const next = library.all.find((note) => note.state === "ready" && note.createdAt > createdAt && !note.isPlayed);
    if (next === undefined) return;
    this.play(next, 0).catch((error: unknown) => {
      this.emit("error", { error: toVoiceError(error, "unsupported", "Cannot play the next recording") });
    });
  }

  #changed(): void {
    const isWatching = this.#skipsSilence && this.isPlaying;
    if (isWatching) this.#skipTimer ??= setInterval(() => this.#skip(), SKIP_INTERVAL_MS);
    else {
      clearInterval(this.#skipTimer);
      this.#skipTimer = undefined;
    }
    if ("mediaSession" in navigator && this.#note !== undefined) {
      navigator.mediaSession.playbackState = this.isPlaying ? "playing" : "paused";
    }
    this.emit("changed", {});
  }

  #skip(): void {
    const { position } = this;
    const run = this.#runs.find(({ start, end }) => position >= start && position < end - SKIP_INTERVAL_MS / 1000);
    if (run !== undefined) this.#element.currentTime = run.end;
  }

  /** Headset buttons and the lock screen. */
  #tellSystem(): void {
    if (!("mediaSession" in navigator)) return;
    const session = navigator.mediaSession;
    const note = this.#note;
    session.metadata =
      note === undefined ? null : new MediaMetadata({ title: note.title || "Voice note", artist: note.speaker ?? "" });
    const isOurs = note !== undefined;
    const jump = (seconds: number) => () => this.seek(this.position + seconds);
    session.setActionHandler("play", isOurs ? () => void this.#element.play() : null);
    session.setActionHandler("pause", isOurs ? () => this.pause() : null);
    session.setActionHandler("seekbackward", isOurs ? jump(-SEEK_SECONDS) : null);
    session.setActionHandler("seekforward", isOurs ? jump(SEEK_SECONDS) : null);
    session.setActionHandler("stop", isOurs ? () => this.stop() : null);
  }
}
