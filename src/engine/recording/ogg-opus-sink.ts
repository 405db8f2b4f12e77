import type { MetadataTags } from "mediabunny";
import type { CodecModule } from "../codec/codec-module.ts";
import type { OpusEncoderSettings } from "../codec/opus-encoder-settings.ts";
import { OggOpusWriter } from "./ogg-opus-writer.ts";
import { OpusTrackEncoder, RECORDING_FRAME_SAMPLES } from "./opus-track-encoder.ts";
import type { RecordingFile } from "./recording-file.ts";
import type { TrackSink, TrackSummary } from "./track-sink.ts";

/** Longest page: with the packets that wait to be paged, a crash costs less than a second. */
const PAGE_SECONDS = 0.8;

/** How an {@link OggOpusSink} is opened. */
export type OggOpusSinkOptions = {
  readonly codec: CodecModule;
  readonly channels: 1 | 2;
  readonly file: RecordingFile;
  readonly settings?: Partial<OpusEncoderSettings>;
  readonly tags?: MetadataTags;
};

/**
 * Encodes a track to Opus and writes it to an Ogg file that is whole up to the last second at any time: each page is
 * flushed as it completes, so a crash costs at most one page.
 */
export class OggOpusSink implements TrackSink {
  readonly #encoder: OpusTrackEncoder;
  readonly #file: RecordingFile;
  readonly #writer: Promise<OggOpusWriter>;
  #tail: Promise<void>;
  #failure: unknown;
  #position = 0;
  #storedGranule = 0;

  /** @throws {CodecError} when the module's memory is full */
  constructor({ codec, channels, file, settings, tags }: OggOpusSinkOptions) {
    this.#file = file;
    this.#encoder = new OpusTrackEncoder({
      codec,
      channels,
      ...(settings === undefined ? {} : { settings }),
      onPacket: (packet) => this.#add(packet.slice()),
    });
    this.#writer = OggOpusWriter.open({
      head: this.#encoder.head,
      pageSeconds: PAGE_SECONDS,
      shortestPacket: RECORDING_FRAME_SAMPLES,
      ...(tags === undefined ? {} : { tags }),
      onPage: (page) => this.#store(page),
    });
    this.#tail = this.#writer.then(() => undefined);
  }

  write(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    this.#encoder.write(left, right, offset, frames);
  }

  async drain(): Promise<void> {
    await this.#tail;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async finish(): Promise<TrackSummary> {
    const written = this.#encoder.samples;
    this.#encoder.finish();
    await this.#tail;
    if (this.#failure === undefined) await (await this.#writer).finish(written);
    this.#file.close();
    return { samples: Math.max(0, this.#storedGranule - this.#encoder.head.preSkip), bytes: this.#file.size };
  }

  #add(packet: Uint8Array): void {
    this.#tail = this.#tail.then(async () => {
      if (this.#failure !== undefined) return;
      await (await this.#writer).add(packet, RECORDING_FRAME_SAMPLES);
    });
  }

  /** The first page that does not fit ends the file: the pages before it are a valid, shorter recording. */
  #store(page: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      this.#file.write(page, this.#position);
      this.#file.flush();
      this.#position += page.length;
      this.#storedGranule = granulePosition(page);
    } catch (error) {
      this.#failure = error;
    }
  }
}

/** Samples at 48 kHz up to the end of a page, the pre-skip included. RFC 3533 §6. */
function granulePosition(page: Uint8Array): number {
  return Number(new DataView(page.buffer, page.byteOffset).getBigInt64(6, true));
}
