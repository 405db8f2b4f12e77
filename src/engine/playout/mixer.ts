import { dbToGain } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import type { OutputSettings } from "../settings/playout-settings.ts";
import { FadingTail } from "./fading-tail.ts";
import { BLOCK_PEAK, BLOCK_POWER, LevelMeter } from "./level-meter.ts";
import { LIMITER_LATENCY, Limiter } from "./limiter.ts";
import type { ReceiveStream } from "./receive-stream.ts";
import type { StreamMix } from "./stream-mix.ts";
import { StreamStrip } from "./stream-strip.ts";

/** Streams a mixer takes. */
export const MIXER_SLOTS = 32;

/** Master gain and limiter of the mix, and whether all of it is silenced. */
export type MixOutput = Pick<OutputSettings, "masterDb" | "limiter"> & { readonly isDeafened: boolean };

/** Ceiling of a limiter that is switched off: never reached, the delay stays. */
const NO_CEILING_DB = 80;
/** A master gain at the bottom of its range is silence. */
const SILENT_MASTER_DB = -60;
const SMOOTHING = 1 - Math.exp(-1 / (0.008 * SAMPLE_RATE));
/** Places in the gains of a mixer. */
const MASTER = 0;
const WANTED_MASTER = 1;
/** Frames that the neural network may conceal or recover in one block, over all streams: what fits beside 32 decoders. */
const NEURAL_FRAMES = 1;

/**
 * Mixes up to 32 receive streams to stereo at 48 kHz: gain, pan, mute, solo and automatic level for each, a master gain and a true-peak
 * limiter for all. Decoding is spread over blocks. Delays by {@link MIXER_LATENCY} samples. One thread; `process` neither
 * allocates nor throws.
 */
export class Mixer {
  readonly meter = new LevelMeter();
  readonly #maxFrames: number;
  readonly #strips: (StreamStrip | undefined)[] = Array.from({ length: MIXER_SLOTS }, () => undefined);
  readonly #tapped = new Uint8Array(MIXER_SLOTS);
  readonly #left: Float32Array<ArrayBuffer>;
  readonly #right: Float32Array<ArrayBuffer>;
  readonly #tail = new FadingTail();
  readonly #limiter: Limiter;
  /** Master gain now and wanted, and the levels of the present block. */
  readonly #gains = new Float64Array(2);
  readonly #levels = new Float64Array(2);
  #samples = 0;
  #turn = 0;

  /**
   * @param maxFrames most frames of one block
   * @throws RangeError when `maxFrames` is not positive
   */
  constructor(output: MixOutput, maxFrames: number) {
    if (!(maxFrames > 0)) throw new RangeError(`Cannot mix in blocks of ${maxFrames} frames`);
    this.#maxFrames = maxFrames;
    this.#left = new Float32Array(maxFrames);
    this.#right = new Float32Array(maxFrames);
    this.#limiter = new Limiter(limiterOptions(output));
    this.#gains.fill(masterGain(output));
  }

  /** Playout clock: samples mixed so far. Datagrams drained now are inserted with this time. */
  get now(): number {
    return this.#samples;
  }

  /** Gain of the limiter in the last block, ≤ 0 dB. */
  get limiterGainDb(): number {
    return this.#limiter.gainReductionDb;
  }

