import type { SuppressorKind } from "../settings/capture-settings.ts";
import type { Suppressor } from "./suppressor.ts";

/** Samples of a full block; lanes with an engine only run on these. */
export const LANE_BLOCK = 480;

/** Fits an engine with any frame length into 480-sample blocks, at the least constant delay. */
class FramedSuppressor {
  readonly engine: Suppressor;
  readonly #input: Float32Array;
  readonly #output: Float32Array;
  readonly #queue: Float32Array;
  /** See {@link Suppressor.voiceProbability}. */
  voiceProbability = -1;
  #filled = 0;
  #queued: number;

  constructor(engine: Suppressor) {
    this.engine = engine;
    this.#input = new Float32Array(engine.frameSamples);
    this.#output = new Float32Array(engine.frameSamples);
    this.#queue = new Float32Array(engine.frameSamples * 2 + LANE_BLOCK);
    this.#queued = framingDelay(engine.frameSamples);
  }

  process(block: Float32Array, output: Float32Array): void {
    const { engine } = this;
    if (engine.frameSamples === LANE_BLOCK) {
      engine.process(block, output);
      this.voiceProbability = engine.voiceProbability;
      return;
    }
    for (let i = 0; i < LANE_BLOCK; i++) {
      this.#input[this.#filled++] = block[i] as number;
      if (this.#filled === engine.frameSamples) {
        this.#filled = 0;
        engine.process(this.#input, this.#output);
        this.voiceProbability = engine.voiceProbability;
        this.#queue.set(this.#output, this.#queued);
        this.#queued += engine.frameSamples;
      }
    }
    for (let i = 0; i < LANE_BLOCK; i++) output[i] = this.#queue[i] as number;
    this.#queue.copyWithin(0, LANE_BLOCK, this.#queued);
    this.#queued -= LANE_BLOCK;
  }
}

/**
 * One way through the suppression stage: an engine per channel, or none, with the delay that the original needs to line up.
 * The stage cross-fades between two lanes when the engine changes. No allocation after construction.
 */
export class SuppressorLane {
  readonly kind: SuppressorKind;
  /** Delay of the lane's output, samples. */
  readonly delaySamples: number;
  readonly #engines: readonly FramedSuppressor[];
  /** Voice probability of the newest input, −1 when unknown. */
  voiceProbability = -1;
  /** Share of the suppressed signal in the output, now and at the end of the next block. */
  #wet = 0;
  #targetWet = 0;
  #isFresh = true;

  /** @param engines one per channel, none for a lane that passes through. */
  constructor(kind: SuppressorKind, engines: readonly Suppressor[]) {
    this.kind = kind;
    this.#engines = engines.map((engine) => new FramedSuppressor(engine));
    const [first] = engines;
    this.delaySamples = first === undefined ? 0 : first.delaySamples + framingDelay(first.frameSamples);
  }

  /** Engines in this lane: channels it can process, 0 when it passes through. */
  get channels(): number {
    return this.#engines.length;
  }

  /** Strength: deepest reduction −60…0 dB and mix 0…100 %. Ramps over one block. */
  configure(maxReductionDb: number, mixPercent: number): void {
    const [first] = this.#engines;
    if (first === undefined) return;
    for (const { engine } of this.#engines) engine.setMaxReduction(maxReductionDb);
    const floor = first.engine.limitsReduction ? 0 : 10 ** (maxReductionDb / 20);
    this.#targetWet = (mixPercent / 100) * (1 - floor);
    if (this.#isFresh) this.#wet = this.#targetWet;
  }

  /**
   * Suppresses one full block of one channel.
   *
   * @param input the block as it came
   * @param aligned the original delayed by `delaySamples`
   */
  process(channel: number, input: Float32Array, aligned: Float32Array, output: Float32Array): void {
    const engine = this.#engines[channel];
    if (engine === undefined) {
      output.set(aligned);
      return;
    }
    engine.process(input, output);
    this.voiceProbability = engine.voiceProbability;
    let wet = this.#wet;
    const step = (this.#targetWet - wet) / LANE_BLOCK;
    for (let i = 0; i < LANE_BLOCK; i++) {
      wet += step;
      const dry = aligned[i] as number;
      const suppressed = output[i] as number;
      // A model that has run away must not take the signal with it.
      output[i] = suppressed - suppressed === 0 ? dry + wet * (suppressed - dry) : dry;
    }
    this.#isFresh = false;
  }

  /** Ends a block: strength ramps that ran over it are done. */
  endBlock(): void {
    this.#wet = this.#targetWet;
  }

  /** Forgets the past of the signal. */
  reset(): void {
    for (const { engine } of this.#engines) engine.reset();
  }

  /** Frees the engines. Idempotent. */
  close(): void {
    for (const { engine } of this.#engines) engine.close();
  }
}

/** Samples that have to wait so that every 480-sample block finds its output ready. */
function framingDelay(frameSamples: number): number {
  let a = frameSamples;
  let b = LANE_BLOCK;
  while (b !== 0) [a, b] = [b, a % b];
  return frameSamples - a;
}
