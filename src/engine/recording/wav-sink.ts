import type { RecordingFile } from "./recording-file.ts";
import type { TrackSink, TrackSummary } from "./track-sink.ts";

const RATE = 48_000;
const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/** Samples gathered before they are written and the header is brought up to date: one second. */
const FLUSH_SAMPLES = RATE;

/** Most bytes of samples that the 32-bit sizes of a WAV header can name. */
const MAX_DATA_BYTES = 0xffff_ffff - HEADER_BYTES;

/**
 * Writes a track as 16-bit PCM WAV at 48 kHz. The header is brought up to date every second, so the file can be played
 * even if the page is killed. Values beyond ±1 are clipped. Ends at 4 GiB, which is over six hours of stereo.
 */
export class WavSink implements TrackSink {
  readonly #file: RecordingFile;
  readonly #channels: 1 | 2;
  readonly #buffer: Int16Array<ArrayBuffer>;
  #filled = 0;
  #samples = 0;
  #failure: unknown;

  constructor({ channels, file }: { readonly channels: 1 | 2; readonly file: RecordingFile }) {
    this.#file = file;
    this.#channels = channels;
    this.#buffer = new Int16Array(FLUSH_SAMPLES * channels);
    this.#store();
  }

  write(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    for (let index = offset; index < offset + frames; index += 1) {
      this.#buffer[this.#filled] = quantise(left[index] ?? 0);
      if (this.#channels === 2) this.#buffer[this.#filled + 1] = quantise(right[index] ?? 0);
      this.#filled += this.#channels;
      if (this.#filled === this.#buffer.length) this.#store();
    }
  }

  drain(): Promise<void> {
    return this.#failure === undefined ? Promise.resolve() : Promise.reject(this.#failure);
  }

  finish(): Promise<TrackSummary> {
    this.#store();
    this.#file.close();
    return Promise.resolve({ samples: this.#samples, bytes: this.#file.size });
  }

  #store(): void {
    const frames = this.#filled / this.#channels;
    const position = HEADER_BYTES + this.#samples * this.#channels * BYTES_PER_SAMPLE;
    this.#filled = 0;
    if (this.#failure !== undefined || position + frames * this.#channels * BYTES_PER_SAMPLE > MAX_DATA_BYTES) return;
    try {
      const bytes = new Uint8Array(this.#buffer.buffer, 0, frames * this.#channels * BYTES_PER_SAMPLE);
      if (bytes.length > 0) this.#file.write(bytes, position);
      this.#file.write(wavHeader(this.#channels, this.#samples + frames), 0);
      this.#samples += frames;
      this.#file.flush();
    } catch (error) {
      this.#failure = error;
    }
  }
}

/** The 44-byte header of a 16-bit PCM WAV file at 48 kHz with `samples` samples per channel. */
function wavHeader(channels: 1 | 2, samples: number): Uint8Array {
  const dataBytes = samples * channels * BYTES_PER_SAMPLE;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const ascii = (at: number, text: string): void => {
    for (let index = 0; index < text.length; index += 1) view.setUint8(at + index, text.charCodeAt(index));
  };
  ascii(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  ascii(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * channels * BYTES_PER_SAMPLE, true);
  view.setUint16(32, channels * BYTES_PER_SAMPLE, true);
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true);
  ascii(36, "data");
  view.setUint32(40, dataBytes, true);
  return new Uint8Array(view.buffer);
}

function quantise(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}
