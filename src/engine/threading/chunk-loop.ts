import { RnnoiseSuppressor } from "../capture/rnnoise-suppressor.ts";
import type { CodecModule } from "../codec/codec-module.ts";
import { OpusDecoder } from "../codec/opus-decoder.ts";
import { OpusEncoder } from "../codec/opus-encoder.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import { type BlockTaker, CaptureInput } from "./capture-input.ts";
import { type BlockGiver, ContextOutput } from "./context-output.ts";

/** Samples kept: more than the longest chunk and buffer together, a power of two. */
const CAPACITY = 65_536;
const SUPPRESSED_BLOCK = 480;
/** Quanta at other rates hold a number of 48 kHz samples that varies by a few. */
const CONVERSION_SLACK = 8;

/** How a chunk loop works. */
export type ChunkLoopSettings = {
  /** Samples gathered before anything is done with them, at 48 kHz. */
  readonly chunkSamples: number;
  /** Held back on top, samples at 48 kHz. */
  readonly bufferSamples: number;
  /** What is done to every chunk. Suppression works on multiples of 10 ms, Opus on its own frame lengths. */
  readonly treatment: "none" | "suppression" | "opus";
  readonly bitrate: number;
  readonly isLowDelay: boolean;
};

/** Where the delay of a loop comes from, samples at 48 kHz. */
export type ChunkLoopStages = {
  readonly chunk: number;
  readonly processing: number;
  readonly lookahead: number;
  readonly held: number;
  readonly output: number;
};

/**
 * Gathers what comes in to chunks, treats each at once and plays it as early as whole chunks allow: what a worklet costs before
 * any network. Audio thread; allocates only in the constructor.
 */
export class ChunkLoop implements BlockTaker, BlockGiver {
  readonly stages: ChunkLoopStages;
  readonly #input: CaptureInput;
  readonly #output: ContextOutput;
  readonly #ring = new Float32Array(CAPACITY);
  readonly #chunk: Float32Array;
  readonly #treated: Float32Array;
  readonly #block = new Float32Array(SUPPRESSED_BLOCK);
  readonly #suppressed = new Float32Array(SUPPRESSED_BLOCK);
  readonly #suppressor: RnnoiseSuppressor | undefined;
  readonly #encoder: OpusEncoder | undefined;
  readonly #decoder: OpusDecoder | undefined;
  readonly #delay: number;
  #filled = 0;
  #written = 0;
  #played = 0;
  /** Samples that were not there when they had to be played. */
  missing = 0;

  /**
   * @param contextRate Hz
   * @param quantumFrames frames of a render quantum
   * @param rnnoise compiled, for the treatment "suppression"
   * @throws CodecError when the codec's memory is full; RangeError when a setting is out of range
   */
  constructor(
    codec: CodecModule,
    { contextRate, quantumFrames }: { readonly contextRate: number; readonly quantumFrames: number },
    settings: ChunkLoopSettings,
    rnnoise: WebAssembly.Module | undefined,
  ) {
    const { treatment } = settings;
    this.#input = new CaptureInput(codec, contextRate, "left");
    this.#output = new ContextOutput(codec, contextRate);
    if (treatment === "suppression") {
      if (rnnoise === undefined) throw new RangeError("Cannot suppress noise without the suppressor's module");
      this.#suppressor = new RnnoiseSuppressor(rnnoise);
    }
    if (treatment === "opus") {
      const application = settings.isLowDelay ? "lowdelay" : "voip";
      this.#encoder = new OpusEncoder(codec, { channels: 1, application });
      this.#encoder.configure({ bitrate: settings.bitrate, complexity: 9 });
      this.#decoder = new OpusDecoder(codec, { channels: 1 });
    }
    const chunk =
      treatment === "suppression"
        ? SUPPRESSED_BLOCK * Math.ceil(settings.chunkSamples / SUPPRESSED_BLOCK)
        : settings.chunkSamples;
    this.#chunk = new Float32Array(chunk);
    this.#treated = new Float32Array(chunk);
    const quantum = (quantumFrames * SAMPLE_RATE) / contextRate;
    const slack =
      contextRate === SAMPLE_RATE ? quantum - commonDivisor(chunk, quantum) : Math.ceil(quantum) + CONVERSION_SLACK;
    this.#delay = chunk + slack + settings.bufferSamples;
    this.stages = {
      chunk,
      processing: this.#input.latencySamples + (this.#suppressor?.delaySamples ?? 0),
      lookahead: this.#encoder?.lookahead ?? 0,
      held: slack + settings.bufferSamples,
      output: this.#output.latencySamples,
    };
  }

  /** One render quantum. */
  process(input: readonly Float32Array[], output: Float32Array): void {
    this.#input.process(input, output.length, this);
    this.#output.render(this, output, output, output.length);
  }

  /** Gathers. */
  take(left: Float32Array, _right: Float32Array, frames: number): void {
    const chunk = this.#chunk;
    for (let i = 0; i < frames; i++) {
      chunk[this.#filled++] = left[i] as number;
      if (this.#filled < chunk.length) continue;
      this.#filled = 0;
      this.#treat();
      for (let k = 0; k < chunk.length; k++) {
        this.#ring[(this.#written + k) & (CAPACITY - 1)] = this.#treated[k] as number;
      }
      this.#written += chunk.length;
    }
  }

  /** Plays what came in the delay ago; what is not there is silence. */
  pull(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    for (let i = 0; i < frames; i++) {
      const at = this.#played + i - this.#delay;
      const isThere = at >= 0 && at < this.#written;
      const sample = isThere ? (this.#ring[at & (CAPACITY - 1)] as number) : 0;
      if (at >= 0 && !isThere) this.missing += 1;
      left[offset + i] = sample;
      right[offset + i] = sample;
    }
    this.#played += frames;
  }

  /** Frees what is held inside WebAssembly. */
  close(): void {
    this.#input.close();
    this.#output.close();
    this.#suppressor?.close();
    this.#encoder?.close();
    this.#decoder?.close();
  }

  #treat(): void {
    const encoder = this.#encoder;
    const decoder = this.#decoder;
    const chunk = this.#chunk;
    const treated = this.#treated;
    if (encoder !== undefined && decoder !== undefined) {
      for (let i = 0; i < chunk.length; i++) encoder.input[i] = chunk[i] as number;
      const bytes = encoder.encode(chunk.length);
      if (bytes > 0) decoder.decode(encoder.output, 0, bytes);
      for (let i = 0; i < chunk.length; i++) treated[i] = bytes > 0 ? (decoder.output[i] as number) : 0;
      return;
    }
    const suppressor = this.#suppressor;
    if (suppressor === undefined) {
      for (let i = 0; i < chunk.length; i++) treated[i] = chunk[i] as number;
      return;
    }
    for (let at = 0; at < chunk.length; at += SUPPRESSED_BLOCK) {
      for (let i = 0; i < SUPPRESSED_BLOCK; i++) this.#block[i] = chunk[at + i] as number;
      suppressor.process(this.#block, this.#suppressed);
      for (let i = 0; i < SUPPRESSED_BLOCK; i++) treated[at + i] = this.#suppressed[i] as number;
    }
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
