import { CaptureChain } from "../src/engine/capture/capture-chain.ts";
import { CodecModule } from "../src/engine/codec/codec-module.ts";
import type { Settings } from "../src/engine/settings/settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import { rnnoiseModule } from "../test/support/suppressor-modules.ts";
import { type AllocationCount, countAllocations } from "./allocation-count.ts";

const QUANTUM = 128;
/** Audio run first, s: until every function is compiled with optimisation. */
export const WARM_UP_SECONDS = 200;

/** What the chain allocates on the heap of its thread in a steady state. */
export type ChainAllocations = Pick<AllocationCount, "allocators"> & {
  /** Objects allocated by the chain per second of audio. */
  readonly allocationsPerSecond: number;
};

/** Counts what a capture chain allocates over `seconds` of audio in quanta of 128, after {@link WARM_UP_SECONDS}. */
export async function measureChainAllocations(
  settings: Settings,
  signal: Float32Array,
  seconds: number,
): Promise<ChainAllocations> {
  const onFrame = { frame: () => undefined };
  const { capture, encoder } = settings;
  const codec = CodecModule.instantiate(coreModule());
  const chain = new CaptureChain({ codec, rnnoise: rnnoiseModule(), settings: capture, encoder, onFrame });
  let at = 0;
  const run = (): void => {
    for (let done = 0; done < seconds * 48_000; done += QUANTUM) {
      chain.process(signal, signal, at, QUANTUM);
      at = at + 2 * QUANTUM > signal.length ? 0 : at + QUANTUM;
    }
  };
  for (let done = 0; done < WARM_UP_SECONDS; done += seconds) run();
  const { count, allocators } = await countAllocations(run);
  chain.close();
  return { allocationsPerSecond: count / seconds, allocators };
}
