import type { AudioTap, AudioTapBlock } from "../threading/audio-tap.ts";

/** Takes a run of samples; the arrays are the receiver's. `right` is undefined in a mono feed. */
export type FeedReceiver = (
  position: number,
  left: Float32Array<ArrayBuffer>,
  right: Float32Array<ArrayBuffer> | undefined,
) => void;

/** How a {@link TapFeed} is fed. */
export type TapFeedOptions = {
  /** Opens a tap; undefined while there is nothing to listen to. */
  readonly open: () => AudioTap | undefined;
  readonly channels: 1 | 2;
  readonly receive: FeedReceiver;
};

/** Samples gathered before they are handed on: 50 ms, so that the page wakes 20 times a second, not 100 times. */
const BATCH_SAMPLES = 2_400;

/** Between two looks whether the tap still gives anything, ms. */
const WATCH_INTERVAL_MS = 500;

/**
 * Reads an audio tap for as long as it takes, in batches. When the tap dries up (another microphone, a restarted audio
 * thread) it opens a new one; positions then start over.
 */
export class TapFeed {
  readonly #options: TapFeedOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #tap: AudioTap | undefined;
  readonly #left = new Float32Array(BATCH_SAMPLES);
  readonly #right: Float32Array<ArrayBuffer>;
  #position = 0;
  #filled = 0;
  #received = 0;
  #receivedBefore = 0;
  #isClosed = false;

  constructor(options: TapFeedOptions) {
    this.#options = options;
    this.#right = new Float32Array(options.channels === 2 ? BATCH_SAMPLES : 0);
    this.#reopen();
    this.#timer = setInterval(() => this.#watch(), WATCH_INTERVAL_MS);
  }

  /** Samples received so far. */
  get received(): number {
    return this.#received;
  }

  /** The position behind the newest sample that was received, in samples at 48 kHz. */
  get position(): number {
    return this.#position + this.#filled;
  }

  /** Hands on what has been gathered so far. */
  flush(): void {
    if (this.#filled === 0) return;
    const isStereo = this.#options.channels === 2;
    const left = this.#left.slice(0, this.#filled);
    const right = isStereo ? this.#right.slice(0, this.#filled) : undefined;
    const position = this.#position;
    this.#position += this.#filled;
    this.#filled = 0;
    this.#options.receive(position, left, right);
  }

  /** Hands on the rest and stops. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#drain();
    this.flush();
    this.#tap?.close();
  }

  #reopen(): void {
    this.#tap?.close();
    this.#tap = this.#options.open();
    this.#tap?.forEach(this.#take);
  }

  /** What waits in the tap still belongs to the recording. */
  #drain(): void {
    const tap = this.#tap;
    if (tap === undefined) return;
    for (let block = tap.read(); block !== undefined; block = tap.read()) this.#take(block);
  }

  #watch(): void {
    if (this.#received === this.#receivedBefore) this.#reopen();
    this.#receivedBefore = this.#received;
  }

  readonly #take = ({ position, frames, left, right }: Readonly<AudioTapBlock>): void => {
    if (this.#filled > 0 && position !== this.#position + this.#filled) this.flush();
    if (this.#filled === 0) this.#position = position;
    for (let index = 0; index < frames; index += 1) {
      this.#left[this.#filled] = left[index] ?? 0;
      if (this.#right.length > 0) this.#right[this.#filled] = right[index] ?? 0;
      this.#filled += 1;
      if (this.#filled === BATCH_SAMPLES) this.flush();
    }
    this.#received += frames;
  };
}
