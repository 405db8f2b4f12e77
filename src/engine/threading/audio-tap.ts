import { AUDIO_BLOCK_MAX_FRAMES, AudioBlockRecord } from "../shared-memory/audio-block-record.ts";
import { openPacketReader } from "../shared-memory/open-packet-pipe.ts";
import type { PacketPipeEnd, PacketReader } from "../shared-memory/packet-pipe.ts";
import { watchPackets } from "../shared-memory/packet-watch.ts";

/** One block of a tap. The arrays are reused: copy what is to be kept. */
export type AudioTapBlock = {
  /**
   * Samples at 48 kHz on the clock of the tapped audio thread: the playout clock for what is heard here. A jump means that
   * blocks were lost.
   */
  position: number;
  /** Valid samples per channel, 1…480. */
  frames: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
};

/** Bytes of a tap's pipe: about 5 s of stereo at 48 kHz, so that a blocked page loses nothing. */
export const AUDIO_TAP_CAPACITY_BYTES = 1 << 21;

/**
 * A copy of audio at 48 kHz as it passes a point of the engine: the mix, one remote stream, or a microphone before or
 * after processing. Read it from one thread.
 */
export class AudioTap {
  readonly #reader: PacketReader;
  readonly #record = new AudioBlockRecord();
  readonly #onClose: () => void;
  readonly #shift: number;
  readonly #block: AudioTapBlock = {
    position: 0,
    frames: 0,
    left: new Float32Array(AUDIO_BLOCK_MAX_FRAMES),
    right: new Float32Array(AUDIO_BLOCK_MAX_FRAMES),
  };
  #stopWatching: (() => void) | undefined;
  #isClosed = false;

  /** `onClose` takes the tap out of the audio thread; `shift` is added to every position. */
  constructor(end: PacketPipeEnd, onClose: () => void, shift = 0) {
    this.#reader = openPacketReader(end);
    this.#onClose = onClose;
    this.#shift = shift;
  }

  /** Blocks lost because nobody read them for too long. */
  get overruns(): number {
    return this.#reader.overruns;
  }

  /** The oldest unread block, or undefined. The same object every time. */
  read(): Readonly<AudioTapBlock> | undefined {
    const length = this.#isClosed ? 0 : this.#reader.read(this.#record.bytes);
    if (length === 0) {
      return undefined;
    }
    this.#block.frames = this.#record.read(length, this.#block.left, this.#block.right);
    this.#block.position = this.#record.position + this.#shift;
    return this.#block;
  }

  /** Calls `onBlock` for every block from now on, until the tap is closed. Call once. */
  forEach(onBlock: (block: Readonly<AudioTapBlock>) => void): void {
    this.#stopWatching?.();
    this.#stopWatching = watchPackets(this.#reader, () => {
      for (let block = this.read(); block !== undefined; block = this.read()) {
        onBlock(block);
      }
    });
  }

  /** Stops the copying. What was not read is lost. Idempotent. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#stopWatching?.();
    this.#onClose();
    this.#reader.close();
  }
}
