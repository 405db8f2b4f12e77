import type { SuppressorKind, SuppressorSettings } from "../settings/capture-settings.ts";
import type { SuppressorFactory } from "./suppressor.ts";
import { LANE_BLOCK, SuppressorLane } from "./suppressor-lane.ts";

/** Power of two above the longest lane delay and a block. */
const HISTORY = 4096;
const MASK = HISTORY - 1;
/** Blocks a new engine runs unheard, so that its noise estimate and its first slow frames are over when it is heard. */
const WARM_UP_BLOCKS = 10;
/** Blocks of cross-fade between two lanes (20 ms). */
const FADE_BLOCKS = 2;

/** Engines that this stage can run: one factory per kind that is available. */
export type SuppressorFactories = Partial<Readonly<Record<SuppressorKind, SuppressorFactory>>>;

/**
 * Noise suppression with a choice of engines. The original is kept delayed by exactly what the engine delays, for maximum
 * reduction and mix; a change of engine warms the new one up, then cross-fades. Block core in place; allocates only in
 * `configure` and `provide`.
 */
export class SuppressionStage {
  readonly #factories: { -readonly [K in SuppressorKind]?: SuppressorFactory };
  readonly #history: readonly [Float32Array, Float32Array] = [new Float32Array(HISTORY), new Float32Array(HISTORY)];
  readonly #aligned = new Float32Array(LANE_BLOCK);
  readonly #output = new Float32Array(LANE_BLOCK);
  readonly #incoming = new Float32Array(LANE_BLOCK);
  #settings: SuppressorSettings = { kind: "off", maxReductionDb: -30, mixPercent: 100 };
  #channels = 1;
  #position = 0;
  #lane = new SuppressorLane("off", []);
  #next: SuppressorLane | undefined;
  /** Blocks the next lane has run. */
  #nextBlocks = 0;
  #voiceProbability = -1;

  /** @param factories the engines at hand; `provide` adds more later. */
  constructor(factories: SuppressorFactories) {
    this.#factories = { ...factories };
  }

  /** The engine that is heard; differs from the settings while its module is missing or it warms up. */
  get activeKind(): SuppressorKind {
    return this.#lane.kind;
  }

  /** Delay of the stage, samples. */
  get latencySamples(): number {
    return this.#lane.delaySamples;
  }

  /** Probability that the newest block holds voice, 0…1; −1 when the engine does not tell. Leads the audio by the engine's delay. */
  get voiceProbability(): number {
    return this.#voiceProbability;
  }

  /** Whether blocks have to have 480 samples: true while an engine runs. */
  get needsFullBlocks(): boolean {
    return this.#lane.channels > 0 || this.#next !== undefined;
  }

  /** New settings and number of channels (1 or 2). A kind without a factory passes audio through. */
  configure(settings: SuppressorSettings, channels: number): void {
    this.#settings = settings;
    this.#channels = channels;
    this.#select();
  }

  /** Adds an engine, for instance when its module has been loaded. */
  provide(kind: SuppressorKind, factory: SuppressorFactory): void {
    this.#factories[kind] = factory;
    this.#select();
  }

  /** Goes to the chosen engine at once, without warm-up or fade: before the first block. */
  settle(): void {
    if (this.#next === undefined) return;
    this.#lane.close();
    this.#lane = this.#next;
    this.#next = undefined;
  }

  /** In place. `frames` is 480 whenever `needsFullBlocks` was true before the block. */
  process(left: Float32Array, right: Float32Array, frames: number, channels: number): void {
    this.#voiceProbability = -1;
    this.#store(this.#history[0], left, frames);
    if (channels > 1) this.#store(this.#history[1], right, frames);
    if (frames === LANE_BLOCK && this.needsFullBlocks) {
      this.#channel(0, left);
      if (channels > 1) this.#channel(1, right);
      this.#lane.endBlock();
      this.#advance();
    }
    this.#position = (this.#position + frames) & MASK;
  }

  /** Forgets the past of the signal. */
  reset(): void {
    for (const history of this.#history) history.fill(0);
    this.#lane.reset();
    this.#next?.reset();
  }

  /** Frees all engines. Idempotent. */
  close(): void {
    this.#lane.close();
    this.#next?.close();
    this.#next = undefined;
  }

  #channel(channel: number, samples: Float32Array): void {
    const history = this.#history[channel] as Float32Array;
    this.#tap(history, this.#lane.delaySamples);
    this.#lane.process(channel, samples, this.#aligned, this.#output);
    this.#voiceProbability = Math.max(this.#voiceProbability, this.#lane.voiceProbability);
    const next = this.#next;
    if (next !== undefined) {
      this.#tap(history, next.delaySamples);
      next.process(channel, samples, this.#aligned, this.#incoming);
      this.#voiceProbability = Math.max(this.#voiceProbability, next.voiceProbability);
      if (this.#nextBlocks >= warmUp(next)) {
        const done = this.#nextBlocks - warmUp(next);
        this.#crossFade(done / FADE_BLOCKS, (done + 1) / FADE_BLOCKS);
      }
    }
    samples.set(this.#output);
  }

  #advance(): void {
    const next = this.#next;
    if (next === undefined) return;
    next.endBlock();
    this.#nextBlocks++;
    if (this.#nextBlocks < warmUp(next) + FADE_BLOCKS) return;
    this.#lane.close();
    this.#lane = next;
    this.#next = undefined;
    this.#select();
  }

  /** Brings the lanes in line with the settings; starts at most one change at a time. */
  #select(): void {
    const { kind, maxReductionDb, mixPercent } = this.#settings;
    const target = this.#next ?? this.#lane;
    const factory = this.#factories[kind];
    const channels = factory === undefined ? 0 : this.#channels;
    target.configure(maxReductionDb, mixPercent);
    const isSame = channels === 0 ? target.channels === 0 : target.kind === kind && target.channels === channels;
    if (isSame || this.#next !== undefined) return;
    const engines = factory === undefined ? [] : Array.from({ length: channels }, factory);
    const lane = new SuppressorLane(factory === undefined ? "off" : kind, engines);
    lane.configure(maxReductionDb, mixPercent);
    this.#next = lane;
    this.#nextBlocks = 0;
  }

  #store(history: Float32Array, samples: Float32Array, frames: number): void {
    for (let i = 0; i < frames; i++) history[(this.#position + i) & MASK] = samples[i] as number;
  }

  /** Copies the block that ended `delay` samples before the newest one. */
  #tap(history: Float32Array, delay: number): void {
    const from = this.#position - delay;
    for (let i = 0; i < LANE_BLOCK; i++) this.#aligned[i] = history[(from + i) & MASK] as number;
  }

  #crossFade(from: number, to: number): void {
    let share = from;
    const step = (to - from) / LANE_BLOCK;
    for (let i = 0; i < LANE_BLOCK; i++) {
      share += step;
      const old = this.#output[i] as number;
      this.#output[i] = old + share * ((this.#incoming[i] as number) - old);
    }
  }
}

/** A lane without an engine has nothing to warm up. */
function warmUp(lane: SuppressorLane): number {
  return lane.channels === 0 ? 0 : WARM_UP_BLOCKS;
}
