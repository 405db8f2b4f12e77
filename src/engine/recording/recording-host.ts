import { CodecModule } from "../codec/codec-module.ts";
import { unreachable } from "../threading/unreachable.ts";
import { compiledModule } from "../threading/wasm-source.ts";
import { toVoiceError } from "../voice-error.ts";
import { CallTake } from "./call-take.ts";
import { DetectorLink } from "./detector-link.ts";
import { NoteTake } from "./note-take.ts";
import { openTrack } from "./open-track.ts";
import type { RecordingFile } from "./recording-file.ts";
import { runRecordingJob } from "./recording-job.ts";
import type {
  FromRecordingWorker,
  RecordingJob,
  TakeEndReason,
  ToRecordingWorker,
  TrackPlan,
} from "./recording-messages.ts";
import type { RecordingModules } from "./recording-modules.ts";
import { takenTrack } from "./taken-track.ts";
import type { TrackRecorder } from "./track-recorder.ts";

/** What a {@link RecordingHost} needs around it. */
export type RecordingHostOptions = {
  /** Opens an empty file. Rejects with VoiceError `storage-full`. */
  readonly openFile: (name: string) => Promise<RecordingFile>;
  readonly post: (message: FromRecordingWorker, transfer?: readonly Transferable[]) => void;
};

type OpenFile = { readonly plan: TrackPlan; readonly file: RecordingFile; readonly track: TrackRecorder };
type OpenNote = OpenFile & {
  readonly kind: "note";
  readonly take: NoteTake;
  detector: DetectorLink | undefined;
  peaksSent: number;
  unreported: number;
};
type OpenCall = { readonly kind: "call"; readonly take: CallTake; unreported: number };
type Message<Type extends ToRecordingWorker["type"]> = Extract<ToRecordingWorker, { readonly type: Type }>;

/** Samples between two progress messages: 100 ms. */
const REPORT_SAMPLES = 4_800;

/**
 * Everything the recording worker does: takes audio in, runs it through the capture chain, writes files that are whole up to
 * the last second, and works on finished recordings. Messages are handled strictly in their order.
 */
