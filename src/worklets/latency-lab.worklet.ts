import { CodecModule } from "../engine/codec/codec-module.ts";
import { ChunkLoop } from "../engine/threading/chunk-loop.ts";
import {
  CHUNK_LOOP_PROCESSOR,
  type ChunkLoopOptions,
  type ChunkLoopReport,
} from "../engine/threading/chunk-loop-messages.ts";

/** A chunk loop in a worklet, for the latency lab's paths without a network. Everything it does is in ChunkLoop. */
class ChunkLoopProcessor extends AudioWorkletProcessor {
  readonly #loop: ChunkLoop;
  #isClosed = false;

  constructor(options: { readonly processorOptions: ChunkLoopOptions }) {
    super();
    const { core, rnnoise, quantumFrames, settings } = options.processorOptions;
    const codec = CodecModule.instantiate(core);
    this.#loop = new ChunkLoop(codec, { contextRate: sampleRate, quantumFrames }, settings, rnnoise);
    this.port.onmessage = ({ data }: MessageEvent<"report" | "close">) => {
      if (data === "close") {
        this.#isClosed = true;
        return;
      }
      const report: ChunkLoopReport = { stages: this.#loop.stages, missing: this.#loop.missing };
      this.port.postMessage(report);
    };
  }

  process(inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const input = inputs[0];
    const output = outputs[0]?.[0];
    if (!this.#isClosed && input !== undefined && output !== undefined) this.#loop.process(input, output);
    return !this.#isClosed;
  }
}

registerProcessor(CHUNK_LOOP_PROCESSOR, ChunkLoopProcessor);
