import type { CaptureSettings } from "../settings/capture-settings.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import type { WasmSource } from "../threading/wasm-source.ts";
import type { VoiceErrorCode } from "../voice-error.ts";
import type { PolishReport, PolishSettings } from "./polish-recording.ts";
import type { VoiceTriggerSettings } from "./voice-trigger.ts";

/** How a track is written: Ogg Opus, or 16-bit PCM WAV. */
export type TrackFormat = "opus" | "wav";

/** Text about a recording that is written into its file. */
export type RecordingTags = { readonly title?: string; readonly artist?: string; readonly date?: Date };

/** One file that a take writes. */
export type TrackPlan = {
  /** Name in the recordings' folder of the origin private file system. */
  readonly file: string;
  readonly format: TrackFormat;
  readonly channels: 1 | 2;
  /** bit/s, Opus only. */
  readonly bitrate?: number;
  /** 0 (quick) … 10 (thorough), Opus only; 10 by default. */
  readonly complexity?: number;
  /** In a call: the track whose sound this one belongs to as well, one's own voice to the mix. One a mix. */
  readonly partOf?: number;
  readonly tags?: RecordingTags;
};

/** How a voice note is taken. */
export type NoteTakeSettings = {
  readonly track: TrackPlan;
  /** The capture chain that the microphone's 48 kHz input passes; undefined records it as it is. */
  readonly processing: CaptureSettings | undefined;
  /** Starts and stops by voice; undefined records from the first block to `finish`. */
  readonly trigger: VoiceTriggerSettings | undefined;
  /** Samples per channel at which the recording ends by itself. */
  readonly maxSamples: number;
};

/** Why a take has ended. */
export type TakeEndReason = "finished" | "silence" | "max-length" | "storage-full" | "failed";

/** A finished file of a take. */
export type TakenTrack = {
  readonly file: string;
  readonly samples: number;
  readonly bytes: number;
  readonly peaks: Uint8Array<ArrayBuffer>;
  /** Where the browser keeps no files: the file itself. */
  readonly contents?: Uint8Array<ArrayBuffer>;
};

/** Work on recordings that exist, by `jobId`. */
export type RecordingJob =
  /** Trims and normalises an Ogg Opus recording into another file. */
  | { readonly kind: "polish"; readonly source: Blob; readonly settings: PolishSettings; readonly track: TrackPlan }
  /** Cuts a recording down to the samples from `start` to `end`. */
  | {
      readonly kind: "cut";
      readonly source: Blob;
      readonly start: number;
      readonly end: number;
      readonly track: TrackPlan;
    }
  /** Puts Ogg Opus packets into a whole new file without encoding them again: a draft after a crash, or a WebM recording. */
  | { readonly kind: "rewrite"; readonly source: Blob; readonly track: TrackPlan }
  /** Encodes samples at 48 kHz. */
  | {
      readonly kind: "encode";
      readonly left: Float32Array<ArrayBuffer>;
      readonly right: Float32Array<ArrayBuffer> | undefined;
      readonly track: TrackPlan;
    };

/** What a job gives. */
export type RecordingJobResult = TakenTrack & { readonly report?: PolishReport };

/** What the main thread tells the recording worker. `start` comes first and once. */
export type ToRecordingWorker =
  | {
      readonly type: "start";
      readonly core: WasmSource;
      /** For suppression and for the voice trigger; without it the trigger goes by level. */
      readonly rnnoise: WasmSource | undefined;
      readonly gtcrn: WasmSource | undefined;
    }
  | { readonly type: "open-note"; readonly takeId: number; readonly settings: NoteTakeSettings }
  /** Opens a recording of several tracks on one time base whose zero is `origin`, in samples at 48 kHz. */
  | { readonly type: "open-call"; readonly takeId: number; readonly origin: number }
  | { readonly type: "add-track"; readonly takeId: number; readonly trackId: number; readonly track: TrackPlan }
  /** Audio for a track (a note has track 0), from the sample `position` on. */
  | {
      readonly type: "blocks";
      readonly takeId: number;
      readonly trackId: number;
      readonly position: number;
      readonly left: Float32Array<ArrayBuffer>;
      readonly right: Float32Array<ArrayBuffer> | undefined;
    }
  /** A note's samples go to the vad worker by `blocks`, its verdicts come by `verdicts`, see vad-messages.ts. */
  | { readonly type: "listen"; readonly takeId: number; readonly blocks: PacketPipeEnd; readonly verdicts: MessagePort }
  | { readonly type: "pause"; readonly takeId: number }
  | { readonly type: "resume"; readonly takeId: number }
  /** Ends a take. A call's tracks all end at sample `end`. */
  | { readonly type: "finish"; readonly takeId: number; readonly end?: number }
  | { readonly type: "job"; readonly jobId: number; readonly job: RecordingJob }
  | { readonly type: "close" };

/** What the recording worker tells the main thread. */
export type FromRecordingWorker =
  | { readonly type: "started" }
  | { readonly type: "take-opened"; readonly takeId: number }
  /** About ten times a second. `peaks` are those since the last message, see waveform-peaks.ts. */
  | {
      readonly type: "progress";
      readonly takeId: number;
      readonly samples: number;
      /** A voice-triggered recording still waits for a voice. */
      readonly isWaiting: boolean;
      readonly peaks: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly type: "take-ended";
      readonly takeId: number;
      readonly reason: TakeEndReason;
      readonly message: string;
      readonly tracks: readonly TakenTrack[];
    }
  | { readonly type: "job-progress"; readonly jobId: number; readonly fraction: number }
  | { readonly type: "job-done"; readonly jobId: number; readonly result: RecordingJobResult }
  | {
      readonly type: "failed";
      /** Of the take or job; undefined when the worker itself failed. */
      readonly id: number | undefined;
      readonly code: VoiceErrorCode;
      readonly message: string;
    };