  /** Puts a stream into a free slot, 0…31. @throws RangeError when there is no such slot or it is taken */
  addStream(slot: number, stream: ReceiveStream, mix: StreamMix): void {
    if (!(slot in this.#strips)) throw new RangeError(`Cannot mix a stream in slot ${slot}: there are ${MIXER_SLOTS}`);
    if (this.#strips[slot] !== undefined) throw new RangeError(`Cannot mix a stream in slot ${slot}: it is taken`);
    this.#strips[slot] = new StreamStrip(stream, mix, this.#maxFrames);
    this.#applySolo();
  }

  /**
   * Takes the stream out of a slot and returns it, still open; undefined when the slot was free. It fades out in the mix: its next
   * 5 ms are pulled here, it may be closed at once.
   */
  removeStream(slot: number): ReceiveStream | undefined {
    const strip = this.#strips[slot];
    if (strip === undefined) return undefined;
    this.#tail.take(strip, this.#left, this.#right, this.#maxFrames);
    this.#strips[slot] = undefined;
    this.#tapped[slot] = 0;
    this.#applySolo();
    return strip.stream;
  }

  /** The strip in a slot: stream, level, audio of the last block. */
  strip(slot: number): StreamStrip | undefined {
    return this.#strips[slot];
  }

  /** Changes how the stream in `slot` is mixed, without a click; nothing when the slot is free. */
  configureStream(slot: number, mix: StreamMix): void {
    const strip = this.#strips[slot];
    if (strip !== undefined) strip.mix = mix;
    this.#applySolo();
  }

  /** Says whether somebody records the stream in `slot`: then it is decoded even when it is not heard. */
  setTapped(slot: number, isTapped: boolean): void {
    this.#tapped[slot] = isTapped ? 1 : 0;
  }

  /** Changes master gain, limiter and deafening, without a click. */
  configureOutput(output: MixOutput): void {
    this.#limiter.configure(limiterOptions(output));
    this.#gains[WANTED_MASTER] = masterGain(output);
  }

  /** Mixes the next `frames` samples to both arrays from `offset`; at most `maxFrames` at a time. */
  process(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const busLeft = this.#left;
    const busRight = this.#right;
    busLeft.fill(0, 0, frames);
    busRight.fill(0, 0, frames);
    let load = 0;
    let decoded = 0;
    let neural = NEURAL_FRAMES;
    for (let slot = 0; slot < MIXER_SLOTS; slot++) {
      const strip = this.#strips[slot];
      if (strip === undefined) continue;
      const { stream } = strip;
      const before = stream.neuralFrames;
      const decodedBefore = stream.decodedFrames;
      stream.allowNeural(neural > 0);
      strip.addTo(busLeft, busRight, frames, this.#tapped[slot] === 1);
      neural -= stream.neuralFrames - before;
      decoded += stream.decodedFrames - decodedBefore;
      load += frames / stream.frameSamples;
    }
    this.#tail.addTo(busLeft, busRight, frames);
    this.#decodeAhead(Math.ceil(load) - decoded);
    this.#finish(left, right, offset, frames);
    this.#samples += frames;
  }

  /**
   * Decodes at most `count` frames early, of each stream in turn: what the streams play in a block on average, rounded up, less what
   * had to be decoded in this block already. So blocks take about the same time, however the packets arrive.
   */
  #decodeAhead(count: number): void {
    let remaining = count;
    for (let i = 0; i < MIXER_SLOTS && remaining > 0; i++) {
      this.#turn = (this.#turn + 1) % MIXER_SLOTS;
      const strip = this.#strips[this.#turn];
      if (strip?.stream.decodeAhead() === true) remaining--;
    }
  }

  #finish(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const busLeft = this.#left;
    const busRight = this.#right;
    const wanted = this.#gains[WANTED_MASTER] as number;
    let master = this.#gains[MASTER] as number;
    for (let i = 0; i < frames; i++) {
      master += (wanted - master) * SMOOTHING;
      busLeft[i] = (busLeft[i] as number) * master;
      busRight[i] = (busRight[i] as number) * master;
    }
    this.#gains[MASTER] = Math.abs(wanted - master) < 1e-6 ? wanted : master;
    this.#limiter.process(busLeft, busRight, 0, frames);
    let peak = 0;
    let powerLeft = 0;
    let powerRight = 0;
    for (let i = 0; i < frames; i++) {
      const outLeft = busLeft[i] as number;
      const outRight = busRight[i] as number;
      left[offset + i] = outLeft;
      right[offset + i] = outRight;
      peak = Math.max(peak, Math.abs(outLeft), Math.abs(outRight));
      powerLeft += outLeft * outLeft;
      powerRight += outRight * outRight;
    }
    this.#levels[BLOCK_PEAK] = peak;
    this.#levels[BLOCK_POWER] = Math.max(powerLeft, powerRight) / frames;
    this.meter.add(this.#levels, frames);
  }

  #applySolo(): void {
    let hasSolo = false;
    for (const strip of this.#strips) if (strip?.mix.solo === true) hasSolo = true;
    for (const strip of this.#strips) strip?.setAudible(hasSolo);
  }
}

/** Samples by which a mixer delays what it pulls. */
export const MIXER_LATENCY = LIMITER_LATENCY;

function masterGain({ masterDb, isDeafened }: MixOutput): number {
  return isDeafened || masterDb <= SILENT_MASTER_DB ? 0 : dbToGain(masterDb);
}

function limiterOptions({ limiter }: MixOutput): { ceilingDb: number; releaseMs: number } {
  return { ceilingDb: limiter.isEnabled ? limiter.ceilingDb : NO_CEILING_DB, releaseMs: limiter.releaseMs };
}