export class RecordingHost {
  readonly #options: RecordingHostOptions;
  readonly #takes = new Map<number, OpenNote | OpenCall>();
  #modules: RecordingModules | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: RecordingHostOptions) {
    this.#options = options;
  }

  /** Handles one message; resolves when it is done. Never rejects: failures are posted. */
  receive(message: ToRecordingWorker): Promise<void> {
    // A job may take seconds: it must not hold up the audio that is being recorded.
    if (message.type === "job") return this.#runJob(message);
    this.#queue = this.#queue.then(() => this.#handle(message)).catch((error: unknown) => this.#fail(message, error));
    return this.#queue;
  }

  async #handle(message: Exclude<ToRecordingWorker, Message<"job">>): Promise<void> {
    switch (message.type) {
      case "start":
        this.#start(message);
        break;
      case "open-note":
        await this.#openNote(message);
        break;
      case "open-call":
        this.#takes.set(message.takeId, {
          kind: "call",
          take: new CallTake({ origin: message.origin, openFile: this.#options.openFile, modules: this.#loaded() }),
          unreported: 0,
        });
        this.#options.post({ type: "take-opened", takeId: message.takeId });
        break;
      case "add-track":
        await this.#addTrack(message);
        break;
      case "blocks":
        await this.#take(message);
        break;
      case "listen":
        this.#listen(message);
        break;
      case "pause":
        this.#note(message.takeId)?.take.pause();
        break;
      case "resume":
        this.#note(message.takeId)?.take.resume();
        break;
      case "finish":
        await this.#finish(message.takeId, "finished", "", message.end);
        break;
      case "close":
        for (const takeId of [...this.#takes.keys()]) await this.#finish(takeId, "finished", "");
        break;
      default:
        unreachable(message);
    }
  }

  #start({ core, rnnoise, gtcrn }: Message<"start">): void {
    this.#modules = {
      core: compiledModule(core),
      rnnoise: rnnoise === undefined ? undefined : compiledModule(rnnoise),
      gtcrn: gtcrn === undefined ? undefined : compiledModule(gtcrn),
    };
    this.#options.post({ type: "started" });
  }

  async #openNote({ takeId, settings }: Message<"open-note">): Promise<void> {
    const modules = this.#loaded();
    const plan = settings.track;
    const { file, track } = await openTrack({ plan, modules, origin: 0, openFile: this.#options.openFile });
    const take = new NoteTake({
      codec: CodecModule.instantiate(modules.core),
      rnnoise: modules.rnnoise,
      gtcrn: modules.gtcrn,
      processing: settings.processing,
      trigger: settings.trigger,
      maxSamples: settings.maxSamples,
      channels: plan.channels,
      track,
    });
    const counts = { detector: undefined, peaksSent: 0, unreported: 0 };
    this.#takes.set(takeId, { kind: "note", plan, file, track, take, ...counts });
    this.#options.post({ type: "take-opened", takeId });
  }

  #listen({ takeId, blocks, verdicts }: Message<"listen">): void {
    const note = this.#note(takeId);
    if (note === undefined) {
      verdicts.close();
      return;
    }
    note.detector?.close();
    note.detector = new DetectorLink(blocks, verdicts, (probability) => note.take.setVoiceProbability(probability));
  }

  async #addTrack({ takeId, trackId, track }: Message<"add-track">): Promise<void> {
    try {
      await this.#call(takeId)?.addTrack(trackId, track);
    } catch (error) {
      // No room for somebody who comes late: what was recorded of the others must not go down with it.
      await this.#break(takeId, error);
    }
  }

  async #take({ takeId, trackId, position, left, right }: Message<"blocks">): Promise<void> {
    const open = this.#takes.get(takeId);
    if (open === undefined) return;
    try {
      if (open.kind === "call") {
        await open.take.write(trackId, position, left, right ?? left);
      } else {
        open.detector?.write(position, left, right ?? left);
        open.take.write(position, left, right ?? left, left.length);
        await open.track.drain();
      }
    } catch (error) {
      await this.#break(takeId, error);
      return;
    }
    if (trackId === 0) this.#report(takeId, open, left.length);
    if (open.kind === "call") return;
    const { state } = open.take;
    if (state === "silence" || state === "max-length") await this.#finish(takeId, state, "");
  }

  #report(takeId: number, open: OpenNote | OpenCall, frames: number): void {
    open.unreported += frames;
    if (open.unreported < REPORT_SAMPLES) return;
    open.unreported = 0;
    if (open.kind === "call") {
      const { samples } = open.take;
      this.#options.post({ type: "progress", takeId, samples, isWaiting: false, peaks: new Uint8Array() });
      return;
    }
    const peaks = open.track.peaksSince(open.peaksSent);
    open.peaksSent += peaks.length;
    const isWaiting = open.take.state === "waiting";
    this.#options.post({ type: "progress", takeId, samples: open.take.samples, isWaiting, peaks });
  }

  /** Ends a take that cannot go on, and keeps what it has. */
  #break(takeId: number, error: unknown): Promise<void> {
    const { code, message } = toVoiceError(error, "unsupported", "Cannot record any further");
    return this.#finish(takeId, code === "storage-full" ? "storage-full" : "failed", message);
  }

  async #finish(takeId: number, reason: TakeEndReason, message: string, end?: number): Promise<void> {
    const open = this.#takes.get(takeId);
    if (open === undefined) return;
    this.#takes.delete(takeId);
    if (open.kind === "note") open.detector?.close();
    const tracks =
      open.kind === "call" ? await open.take.finish(end) : [takenTrack(open.plan, open.file, await open.take.finish())];
    this.#options.post({ type: "take-ended", takeId, reason, message, tracks });
  }

  async #runJob({ jobId, job }: Message<"job">): Promise<void> {
    try {
      const result = await runRecordingJob(job, {
        modules: this.#loaded(),
        openFile: this.#options.openFile,
        onProgress: (fraction) => this.#options.post({ type: "job-progress", jobId, fraction }),
      });
      this.#options.post({ type: "job-done", jobId, result });
    } catch (error) {
      const { code, message } = toVoiceError(error, "unsupported", attemptOf(job));
      this.#options.post({ type: "failed", id: jobId, code, message });
    }
  }

  #fail(message: ToRecordingWorker, error: unknown): void {
    const id = "takeId" in message ? message.takeId : undefined;
    if (id !== undefined) this.#takes.delete(id);
    const { code, message: text } = toVoiceError(error, "unsupported", "Cannot record");
    this.#options.post({ type: "failed", id, code, message: text });
  }

  #loaded(): RecordingModules {
    if (this.#modules === undefined) throw new TypeError("The recording worker was asked to record before `start`");
    return this.#modules;
  }

  #note(takeId: number): OpenNote | undefined {
    const open = this.#takes.get(takeId);
    return open?.kind === "note" ? open : undefined;
  }

  #call(takeId: number): CallTake | undefined {
    const open = this.#takes.get(takeId);
    return open?.kind === "call" ? open.take : undefined;
  }
}

function attemptOf(job: RecordingJob): string {
  switch (job.kind) {
    case "polish":
      return "Cannot polish the recording";
    case "cut":
      return "Cannot cut the recording";
    case "rewrite":
      return "Cannot read the recording";
    default:
      return "Cannot encode the recording";
  }
}
