import type { CodecModule } from "../codec/codec-module.ts";
import { OpusDecoder } from "../codec/opus-decoder.ts";
import type { SyncBuffer } from "./sync-buffer.ts";

/** Frames that a new decoder decodes beside the old one before it takes over: its predictors have settled by then. */
const PRIMING_FRAMES = 3;
/** Length of the cross-fade to the new decoder. */
const SWAP_FADE = 240;
/** Largest magnitude that leaves a decoder: +6 dBFS. A packet made up by an enemy decodes to far more. */
const LARGEST = 2;
/** Complexities of the Opus decoder above and below its threshold for neural concealment. */
const NEURAL = 5;
const CLASSIC = 0;

/**
 * The Opus decoder of a stream, writing planar audio to the end of its buffer. What is written is not yet committed. Results are
 * samples per channel, or ≤ 0 when there is nothing. Swaps to another codec module without a click. No allocation but in
 * the constructor and in {@link FrameDecoder.useCodec}.
 */
export class FrameDecoder {
  readonly #buffer: SyncBuffer;
  #decoder: OpusDecoder;
  #hasNeural: boolean;
  #next: OpusDecoder | undefined;
  #nextHasNeural = false;
  #primed = 0;
  #isNeural = false;
  #isAllowed = true;
  #neuralFrames = 0;
  #shortfalls = 0;

  /** @throws CodecError when the codec's heap is full */
  constructor(codec: CodecModule, buffer: SyncBuffer) {
    this.#buffer = buffer;
    this.#decoder = new OpusDecoder(codec, { channels: buffer.channels });
    this.#hasNeural = codec.hasNeural;
    this.#setNeural(true);
  }

  /** Whether DRED can be decoded and loss concealed by the neural network. */
  get hasNeural(): boolean {
    return this.#hasNeural;
  }

  /** Prepares a decoder in another module; it takes over within a few frames. @throws CodecError when its heap is full */
  useCodec(codec: CodecModule): void {
    this.#next?.close();
    this.#next = new OpusDecoder(codec, { channels: this.#buffer.channels });
    this.#nextHasNeural = codec.hasNeural;
    this.#primed = 0;
  }

  /** Frames concealed or recovered by the neural network. */
  get neuralFrames(): number {
    return this.#neuralFrames;
  }

  /** Frames concealed classically because the network was not allowed. */
  get shortfalls(): number {
    return this.#shortfalls;
  }

  /** Lets the neural network conceal, or not, while there is a choice. */
  allowNeural(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
  }

  #setNeural(isNeural: boolean): void {
    if (!this.#hasNeural || isNeural === this.#isNeural) return;
    this.#isNeural = isNeural;
    this.#decoder.setComplexity(isNeural ? NEURAL : CLASSIC);
  }

  decode(bytes: Uint8Array, offset: number, length: number): number {
    const frames = this.#decoder.decode(bytes, offset, length);
    this.#write(this.#decoder, frames);
    if (this.#next !== undefined && frames > 0) this.#prime(this.#next, bytes, offset, length, frames);
    return frames;
  }

  decodeFec(bytes: Uint8Array, offset: number, length: number, samples: number): number {
    const frames = this.#decoder.decodeFec(bytes, offset, length, samples);
    this.#write(this.#decoder, frames);
    this.#primed = 0;
    return frames;
  }

  /** Makes up a frame: by the network where it is there and allowed, else classically. */
  conceal(samples: number): number {
    if (this.#hasNeural) {
      this.#setNeural(this.#isAllowed);
      if (this.#isAllowed) this.#neuralFrames++;
      else this.#shortfalls++;
    }
    const frames = this.#decoder.conceal(samples);
    this.#write(this.#decoder, frames);
    this.#primed = 0;
    return frames;
  }

  /** Reads the deep redundancy of a packet; samples before the packet that it covers. */
  parseDred(bytes: Uint8Array, offset: number, length: number, maxSamples: number): number {
    return this.#hasNeural ? this.#decoder.parseDred(bytes, offset, length, maxSamples) : 0;
  }

  /** Decodes what lies `offsetSamples` before the packet last given to {@link parseDred}. */
  decodeDred(offsetSamples: number, samples: number): number {
    // Below the network's complexity libopus would conceal instead.
    this.#setNeural(true);
    this.#neuralFrames++;
    const frames = this.#decoder.decodeDred(offsetSamples, samples);
    this.#write(this.#decoder, frames);
    this.#primed = 0;
    return frames;
  }

  /** Forgets the signal. */
  reset(): void {
    this.#decoder.reset();
    this.#next?.reset();
    this.#primed = 0;
  }

  /** Frees the decoders. Idempotent. */
  close(): void {
    this.#decoder.close();
    this.#next?.close();
    this.#next = undefined;
  }

  #write(decoder: OpusDecoder, frames: number): void {
    if (frames <= 0) return;
    const buffer = this.#buffer;
    const at = buffer.reserve(frames);
    const { output } = decoder;
    const { left, right } = buffer;
    if (buffer.channels === 1) {
      for (let i = 0; i < frames; i++) left[at + i] = bounded(output[i] ?? 0);
      return;
    }
    for (let i = 0; i < frames; i++) {
      left[at + i] = bounded(output[2 * i] ?? 0);
      right[at + i] = bounded(output[2 * i + 1] ?? 0);
    }
  }

  #prime(next: OpusDecoder, bytes: Uint8Array, offset: number, length: number, frames: number): void {
    if (next.decode(bytes, offset, length) !== frames) return;
    this.#primed++;
    if (this.#primed < PRIMING_FRAMES) return;
    const buffer = this.#buffer;
    const at = buffer.writePosition;
    const fade = Math.min(SWAP_FADE, frames);
    for (let i = 0; i < frames; i++) {
      const weight = i < fade ? (i + 1) / (fade + 1) : 1;
      for (let channel = 0; channel < buffer.channels; channel++) {
        const signal = channel === 0 ? buffer.left : buffer.right;
        const old = signal[at + i] ?? 0;
        signal[at + i] = old + (bounded(next.output[i * buffer.channels + channel] ?? 0) - old) * weight;
      }
    }
    this.#decoder.close();
    this.#decoder = next;
    this.#hasNeural = this.#nextHasNeural;
    this.#next = undefined;
    this.#isNeural = false;
    this.#setNeural(true);
  }
}

function bounded(sample: number): number {
  if (sample > LARGEST) return LARGEST;
  // A comparison with NaN is false: it becomes silence.
  return sample >= -LARGEST ? sample : sample < 0 ? -LARGEST : 0;
}
