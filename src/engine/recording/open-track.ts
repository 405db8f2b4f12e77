import { CodecModule } from "../codec/codec-module.ts";
import { OggOpusSink } from "./ogg-opus-sink.ts";
import type { RecordingFile } from "./recording-file.ts";
import type { TrackPlan } from "./recording-messages.ts";
import { trackEncoderSettings } from "./track-encoder-settings.ts";
import { TrackRecorder } from "./track-recorder.ts";
import type { TrackSink } from "./track-sink.ts";
import { WavSink } from "./wav-sink.ts";

/** A track that can be written to, and the file behind it. */
export type OpenedTrack = { readonly file: RecordingFile; readonly sink: TrackSink; readonly track: TrackRecorder };

/**
 * Opens the file of a track and the encoder in front of it.
 *
 * @throws {VoiceError} `storage-full` when there is no room for a file
 */
export async function openTrack(options: {
  readonly plan: TrackPlan;
  readonly modules: { readonly core: WebAssembly.Module };
  /** Position of the recording's first sample, samples at 48 kHz. */
  readonly origin: number;
  readonly openFile: (name: string) => Promise<RecordingFile>;
}): Promise<OpenedTrack> {
  const { plan, modules, origin, openFile } = options;
  const { channels, format, tags } = plan;
  const file = await openFile(plan.file);
  const sink =
    format === "wav"
      ? new WavSink({ channels, file })
      : new OggOpusSink({
          codec: CodecModule.instantiate(modules.core),
          channels,
          file,
          settings: trackEncoderSettings(plan),
          ...(tags === undefined ? {} : { tags }),
        });
  return { file, sink, track: new TrackRecorder(sink, origin) };
}
