import { dbToGain } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import { AutoLevel } from "./auto-level.ts";
import { LevelMeter } from "./level-meter.ts";
import type { ReceiveStream } from "./receive-stream.ts";
import type { StreamMix } from "./stream-mix.ts";

/** Time constant of gain changes, 8 ms: no click, no lag. */
const SMOOTHING = 1 - Math.exp(-1 / (0.008 * SAMPLE_RATE));
/** A gain this close to its target is there: −100 dB. */
const CLOSE = 1e-5;

/** One channel strip of the mixer: a stream, its gain, pan and level, its audio of the present block. No allocation. */
export class StreamStrip {
  readonly stream: ReceiveStream;
  readonly meter = new LevelMeter();
  /** The stream as decoded, before gain and pan: what a tap of the stream records. Valid after each block. */
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
  readonly #autoLevel = new AutoLevel();
  #mix: StreamMix;
  #wantedLeft = 0;
  #wantedRight = 0;
  #gainLeft = 0;
  #gainRight = 0;
  #isAudible = true;

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
  }

  /** Decides whether the stream is heard in the next blocks; `hasSolo` when any stream is solo. */
  setAudible(hasSolo: boolean): void {
    this.#isAudible = !this.#mix.muted && (!hasSolo || this.#mix.solo);
  }

  /** Pulls the next block and adds it to the bus. A stream that is not heard is not decoded, unless `isTapped`. */
  addTo(left: Float32Array, right: Float32Array, frames: number, isTapped: boolean): void {
    this.#aim();
    if (!isTapped && this.#wantedLeft + this.#wantedRight + this.#gainLeft + this.#gainRight === 0) {
      this.stream.skip(frames);
      this.left.fill(0, 0, frames);
      this.right.fill(0, 0, frames);
      this.meter.add(0, 0, frames);
      return;
    }
    this.stream.pull(this.left, this.right, 0, frames);
    this.#accumulate(left, right, frames);
  }

  /** Gains from settings: equal power, unity in both channels at the centre. */
  #aim(): void {
    const { gainDb, pan, autoLevel } = this.#mix;
    const angle = ((Math.max(-1, Math.min(1, pan)) + 1) * Math.PI) / 4;
    const level = autoLevel ? gainDb + this.#autoLevel.gainDb : gainDb;
    const gain = this.#isAudible ? Math.SQRT2 * dbToGain(Math.min(24, level)) : 0;
    this.#wantedLeft = gain * Math.cos(angle);
    this.#wantedRight = gain * Math.sin(angle);
    if (this.#wantedLeft < CLOSE) this.#wantedLeft = 0;
    if (this.#wantedRight < CLOSE) this.#wantedRight = 0;
  }

  #accumulate(left: Float32Array, right: Float32Array, frames: number): void {
    let gainLeft = this.#gainLeft;
    let gainRight = this.#gainRight;
    let peak = 0;
    let powerLeft = 0;
    let powerRight = 0;
    let input = 0;
    for (let i = 0; i < frames; i++) {
      gainLeft += (this.#wantedLeft - gainLeft) * SMOOTHING;
      gainRight += (this.#wantedRight - gainRight) * SMOOTHING;
      const inLeft = this.left[i] ?? 0;
      const inRight = this.right[i] ?? 0;
      const outLeft = inLeft * gainLeft;
      const outRight = inRight * gainRight;
      left[i] = (left[i] ?? 0) + outLeft;
      right[i] = (right[i] ?? 0) + outRight;
      input += inLeft * inLeft + inRight * inRight;
      powerLeft += outLeft * outLeft;
      powerRight += outRight * outRight;
      peak = Math.max(peak, Math.abs(outLeft), Math.abs(outRight));
    }
    this.#gainLeft = Math.abs(this.#wantedLeft - gainLeft) < CLOSE ? this.#wantedLeft : gainLeft;
    this.#gainRight = Math.abs(this.#wantedRight - gainRight) < CLOSE ? this.#wantedRight : gainRight;
    this.meter.add(peak, Math.max(powerLeft, powerRight) / frames, frames);
    this.#autoLevel.add(input / (2 * frames), frames);
  }
}
