import type { CodecModule } from "../codec/codec-module.ts";
import { OpusEncoder } from "../codec/opus-encoder.ts";
import type { OpusEncoderSettings } from "../codec/opus-encoder-settings.ts";
import type { OpusHead } from "./opus-head.ts";

/** Frame of recordings: 20 ms, the length at which Opus is most efficient without losing words to a damaged page. */
export const RECORDING_FRAME_SAMPLES = 960;

/** How a {@link OpusTrackEncoder} encodes. */
export type OpusTrackEncoderOptions = {
  readonly codec: CodecModule;
  readonly channels: 1 | 2;
  readonly settings?: Partial<OpusEncoderSettings>;
  /** Gets each packet; the bytes are only valid during the call. */
  readonly onPacket: (packet: Uint8Array, frameSamples: number) => void;
};

/**
 * Turns a recording's samples into Opus packets of 20 ms, so that decoding them, less `head.preSkip`, gives back as
 * many samples as went in. Any thread but the audio thread's.
 */
export class OpusTrackEncoder {
  /** The identification header that belongs to the packets. */
  readonly head: OpusHead;
  readonly #encoder: OpusEncoder;
  readonly #channels: 1 | 2;
  readonly #onPacket: (packet: Uint8Array, frameSamples: number) => void;
  #filled = 0;
  #samples = 0;

  /** @throws {CodecError} when the module's memory is full */
  constructor({ codec, channels, settings, onPacket }: OpusTrackEncoderOptions) {
    this.#encoder = new OpusEncoder(codec, { channels, application: "voip" });
    this.#encoder.configure({ complexity: 10, bitrate: 40_000 * channels, ...settings });
    this.#channels = channels;
    this.#onPacket = onPacket;
    this.head = { channels, preSkip: this.#encoder.lookahead, inputRate: 48_000 };
  }

  /** Samples per channel written so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Appends `frames` samples at 48 kHz from `offset`; `right` is ignored in a mono track. */
  write(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const input = this.#encoder.input;
    for (let index = offset; index < offset + frames; index += 1) {
      if (this.#channels === 1) {
        input[this.#filled] = left[index] ?? 0;
      } else {
        input[this.#filled * 2] = left[index] ?? 0;
        input[this.#filled * 2 + 1] = right[index] ?? 0;
      }
      this.#filled += 1;
      if (this.#filled === RECORDING_FRAME_SAMPLES) this.#encode();
    }
    this.#samples += frames;
  }

  /** Appends `frames` samples of digital silence: the time before somebody joined, or a pause in the stream. */
  writeSilence(frames: number): void {
    const silence = new Float32Array(RECORDING_FRAME_SAMPLES);
    for (let left = frames; left > 0; left -= RECORDING_FRAME_SAMPLES) {
      this.write(silence, silence, 0, Math.min(left, RECORDING_FRAME_SAMPLES));
    }
  }

  /** Encodes what is left, with the padding that pushes the last samples out of the encoder, and frees it. */
  finish(): void {
    const target = this.#samples;
    if (target > 0) {
      const owed = this.#filled + this.head.preSkip;
      const padding = Math.ceil(owed / RECORDING_FRAME_SAMPLES) * RECORDING_FRAME_SAMPLES - this.#filled;
      this.writeSilence(padding);
    }
    this.#samples = target;
    this.close();
  }

  /** Frees the encoder without encoding the rest. Idempotent. */
  close(): void {
    this.#encoder.close();
  }

  #encode(): void {
    this.#filled = 0;
    const bytes = this.#encoder.encode(RECORDING_FRAME_SAMPLES);
    if (bytes > 0) this.#onPacket(this.#encoder.output.subarray(0, bytes), RECORDING_FRAME_SAMPLES);
  }
}
