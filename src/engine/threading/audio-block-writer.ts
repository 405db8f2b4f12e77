import { AUDIO_BLOCK_MAX_FRAMES, AudioBlockRecord } from "../shared-memory/audio-block-record.ts";
import type { ClosablePacketWriter } from "../shared-memory/packet-pipe.ts";

/** The audio thread's end of a tap: gathers samples into blocks of 10 ms. Does not allocate on shared memory. */
export class AudioBlockWriter {
  readonly #writer: ClosablePacketWriter;
  readonly #record = new AudioBlockRecord();
  readonly #left = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);
  readonly #right = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);
  #position = 0;
  #filled = 0;

  constructor(writer: ClosablePacketWriter) {
    this.#writer = writer;
  }

  /** Blocks that were dropped because nobody took them. */
  get overruns(): number {
    return this.#writer.overruns;
  }

  /** Appends `frames` samples from `offset`; `position` is that of the first one. A jump of positions starts a new block. */
  write(left: Float32Array, right: Float32Array, offset: number, frames: number, position: number): void {
    if (this.#filled > 0 && position !== this.#position + this.#filled) this.#flush();
    if (this.#filled === 0) this.#position = position;
    let at = offset;
    const end = offset + frames;
    while (at < end) {
      const count = Math.min(end - at, AUDIO_BLOCK_MAX_FRAMES - this.#filled);
      for (let i = 0; i < count; i++) {
        this.#left[this.#filled + i] = left[at + i] as number;
        this.#right[this.#filled + i] = right[at + i] as number;
      }
      this.#filled += count;
      at += count;
      if (this.#filled === AUDIO_BLOCK_MAX_FRAMES) this.#flush();
    }
  }

  /** Hands over what was gathered and releases the pipe. */
  close(): void {
    if (this.#filled > 0) this.#flush();
    this.#writer.close();
  }

  #flush(): void {
    const length = this.#record.write(this.#left, this.#right, 0, this.#filled, this.#position);
    this.#writer.write(this.#record.bytes, length);
    this.#position += this.#filled;
    this.#filled = 0;
  }
}
