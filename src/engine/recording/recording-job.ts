import { CodecModule } from "../codec/codec-module.ts";
import { opusPacketSamples } from "../codec/packet-inspection.ts";
import type { OpusRecording } from "./demux-opus.ts";
import { EncodingRehearsal } from "./encoding-rehearsal.ts";
import { OggOpusWriter } from "./ogg-opus-writer.ts";
import { openTrack } from "./open-track.ts";
import { readOpusRecording } from "./opus-recording-reader.ts";
import { polishRecording } from "./polish-recording.ts";
import { RangeCutter } from "./range-cutter.ts";
import type { RecordingFile } from "./recording-file.ts";
import type { RecordingJob, RecordingJobResult, TrackPlan } from "./recording-messages.ts";
import { OpusSource, PcmSource, type SampleSource } from "./sample-source.ts";
import { takenTrack } from "./taken-track.ts";
import { trackEncoderSettings } from "./track-encoder-settings.ts";
import type { RecordedTrack, TrackRecorder } from "./track-recorder.ts";
import type { TrackSink } from "./track-sink.ts";
import { WaveformPeaks } from "./waveform-peaks.ts";

/** What a job needs. */
export type RecordingJobContext = {
  readonly modules: { readonly core: WebAssembly.Module };
  readonly openFile: (name: string) => Promise<RecordingFile>;
  /** 0…1. */
  readonly onProgress: (fraction: number) => void;
};

const YIELD_CHUNKS = 200;

/**
 * Does one piece of work on a recording that exists. Worker thread or Node.
 *
 * @throws {VoiceError} `unsupported` for a file that is no Opus recording, `storage-full` when the result does not fit
 */
export async function runRecordingJob(job: RecordingJob, context: RecordingJobContext): Promise<RecordingJobResult> {
  if (job.kind === "encode") {
    const source = new PcmSource(job.left, job.right);
    return writeTrack(job.track, context, (sink) => copy(source, sink, context.onProgress));
  }
  const recording = await readOpusRecording(new Uint8Array(await job.source.arrayBuffer()));
  if (job.kind === "rewrite") return rewrite(recording, job.track, context);
  const codec = CodecModule.instantiate(context.modules.core);
  const source = new OpusSource(codec, recording);
  try {
    if (job.kind === "cut") {
      const range = { start: job.start, end: Math.min(job.end, source.totalSamples) };
      return await writeTrack(job.track, context, (sink) => copyRange(source, range, sink, context.onProgress));
    }
    const { format, channels } = job.track;
    const settings = trackEncoderSettings(job.track);
    const rehearse = format === "opus" ? () => new EncodingRehearsal({ codec, channels, settings }) : undefined;
    const { onProgress } = context;
    return await writeTrack(job.track, context, (sink) =>
      polishRecording(source, sink, job.settings, { onProgress, rehearse }),
    );
  } finally {
    source.close();
  }
}

async function writeTrack<Report>(
  plan: TrackPlan,
  { modules, openFile }: RecordingJobContext,
  work: (sink: TrackSink) => Promise<Report>,
): Promise<RecordingJobResult> {
  const { file, track } = await openTrack({ plan, modules, origin: 0, openFile });
  let report: Report;
  let finished: RecordedTrack;
  try {
    report = await work(appendingTo(track));
    await track.drain();
    finished = await track.finish();
    // The last pages are written only now.
    await track.drain();
  } finally {
    // What failed is closed as well, so that it can be deleted.
    file.close();
  }
  const taken = takenTrack(plan, file, finished);
  return report === undefined ? taken : { ...taken, report: report as NonNullable<RecordingJobResult["report"]> };
}

/** A track recorder as the sink that polishing writes to; finishing it is the caller's. */
function appendingTo(track: TrackRecorder): TrackSink {
  return {
    write: (left, right, offset, frames) => track.append(left, right, offset, frames),
    drain: () => track.drain(),
    finish: () => Promise.reject(new TypeError("The track is finished by its owner")),
  };
}

async function copy(source: SampleSource, sink: TrackSink, onProgress: (fraction: number) => void): Promise<undefined> {
  return copyRange(source, { start: 0, end: source.totalSamples }, sink, onProgress);
}

async function copyRange(
  source: SampleSource,
  range: { readonly start: number; readonly end: number },
  sink: TrackSink,
  onProgress: (fraction: number) => void,
): Promise<undefined> {
  const cutter = new RangeCutter([range], (left, right, offset, frames) => sink.write(left, right, offset, frames));
  let seen = 0;
  let chunks = 0;
  for (const { left, right, frames } of source.chunks()) {
    cutter.write(left, right, frames);
    seen += frames;
    chunks += 1;
    if (chunks % YIELD_CHUNKS === 0) {
      onProgress(seen / source.totalSamples);
      await sink.drain();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  onProgress(1);
  return undefined;
}

/** The same packets in a new file; the waveform comes from decoding them. */
async function rewrite(
  recording: OpusRecording,
  plan: TrackPlan,
  { modules, openFile, onProgress }: RecordingJobContext,
): Promise<RecordingJobResult> {
  const file = await openFile(plan.file);
  try {
    const writer = await OggOpusWriter.open({
      head: recording.head,
      ...(plan.tags === undefined ? {} : { tags: plan.tags }),
      onPage: (page) => file.write(page, file.size),
    });
    for (const packet of recording.packets) {
      await writer.add(packet, opusPacketSamples(packet, 0, packet.length));
    }
    await writer.finish(recording.totalSamples);
    file.flush();
    const peaks = new WaveformPeaks();
    const source = new OpusSource(CodecModule.instantiate(modules.core), recording);
    for (const { left, right, frames } of source.chunks()) peaks.write(left, right, 0, frames);
    source.close();
    onProgress(1);
    const { totalSamples: samples } = recording;
    return takenTrack(plan, file, { samples, bytes: file.size, peaks: peaks.values() });
  } finally {
    file.close();
  }
}
