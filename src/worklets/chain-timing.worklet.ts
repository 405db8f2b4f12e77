import { CaptureChain } from "../engine/capture/capture-chain.ts";
import { CodecModule } from "../engine/codec/codec-module.ts";
import { CHAIN_TIMING, type ChainTiming, type ChainTimingOptions } from "../engine/measurement/chain-timing.ts";

const BLOCK = 480;

/**
 * Times the capture chain where it runs: in AudioWorkletGlobalScope, whose only clock counts milliseconds. A stage of 30 µs reads 1 ms
 * every thirtieth time, so sums over thousands of blocks are right. Two runs: one with the clock between stages, one without.
 */
class ChainTimingProcessor extends AudioWorkletProcessor {
  readonly #options: ChainTimingOptions;
  readonly #staged: CaptureChain;
  readonly #whole: CaptureChain;
  #at = 0;
  #block = 0;
  #totalMs = 0;
  #stagesBefore: readonly number[] = [];

  constructor({ processorOptions }: { readonly processorOptions: ChainTimingOptions }) {
    super();
    this.#options = processorOptions;
    this.#staged = this.#open(() => Date.now());
    this.#whole = this.#open();
  }

  process(): boolean {
    const { warmUpBlocks, blocks, burst } = this.#options;
    const isTimed = this.#block >= warmUpBlocks;
    if (isTimed && this.#stagesBefore.length === 0) this.#stagesBefore = [...this.#staged.telemetry.cost];
    const from = this.#at;
    const start = Date.now();
    this.#run(this.#whole, from, burst);
    const end = Date.now();
    this.#run(this.#staged, from, burst);
    if (isTimed) this.#totalMs += end - start;
    this.#at = (from + burst * BLOCK) % (this.#options.signal.length - burst * BLOCK);
    this.#block += burst;
    if (this.#block < warmUpBlocks + blocks) return true;
    this.#post();
    return false;
  }

  #open(clock?: () => number): CaptureChain {
    const { core, rnnoise, capture: settings, encoder } = this.#options;
    const onFrame = { frame: () => undefined };
    return new CaptureChain({ codec: CodecModule.instantiate(core), rnnoise, settings, encoder, onFrame, clock });
  }

  #run(chain: CaptureChain, from: number, blocks: number): void {
    const { signal } = this.#options;
    for (let i = 0; i < blocks; i++) chain.process(signal, signal, from + i * BLOCK, BLOCK);
  }

  #post(): void {
    const cost = [...this.#staged.telemetry.cost];
    const timing: ChainTiming = {
      stageMs: cost.map((ms, stage) => ms - (this.#stagesBefore[stage] ?? 0)),
      totalMs: this.#totalMs,
      blocks: this.#options.blocks,
    };
    this.port.postMessage(timing);
  }
}

registerProcessor(CHAIN_TIMING, ChainTimingProcessor);
