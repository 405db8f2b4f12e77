import { dbToGain } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import { AutoLevel, BLOCK_INPUT_POWER } from "./auto-level.ts";
import { BLOCK_PEAK, BLOCK_POWER, LevelMeter } from "./level-meter.ts";
import type { ReceiveStream } from "./receive-stream.ts";
import type { StreamMix } from "./stream-mix.ts";

/** Time constant of gain changes, 8 ms: no click, no lag. */
const SMOOTHING = 1 - Math.exp(-1 / (0.008 * SAMPLE_RATE));
/** A gain this close to its target is there: −100 dB. */
const CLOSE = 1e-5;
/** Places in the gains of a strip. */
const WANTED_LEFT = 0;
const WANTED_RIGHT = 1;
const LEFT = 2;
const RIGHT = 3;

/** One channel strip of the mixer: a stream, its gain, pan and level, its audio of the present block. No allocation. */
export class StreamStrip {
  readonly stream: ReceiveStream;
  readonly meter = new LevelMeter();
  /** The stream as decoded, before gain and pan: what a tap of the stream records. Valid after each block. */
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
  readonly #autoLevel = new AutoLevel();
  readonly #gains = new Float64Array(4);
  readonly #levels = new Float64Array(3);
  #mix: StreamMix;
  #isAudible = true;
  /** Whether the wanted gains are those of the mix: until it changes, or always anew with automatic level. */
  #isAimed = false;

  constructor(stream: ReceiveStream, mix: StreamMix, maxFrames: number) {
    this.stream = stream;
    this.left = new Float32Array(maxFrames);
    this.right = new Float32Array(maxFrames);
    this.#mix = mix;
  }

  get mix(): StreamMix {
    return this.#mix;
  }

  set mix(mix: StreamMix) {
    this.#mix = mix;
    this.#isAimed = false;
  }

  /** Decides whether the stream is heard in the next blocks; `hasSolo` when any stream is solo. */
  setAudible(hasSolo: boolean): void {
    this.#isAudible = !this.#mix.muted && (!hasSolo || this.#mix.solo);
    this.#isAimed = false;
  }

  /** Pulls the next block and adds it to the bus. A stream that is not heard is not decoded, unless `isTapped`. */
  addTo(left: Float32Array, right: Float32Array, frames: number, isTapped: boolean): void {
    if (!this.#isAimed) this.#aim();
    if (!isTapped && this.#isSilent) {
      this.stream.skip(frames);
      this.left.fill(0, 0, frames);
      this.right.fill(0, 0, frames);
      this.#levels.fill(0);
      this.meter.add(this.#levels, frames);
      return;
    }
    this.stream.pull(this.left, this.right, 0, frames);
    this.#accumulate(left, right, frames);
  }

  get #isSilent(): boolean {
    const gains = this.#gains;
    return gains[WANTED_LEFT] === 0 && gains[WANTED_RIGHT] === 0 && gains[LEFT] === 0 && gains[RIGHT] === 0;
  }

  /** Gains from settings: equal power, unity in both channels at the centre. */
  #aim(): void {
    const gains = this.#gains;
    const { gainDb, pan, autoLevel } = this.#mix;
    const angle = ((Math.max(-1, Math.min(1, pan)) + 1) * Math.PI) / 4;
    const level = autoLevel ? gainDb + this.#autoLevel.gainDb : gainDb;
    const gain = this.#isAudible ? Math.SQRT2 * dbToGain(Math.min(24, level)) : 0;
    const left = gain * Math.cos(angle);
    const right = gain * Math.sin(angle);
    gains[WANTED_LEFT] = left < CLOSE ? 0 : left;
    gains[WANTED_RIGHT] = right < CLOSE ? 0 : right;
    this.#isAimed = !autoLevel;
  }

  #accumulate(left: Float32Array, right: Float32Array, frames: number): void {
    const gains = this.#gains;
    const ownLeft = this.left;
    const ownRight = this.right;
    const wantedLeft = gains[WANTED_LEFT] as number;
    const wantedRight = gains[WANTED_RIGHT] as number;
    let gainLeft = gains[LEFT] as number;
    let gainRight = gains[RIGHT] as number;
    let peak = 0;
    let powerLeft = 0;
    let powerRight = 0;
    let input = 0;
    for (let i = 0; i < frames; i++) {
      gainLeft += (wantedLeft - gainLeft) * SMOOTHING;
      gainRight += (wantedRight - gainRight) * SMOOTHING;
      const inLeft = ownLeft[i] as number;
      const inRight = ownRight[i] as number;
      const outLeft = inLeft * gainLeft;
      const outRight = inRight * gainRight;
      left[i] = (left[i] as number) + outLeft;
      right[i] = (right[i] as number) + outRight;
      input += inLeft * inLeft + inRight * inRight;
      powerLeft += outLeft * outLeft;
      powerRight += outRight * outRight;
      peak = Math.max(peak, Math.abs(outLeft), Math.abs(outRight));
    }
    gains[LEFT] = Math.abs(wantedLeft - gainLeft) < CLOSE ? wantedLeft : gainLeft;
    gains[RIGHT] = Math.abs(wantedRight - gainRight) < CLOSE ? wantedRight : gainRight;
    const levels = this.#levels;
    levels[BLOCK_PEAK] = peak;
    levels[BLOCK_POWER] = Math.max(powerLeft, powerRight) / frames;
    levels[BLOCK_INPUT_POWER] = input / (2 * frames);
    this.meter.add(levels, frames);
    this.#autoLevel.add(levels, frames);
  }
}
