import { LoudnessMeter } from "../capture/loudness-meter.ts";
import type { CodecModule } from "../codec/codec-module.ts";
import { OpusDecoder } from "../codec/opus-decoder.ts";
import type { OpusEncoderSettings } from "../codec/opus-encoder-settings.ts";
import { gainToDb } from "../media/decibels.ts";
import { TruePeakInterpolator } from "../playout/true-peak-interpolator.ts";
import { OpusTrackEncoder, RECORDING_FRAME_SAMPLES } from "./opus-track-encoder.ts";

/** What a recording sounds like once it is decoded again. */
export type RehearsedSound = {
  /** Integrated loudness, LUFS; −120 for silence. */
  readonly lufs: number;
  /** dBTP. */
  readonly truePeakDb: number;
};

/**
 * Encodes a recording and decodes it again at once, to hear what its file will sound like: a codec moves peaks by a decibel and
 * more. Encoding is deterministic, so the file that is written of the same samples measures the same. Keeps no packets.
 */
export class EncodingRehearsal {
  readonly #channels: 1 | 2;
  readonly #encoder: OpusTrackEncoder;
  readonly #decoder: OpusDecoder;
  readonly #meter = new LoudnessMeter();
  readonly #interpolators = [new TruePeakInterpolator(), new TruePeakInterpolator()] as const;
  readonly #left = new Float32Array(RECORDING_FRAME_SAMPLES);
  readonly #right: Float32Array;
  readonly #peaks = new Float32Array(RECORDING_FRAME_SAMPLES);
  #peak = 0;

  /** @throws {CodecError} when the module's memory is full */
  constructor(options: {
    readonly codec: CodecModule;
    readonly channels: 1 | 2;
    readonly settings: Partial<OpusEncoderSettings>;
  }) {
    const { codec, channels, settings } = options;
    this.#channels = channels;
    this.#right = channels === 1 ? this.#left : new Float32Array(RECORDING_FRAME_SAMPLES);
    this.#decoder = new OpusDecoder(codec, { channels });
    this.#encoder = new OpusTrackEncoder({ codec, channels, settings, onPacket: (packet) => this.#hear(packet) });
  }

  /** Takes `frames` samples at 48 kHz from `offset`. */
  write(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    this.#encoder.write(left, right, offset, frames);
  }

  /** Hears the rest and frees the codec. */
  finish(): RehearsedSound {
    this.#encoder.finish();
    this.#decoder.close();
    return { lufs: this.#meter.integratedLufs, truePeakDb: gainToDb(this.#peak) };
  }

  #hear(packet: Uint8Array): void {
    const frames = this.#decoder.decode(packet, 0, packet.length);
    const { output } = this.#decoder;
    for (let index = 0; index < frames; index += 1) {
      this.#left[index] = output[index * this.#channels] ?? 0;
      if (this.#channels === 2) this.#right[index] = output[index * 2 + 1] ?? 0;
    }
    this.#meter.process(this.#left, this.#right, 0, frames);
    this.#peaks.fill(0);
    const [first, second] = this.#interpolators;
    first.process(this.#left, 0, frames, this.#peaks);
    if (this.#channels === 2) second.process(this.#right, 0, frames, this.#peaks);
    for (const peak of this.#peaks) this.#peak = Math.max(this.#peak, peak);
  }
}
