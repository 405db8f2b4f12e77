import { pipeTransfer } from "../shared-memory/create-packet-pipe.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import type { WasmFile } from "../threading/worklet-port.ts";
import { VoiceError } from "../voice-error.ts";
import type {
  FromRecordingWorker,
  NoteTakeSettings,
  RecordingJob,
  RecordingJobResult,
  TakeEndReason,
  TakenTrack,
  ToRecordingWorker,
  TrackPlan,
} from "./recording-messages.ts";

/** How a take ended. */
export type TakeEnd = {
  readonly reason: TakeEndReason;
  /** Why, for people; empty when it ended as wished. */
  readonly message: string;
  readonly tracks: readonly TakenTrack[];
};

/** What a take tells while it runs. */
export type TakeProgress = {
  readonly samples: number;
  readonly isWaiting: boolean;
  readonly peaks: Uint8Array<ArrayBuffer>;
};

/** The main thread's hand on one recording in the recording worker. */
export type Take = {
  /** Opens one more track of a call. */
  addTrack(trackId: number, track: TrackPlan): void;
  /** Hands samples over; the arrays are transferred. */
  write(
    trackId: number,
    position: number,
    left: Float32Array<ArrayBuffer>,
    right: Float32Array<ArrayBuffer> | undefined,
  ): void;
  /** Lets the accurate voice detector hear a note that starts by voice; `blocks` and `verdicts` are transferred. */
  listen(blocks: PacketPipeEnd, verdicts: MessagePort): void;
  pause(): void;
  resume(): void;
  /** Ends the take; a call's tracks all end at sample `end`. */
  finish(end?: number): Promise<TakeEnd>;
  /** Settles when the take has ended, by itself or by `finish`. Rejects with a VoiceError when it broke. */
  readonly ended: Promise<TakeEnd>;
};

/** WebAssembly modules of the recording worker, and where it is. */
export type RecordingThreadOptions = {
  readonly workerUrl: string;
  readonly core: WasmFile;
  readonly rnnoise: WasmFile | undefined;
  readonly gtcrn: WasmFile | undefined;
};

type Pending<Result> = {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: VoiceError) => void;
};
type OpenTake = Pending<TakeEnd> & {
  readonly opened: Pending<void>;
  readonly onProgress: (progress: TakeProgress) => void;
};
type OpenJob = Pending<RecordingJobResult> & { readonly onProgress: (fraction: number) => void };

/** The main thread's hand on the recording worker. */
export class RecordingThread {
  readonly #worker: Worker;
  readonly #takes = new Map<number, OpenTake>();
  readonly #jobs = new Map<number, OpenJob>();
  readonly #started: Promise<void>;
  readonly #starting: Pending<void>;
  #nextId = 1;

  private constructor(worker: Worker) {
    this.#worker = worker;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#started = promise;
    this.#starting = { resolve, reject };
    worker.onmessage = ({ data }: MessageEvent<FromRecordingWorker>) => this.#receive(data);
    worker.onerror = (event) => this.#failAll(event.message);
  }

  /** A running worker. Rejects with VoiceError `unsupported` when it cannot be loaded. */
  static async start({ workerUrl, core, rnnoise, gtcrn }: RecordingThreadOptions): Promise<RecordingThread> {
    const thread = new RecordingThread(new Worker(workerUrl, { type: "module", name: "antiphon-recording" }));
    thread.#post({ type: "start", core: core.module, rnnoise: rnnoise?.module, gtcrn: gtcrn?.module });
    await thread.#started;
    return thread;
  }

  /** Opens a voice note. Rejects with VoiceError `storage-full`. */
  openNote(settings: NoteTakeSettings, onProgress: (progress: TakeProgress) => void): Promise<Take> {
    return this.#open((takeId) => ({ type: "open-note", takeId, settings }), onProgress);
  }

  /** Opens a recording of several tracks whose time starts at sample `origin`. */
  openCall(origin: number, onProgress: (progress: TakeProgress) => void): Promise<Take> {
    return this.#open((takeId) => ({ type: "open-call", takeId, origin }), onProgress);
  }

  /** Does one piece of work on a recording. Rejects with VoiceError `unsupported` or `storage-full`. */
  run(job: RecordingJob, onProgress: (fraction: number) => void = () => undefined): Promise<RecordingJobResult> {
    const jobId = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#jobs.set(jobId, { resolve, reject, onProgress });
      this.#post({ type: "job", jobId, job });
    });
  }

  /** Lets the worker complete its files and end. */
  close(): void {
    this.#post({ type: "close" });
  }

  #open(
    messageWith: (takeId: number) => ToRecordingWorker,
    onProgress: (progress: TakeProgress) => void,
  ): Promise<Take> {
    const takeId = this.#nextId++;
    return new Promise((resolve, reject) => {
      const ended = new Promise<TakeEnd>((resolveEnd, rejectEnd) => {
        const opened = { resolve: () => resolve(this.#takeOf(takeId, ended)), reject };
        this.#takes.set(takeId, { opened, onProgress, resolve: resolveEnd, reject: rejectEnd });
      });
      // Whoever opened the take hears of a failure by `opened` first.
      ended.catch(() => undefined);
      this.#post(messageWith(takeId));
    });
  }

  #takeOf(takeId: number, ended: Promise<TakeEnd>): Take {
    return {
      ended,
      addTrack: (trackId, track) => this.#post({ type: "add-track", takeId, trackId, track }),
      write: (trackId, position, left, right) => {
        const transfer = right === undefined ? [left.buffer] : [left.buffer, right.buffer];
        this.#post({ type: "blocks", takeId, trackId, position, left, right }, transfer);
      },
      listen: (blocks, verdicts) =>
        this.#post({ type: "listen", takeId, blocks, verdicts }, [...pipeTransfer(blocks), verdicts]),
      pause: () => this.#post({ type: "pause", takeId }),
      resume: () => this.#post({ type: "resume", takeId }),
      finish: (end) => {
        this.#post(end === undefined ? { type: "finish", takeId } : { type: "finish", takeId, end });
        return ended;
      },
    };
  }

  #receive(message: FromRecordingWorker): void {
    switch (message.type) {
      case "started":
        this.#starting.resolve();
        break;
      case "take-opened":
        this.#takes.get(message.takeId)?.opened.resolve();
        break;
      case "progress":
        this.#takes.get(message.takeId)?.onProgress(message);
        break;
      case "take-ended":
        this.#takes.get(message.takeId)?.resolve(message);
        this.#takes.delete(message.takeId);
        break;
      case "job-progress":
        this.#jobs.get(message.jobId)?.onProgress(message.fraction);
        break;
      case "job-done":
        this.#jobs.get(message.jobId)?.resolve(message.result);
        this.#jobs.delete(message.jobId);
        break;
      default:
        this.#fail(message.id, new VoiceError(message.code, message.message));
    }
  }

  #fail(id: number | undefined, error: VoiceError): void {
    if (id === undefined) {
      this.#starting.reject(error);
      return;
    }
    const take = this.#takes.get(id);
    take?.opened.reject(error);
    take?.reject(error);
    this.#jobs.get(id)?.reject(error);
    this.#takes.delete(id);
    this.#jobs.delete(id);
  }

  #failAll(reason: string): void {
    const error = new VoiceError("unsupported", `Cannot record: the recording worker failed. ${reason}`);
    this.#starting.reject(error);
    for (const id of [...this.#takes.keys(), ...this.#jobs.keys()]) this.#fail(id, error);
  }

  #post(message: ToRecordingWorker, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }
}
