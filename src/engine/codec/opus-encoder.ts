import { CodecError, OPUS_BAD_ARG } from "./codec-error.ts";
import type { CodecModule } from "./codec-module.ts";
import * as control from "./opus-controls.ts";
import type { OpusApplication, OpusEncoderSettings } from "./opus-encoder-settings.ts";

/** Sample rates the Opus API takes, in hertz. */
export type OpusSampleRate = 8_000 | 12_000 | 16_000 | 24_000 | 48_000;

/** 60 ms at 48 kHz, the longest frame of the encoder's input. */
const INPUT_FRAMES = 2880;

/** Size of the output, and the longest packet the encoder makes. */
const OUTPUT_BYTES = 1500;

/** Shape of an encoder; the rest is live in {@link OpusEncoderSettings}. */
export type OpusEncoderOptions = {
  readonly channels: 1 | 2;
  /** Default "voip". */
  readonly application?: OpusApplication;
  /** Default 48 000. */
  readonly sampleRate?: OpusSampleRate;
};

/**
 * An Opus encoder in a codec module. `encode` and `configure` do not allocate. Any thread.
 */
export class OpusEncoder {
  /** Interleaved input, 2880 × channels floats around ±1, on the module's heap. Write here, then `encode`. */
  readonly input: Float32Array<ArrayBuffer>;
  /** 1500 bytes on the module's heap, where `encode` leaves the packet. Overwritten by the next `encode`. */
  readonly output: Uint8Array<ArrayBuffer>;
  readonly #codec: CodecModule;
  #handle: number;

  /**
   * @throws {RangeError} on a channel count or rate that Opus does not have
   * @throws {CodecError} when the module's memory is full
   */
  constructor(codec: CodecModule, { channels, application = "voip", sampleRate = 48_000 }: OpusEncoderOptions) {
    const { exports } = codec;
    const handle = exports.encoder_create(sampleRate, channels, control.APPLICATIONS[application]);
    if (handle === OPUS_BAD_ARG)
      throw new RangeError(`Cannot encode ${channels} channels at ${sampleRate} Hz with Opus`);
    if (handle < 0) throw new CodecError("Cannot open an Opus encoder", handle);
    this.#codec = codec;
    this.#handle = handle;
    this.input = codec.floats(exports.encoder_input(handle), INPUT_FRAMES * channels);
    this.output = codec.bytes(exports.encoder_output(handle), OUTPUT_BYTES);
  }

  /** Encoder delay at its sample rate, in samples per channel: what a decoder's output lags the input by. */
  get lookahead(): number {
    return this.#codec.exports.encoder_get(this.#handle, control.GET_LOOKAHEAD);
  }

  /** Whether the last frame was left out by DTX. */
  get isInDtx(): boolean {
    return this.#codec.exports.encoder_get(this.#handle, control.GET_IN_DTX) === 1;
  }

  /**
   * Encodes the first `frameSamples` per channel of the input: 2.5, 5, 10, 20, 40 or 60 ms.
   *
   * @returns bytes written to `output` (1 or 2 are DTX), or a negative OPUS_ error code
   */
  encode(frameSamples: number): number {
    return this.#codec.exports.encoder_encode(this.#handle, frameSamples);
  }

  /**
   * Changes settings between two frames, without a click. What is left out stays as it is.
   *
   * @throws {RangeError} on a value outside its range; settings before it in the list are then already applied
   */
  configure(settings: Partial<OpusEncoderSettings>): void {
    if (settings.application !== undefined)
      this.#set(control.SET_APPLICATION, control.APPLICATIONS[settings.application]);
    if (settings.bitrate !== undefined) this.#set(control.SET_BITRATE, settings.bitrate);
    if (settings.complexity !== undefined) this.#set(control.SET_COMPLEXITY, settings.complexity);
    if (settings.bandwidth !== undefined) this.#set(control.SET_BANDWIDTH, control.BANDWIDTHS[settings.bandwidth]);
    if (settings.rateControl !== undefined) {
      this.#set(control.SET_VBR, settings.rateControl === "cbr" ? 0 : 1);
      this.#set(control.SET_VBR_CONSTRAINT, settings.rateControl === "cvbr" ? 1 : 0);
    }
    if (settings.fec !== undefined) this.#set(control.SET_INBAND_FEC, settings.fec ? 1 : 0);
    if (settings.expectedLossPercent !== undefined) {
      this.#set(control.SET_PACKET_LOSS_PERC, Math.round(settings.expectedLossPercent));
    }
    if (settings.dtx !== undefined) this.#set(control.SET_DTX, settings.dtx ? 1 : 0);
    if (settings.signal !== undefined) this.#set(control.SET_SIGNAL, control.SIGNALS[settings.signal]);
    if (settings.codedChannels !== undefined) {
      this.#set(control.SET_FORCE_CHANNELS, control.CODED_CHANNELS[settings.codedChannels]);
    }
    if (settings.predictionDisabled !== undefined) {
      this.#set(control.SET_PREDICTION_DISABLED, settings.predictionDisabled ? 1 : 0);
    }
    if (settings.dredDuration !== undefined && this.#codec.hasNeural) {
      this.#set(control.SET_DRED_DURATION, settings.dredDuration);
    }
  }

  /** Forgets the signal, keeps the settings. */
  reset(): void {
    this.#codec.exports.encoder_reset(this.#handle);
  }

  /** Frees the encoder; its views must not be used any more. Idempotent. */
  close(): void {
    this.#codec.exports.encoder_close(this.#handle);
    this.#handle = 0;
  }

  #set(request: number, value: number): void {
    const result = this.#codec.exports.encoder_set(this.#handle, request, value);
    if (result < 0)
      throw new RangeError(`The Opus encoder does not take ${value} for control ${request} (error ${result})`);
  }
}
