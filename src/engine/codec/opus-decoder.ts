import { CodecError, OPUS_BAD_ARG, OPUS_INVALID_PACKET, OPUS_UNIMPLEMENTED } from "./codec-error.ts";
import type { CodecModule } from "./codec-module.ts";
import { SET_COMPLEXITY } from "./opus-controls.ts";
import type { OpusSampleRate } from "./opus-encoder.ts";

/** 120 ms at 48 kHz, the longest packet. */
const OUTPUT_FRAMES = 5760;

/** The longest packet the module takes. */
const PACKET_BYTES = 1500;

/** Shape of a decoder. Any packet decodes with either channel count. */
export type OpusDecoderOptions = {
  readonly channels: 1 | 2;
  /** Default 48 000. */
  readonly sampleRate?: OpusSampleRate;
};

/**
 * An Opus decoder in a codec module, with concealment, in-band FEC and, in the neural module, DRED. No function
 * allocates or throws after construction; each returns samples per channel now in `output`, or a negative OPUS_
 * error code that leaves the decoder usable. Any thread.
 */
export class OpusDecoder {
  /** Interleaved, 5760 × channels floats on the module's heap. Overwritten by the next call. */
  readonly output: Float32Array<ArrayBuffer>;
  readonly #codec: CodecModule;
  readonly #packet: Uint8Array<ArrayBuffer>;
  #handle: number;

  /**
   * @throws {RangeError} on a channel count or rate that Opus does not have
   * @throws {CodecError} when the module's memory is full
   */
  constructor(codec: CodecModule, { channels, sampleRate = 48_000 }: OpusDecoderOptions) {
    const { exports } = codec;
    const handle = exports.decoder_create(sampleRate, channels);
    if (handle === OPUS_BAD_ARG)
      throw new RangeError(`Cannot decode ${channels} channels at ${sampleRate} Hz with Opus`);
    if (handle < 0) throw new CodecError("Cannot open an Opus decoder", handle);
    this.#codec = codec;
    this.#handle = handle;
    this.#packet = codec.bytes(exports.decoder_packet(handle), PACKET_BYTES);
    this.output = codec.floats(exports.decoder_output(handle), OUTPUT_FRAMES * channels);
  }

  /** Decodes the packet at `packet[offset …]`. */
  decode(packet: Uint8Array, offset: number, length: number): number {
    if (!this.#load(packet, offset, length)) return OPUS_INVALID_PACKET;
    return this.#codec.exports.decoder_decode(this.#handle, length);
  }

  /**
   * Decodes the in-band FEC that this packet carries for the `frameSamples` just before it; conceals where it
   * carries none. Decode the packet itself afterwards.
   */
  decodeFec(packet: Uint8Array, offset: number, length: number, frameSamples: number): number {
    if (!this.#load(packet, offset, length)) return OPUS_INVALID_PACKET;
    return this.#codec.exports.decoder_decode_fec(this.#handle, length, frameSamples);
  }

  /**
   * Makes up `frameSamples` that never came; a multiple of 120 at 48 kHz, at most 5760. The neural module does it
   * with its network at complexity 5 and above.
   */
  conceal(frameSamples: number): number {
    return this.#codec.exports.decoder_conceal(this.#handle, frameSamples);
  }

  /**
   * Reads the deep redundancy in a packet and keeps it for {@link decodeDred}. Neural module only.
   *
   * @param maxSamples how far back the caller has use for, at the decoder's rate
   * @returns samples before this packet that can be recovered; 0 when it carries none
   */
  parseDred(packet: Uint8Array, offset: number, length: number, maxSamples: number): number {
    const { neural } = this.#codec;
    if (neural === undefined) return OPUS_UNIMPLEMENTED;
    if (!this.#load(packet, offset, length)) return OPUS_INVALID_PACKET;
    return neural.decoder_parse_dred(this.#handle, length, maxSamples);
  }

  /**
   * Decodes `frameSamples` starting `offsetSamples` before the packet last given to {@link parseDred}. Neural
   * module only.
   */
  decodeDred(offsetSamples: number, frameSamples: number): number {
    const { neural } = this.#codec;
    if (neural === undefined) return OPUS_UNIMPLEMENTED;
    return neural.decoder_decode_dred(this.#handle, offsetSamples, frameSamples);
  }

  /**
   * How much may be spent, 0…10: in the neural module 5 and above conceal by network, below classically.
   *
   * @throws {RangeError} outside 0…10
   */
  setComplexity(complexity: number): void {
    if (this.#codec.exports.decoder_set(this.#handle, SET_COMPLEXITY, complexity) < 0) {
      throw new RangeError(`The Opus decoder does not take the complexity ${complexity}`);
    }
  }

  /** Pitch period of the last decoded frame in samples at 48 kHz, 0 when it had none. */
  get pitch(): number {
    return this.#codec.exports.decoder_get_pitch(this.#handle);
  }

  /** Forgets the signal, as before the first packet. */
  reset(): void {
    this.#codec.exports.decoder_reset(this.#handle);
  }

  /** Frees the decoder; its output must not be used any more. Idempotent. */
  close(): void {
    this.#codec.exports.decoder_close(this.#handle);
    this.#handle = 0;
  }

  /** Copies by hand: `set(subarray())` would allocate a view per packet. */
  #load(packet: Uint8Array, offset: number, length: number): boolean {
    if (!(length > 0 && length <= PACKET_BYTES && offset >= 0 && offset + length <= packet.length)) return false;
    const target = this.#packet;
    for (let index = 0; index < length; index++) target[index] = packet[offset + index] as number;
    return true;
  }
}
