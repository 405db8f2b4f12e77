import { LIMITER_LATENCY, Limiter } from "../playout/limiter.ts";

/** Takes mixed samples from `position` on; the arrays are reused and hold `frames` samples. */
export type MixReceiver = (position: number, left: Float32Array, right: Float32Array, frames: number) => void;

/** How long the mix waits for a voice that comes by another way, in samples: half a second. */
const PATIENCE = 24_000;

/** Samples that are held at once: four times as long, for a page that wakes late. */
const WINDOW = 4 * PATIENCE;

/** True peak that the sum of two limited signals is kept under, dBTP, and the limiter's release. */
const CEILING = { ceilingDb: -1, releaseMs: 60 } as const;

const PIECE = 2_400;

/**
 * Adds one's own voice to what is heard of the others: both are limited already, but not their sum, and they come at
 * different times. Whatever is missing of one of them is silence there. In bounded memory; worker thread or Node.
 */
export class CallMix {
  readonly #receive: MixReceiver;
  readonly #limiter = new Limiter(CEILING);
  readonly #left = new Float32Array(WINDOW);
  readonly #right = new Float32Array(WINDOW);
  readonly #outLeft = new Float32Array(PIECE);
  readonly #outRight = new Float32Array(PIECE);
  #start: number;
  #othersEnd: number;
  #ownEnd: number;

  /** Everything from the position `start` on is mixed, samples at 48 kHz. */
  constructor(start: number, receive: MixReceiver) {
    this.#receive = receive;
    this.#start = start;
    this.#othersEnd = start;
    this.#ownEnd = start;
  }

  /** Takes what is heard of the others. What is older than half a second is left out. */
  addOthers(position: number, left: Float32Array, right: Float32Array): void {
    this.#add(position, left, right);
    this.#othersEnd = Math.max(this.#othersEnd, position + left.length);
    this.#release();
  }

  /** Takes one's own voice. What is older than half a second is left out. */
  addOwn(position: number, voice: Float32Array): void {
    this.#add(position, voice, voice);
    this.#ownEnd = Math.max(this.#ownEnd, position + voice.length);
    this.#release();
  }

  /** Hands on the rest, up to the newest sample. */
  finish(): void {
    this.#handOn(Math.max(this.#othersEnd, this.#ownEnd));
    this.#handOn(this.#start + LIMITER_LATENCY);
  }

  #add(position: number, left: Float32Array, right: Float32Array): void {
    this.#handOn(position + left.length - WINDOW);
    const from = Math.max(0, this.#start - position);
    for (let index = from; index < left.length; index += 1) {
      const at = (position + index) % WINDOW;
      this.#left[at] = (this.#left[at] ?? 0) + (left[index] ?? 0);
      this.#right[at] = (this.#right[at] ?? 0) + (right[index] ?? 0);
    }
  }

  #release(): void {
    const newest = Math.max(this.#othersEnd, this.#ownEnd);
    this.#handOn(Math.max(Math.min(this.#othersEnd, this.#ownEnd), newest - PATIENCE));
  }

  #handOn(end: number): void {
    while (this.#start < end) {
      const frames = Math.min(PIECE, end - this.#start);
      for (let index = 0; index < frames; index += 1) {
        const at = (this.#start + index) % WINDOW;
        this.#outLeft[index] = this.#left[at] ?? 0;
        this.#outRight[index] = this.#right[at] ?? 0;
        this.#left[at] = 0;
        this.#right[at] = 0;
      }
      this.#limiter.process(this.#outLeft, this.#outRight, 0, frames);
      this.#receive(this.#start - LIMITER_LATENCY, this.#outLeft, this.#outRight, frames);
      this.#start += frames;
    }
  }
}
