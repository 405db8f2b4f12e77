/*
 * Record of one block of audio on its way from an audio worklet to a recorder: the position of the first sample as a
 * 64-bit float (samples at 48 kHz since the tap's thread started), then the left samples, then the right ones, 32-bit
 * floats. Native byte order: the record never leaves the machine.
 */

/** Most samples per channel in one record: 10 ms at 48 kHz. */
export const AUDIO_BLOCK_MAX_FRAMES = 480;

const HEADER_BYTES = 8;
const CHANNELS = 2;
const BYTES_PER_FRAME = CHANNELS * Float32Array.BYTES_PER_ELEMENT;

/** Largest audio block record. */
export const AUDIO_BLOCK_RECORD_MAX_BYTES = HEADER_BYTES + AUDIO_BLOCK_MAX_FRAMES * BYTES_PER_FRAME;

/** Builds and reads audio block records in a buffer of its own. Does not allocate after construction. */
export class AudioBlockRecord {
  /** The record. */
  readonly bytes = new Uint8Array(AUDIO_BLOCK_RECORD_MAX_BYTES);
  readonly #position = new Float64Array(this.bytes.buffer, 0, 1);
  readonly #samples = new Float32Array(this.bytes.buffer, HEADER_BYTES);

  /** Position of the first sample, samples at 48 kHz. */
  get position(): number {
    return this.#position[0] ?? 0;
  }

  /** Puts `frames` (1…480) samples from `offset` into the record and returns its length in bytes. */
  write(left: Float32Array, right: Float32Array, offset: number, frames: number, position: number): number {
    const samples = this.#samples;
    this.#position[0] = position;
    for (let index = 0; index < frames; index += 1) {
      samples[index] = left[offset + index] ?? 0;
      samples[frames + index] = right[offset + index] ?? 0;
    }
    return HEADER_BYTES + frames * BYTES_PER_FRAME;
  }

  /** Copies the audio of a record of `length` bytes into `left` and `right`; returns the samples per channel. */
  read(length: number, left: Float32Array, right: Float32Array): number {
    const frames = Math.max(0, Math.floor((length - HEADER_BYTES) / BYTES_PER_FRAME));
    for (let index = 0; index < frames; index += 1) {
      left[index] = this.#samples[index] ?? 0;
      right[index] = this.#samples[frames + index] ?? 0;
    }
    return frames;
  }
}
