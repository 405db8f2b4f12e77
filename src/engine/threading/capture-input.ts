import type { CodecModule } from "../codec/codec-module.ts";
import { Resampler } from "../codec/resampler.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import type { InputChannels } from "../settings/input-settings.ts";

/** Most context frames converted at once; longer quanta take several steps. */
const STEP = 512;
/** Time over which one choice of channels turns into another, seconds: short, and without a click. */
const TURN_SECONDS = 0.005;

/** Takes 48 kHz audio in blocks. Called on the audio thread. */
export interface BlockTaker {
  /** `frames` samples from the start of both arrays, the same array twice for mono; overwritten afterwards. */
  take(left: Float32Array, right: Float32Array, frames: number): void;
}

/**
 * From an audio context's input to 48 kHz: chooses channels, converts the rate. A source without channels (unplugged, ended,
 * not started) is silence, so that time goes on. Allocates only in the constructor.
 */
export class CaptureInput {
  readonly #resampler: Resampler | undefined;
  readonly #left: Float32Array;
  readonly #right: Float32Array;
  readonly #turn: number;
  #isStereo: boolean;
  /** What each side is made of, as it is now and as it is to be: left of left, right of left, left of right, right of right. */
  readonly #now = new Float64Array(4);
  readonly #target = new Float64Array(4);

  /**
   * @param contextRate Hz
   * @throws {CodecError} when the codec module's memory is full
   */
  constructor(codec: CodecModule, contextRate: number, channels: InputChannels) {
    if (contextRate !== SAMPLE_RATE) {
      this.#resampler = new Resampler(codec, {
        channels: 2,
        inputRate: contextRate,
        outputRate: SAMPLE_RATE,
        capacity: STEP,
      });
    }
    const frames = this.#resampler?.outputCapacity ?? STEP;
    this.#left = new Float32Array(frames);
    this.#right = new Float32Array(frames);
    this.#turn = 1 / (TURN_SECONDS * contextRate);
    this.#isStereo = channels === "stereo";
    this.configure(channels);
    this.#now.set(this.#target);
  }

  /** Delay of the conversion, samples at 48 kHz. */
  get latencySamples(): number {
    return this.#resampler?.outputLatency ?? 0;
  }

  /** Chooses other channels, within 5 ms and without a click. */
  configure(channels: InputChannels): void {
    this.#isStereo = channels === "stereo";
    const target = this.#target;
    target[0] = channels === "mono" ? 0.5 : channels === "right" ? 0 : 1;
    target[1] = 1 - target[0];
    target[2] = this.#isStereo ? 0 : target[0];
    target[3] = 1 - target[2];
  }

  /** Converts `frames` context frames of `input`, channel by channel, and hands them to `taker`. */
  process(input: readonly Float32Array[], frames: number, taker: BlockTaker): void {
    const left = input[0];
    const right = input[1] ?? left;
    for (let at = 0; at < frames; at += STEP) {
      const count = Math.min(STEP, frames - at);
      const isMono = this.#choose(left, right, at, count);
      const resampler = this.#resampler;
      if (resampler === undefined) {
        taker.take(this.#left, isMono ? this.#left : this.#right, count);
      } else {
        this.#convert(resampler, count, isMono, taker);
      }
    }
  }

  /** Frees the converter. Idempotent. */
  close(): void {
    this.#resampler?.close();
  }

  /** Fills the sides from the source; true when both are the same. */
  #choose(left: Float32Array | undefined, right: Float32Array | undefined, at: number, count: number): boolean {
    const now = this.#now;
    const outLeft = this.#left;
    const outRight = this.#right;
    if (left === undefined || right === undefined) {
      outLeft.fill(0, 0, count);
      outRight.fill(0, 0, count);
      return true;
    }
    const isTurning = this.#isTurning();
    for (let i = 0; i < count; i++) {
      if (isTurning) this.#step();
      const l = left[at + i] as number;
      const r = right[at + i] as number;
      outLeft[i] = l * (now[0] as number) + r * (now[1] as number);
      outRight[i] = l * (now[2] as number) + r * (now[3] as number);
    }
    return left === right || (!isTurning && !this.#isStereo);
  }

  #isTurning(): boolean {
    for (let i = 0; i < 4; i++) {
      if (this.#now[i] !== this.#target[i]) return true;
    }
    return false;
  }

  #step(): void {
    for (let i = 0; i < 4; i++) {
      const now = this.#now[i] as number;
      const target = this.#target[i] as number;
      this.#now[i] = now < target ? Math.min(target, now + this.#turn) : Math.max(target, now - this.#turn);
    }
  }

  #convert(resampler: Resampler, count: number, isMono: boolean, taker: BlockTaker): void {
    const { input, output } = resampler;
    for (let i = 0; i < count; i++) {
      input[2 * i] = this.#left[i] as number;
      input[2 * i + 1] = this.#right[i] as number;
    }
    const frames = resampler.process(count);
    for (let i = 0; i < frames; i++) {
      this.#left[i] = output[2 * i] as number;
      this.#right[i] = output[2 * i + 1] as number;
    }
    if (frames > 0) taker.take(this.#left, isMono ? this.#left : this.#right, frames);
  }
}
