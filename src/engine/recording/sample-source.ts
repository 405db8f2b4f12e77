import type { CodecModule } from "../codec/codec-module.ts";
import { OpusDecoder } from "../codec/opus-decoder.ts";
import type { OpusRecording } from "./demux-opus.ts";

/**
 * A run of samples of a recording. The arrays are reused, the reader's to change until the next chunk, and hold `frames`
 * valid samples from 0. Mono: the same twice.
 */
export type SampleChunk = { readonly left: Float32Array; readonly right: Float32Array; readonly frames: number };

/** A finished recording that can be read from the start as often as it takes, in bounded memory. */
export interface SampleSource {
  readonly channels: 1 | 2;
  /** Samples at 48 kHz per channel. */
  readonly totalSamples: number;
  /** All samples in order. Each call starts over; finish one before the next. */
  chunks(): Iterable<SampleChunk>;
}

const PCM_CHUNK = 48_000;

/** Reads recordings that are decoded already, such as an imported file. What readers do to a chunk stays in the chunk. */
export class PcmSource implements SampleSource {
  readonly channels: 1 | 2;
  readonly totalSamples: number;
  readonly #left: Float32Array;
  readonly #right: Float32Array | undefined;
  readonly #chunkLeft = new Float32Array(PCM_CHUNK);
  readonly #chunkRight: Float32Array;

  /** One or two channels at 48 kHz of the same length. */
  constructor(left: Float32Array, right?: Float32Array) {
    this.channels = right === undefined ? 1 : 2;
    this.totalSamples = left.length;
    this.#left = left;
    this.#right = right;
    this.#chunkRight = right === undefined ? this.#chunkLeft : new Float32Array(PCM_CHUNK);
  }

  *chunks(): Iterable<SampleChunk> {
    for (let at = 0; at < this.totalSamples; at += PCM_CHUNK) {
      const frames = Math.min(PCM_CHUNK, this.totalSamples - at);
      this.#chunkLeft.set(this.#left.subarray(at, at + frames));
      if (this.#right !== undefined) this.#chunkRight.set(this.#right.subarray(at, at + frames));
      yield { left: this.#chunkLeft, right: this.#chunkRight, frames };
    }
  }
}

/** Decodes an Ogg Opus recording with our own decoder, as often as asked; damaged packets become silence. */
export class OpusSource implements SampleSource {
  readonly channels: 1 | 2;
  readonly totalSamples: number;
  readonly #decoder: OpusDecoder;
  readonly #recording: OpusRecording;
  readonly #left: Float32Array;
  readonly #right: Float32Array;

  /** @throws {CodecError} when the module's memory is full */
  constructor(codec: CodecModule, recording: OpusRecording) {
    this.channels = recording.head.channels;
    this.totalSamples = recording.totalSamples;
    this.#recording = recording;
    this.#decoder = new OpusDecoder(codec, { channels: this.channels });
    const frames = this.#decoder.output.length / this.channels;
    this.#left = new Float32Array(frames);
    this.#right = this.channels === 1 ? this.#left : new Float32Array(frames);
  }

  *chunks(): Iterable<SampleChunk> {
    const { head, packets, totalSamples } = this.#recording;
    this.#decoder.reset();
    let position = -head.preSkip;
    for (const packet of packets) {
      const decoded = this.#decoder.decode(packet, 0, packet.length);
      const samples = decoded > 0 ? decoded : this.#decoder.conceal(960);
      const from = Math.max(0, -position);
      const frames = Math.min(samples, totalSamples - position) - from;
      position += samples;
      if (frames > 0) {
        this.#split(from, frames);
        yield { left: this.#left, right: this.#right, frames };
      }
    }
  }

  /** Frees the decoder. Idempotent. */
  close(): void {
    this.#decoder.close();
  }

  #split(from: number, frames: number): void {
    const { output } = this.#decoder;
    const { channels } = this;
    for (let index = 0; index < frames; index += 1) {
      this.#left[index] = output[(from + index) * channels] ?? 0;
      if (channels === 2) this.#right[index] = output[(from + index) * 2 + 1] ?? 0;
    }
  }
}
