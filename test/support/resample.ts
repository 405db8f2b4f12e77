import { CodecModule } from "../../src/engine/codec/codec-module.ts";
import { Resampler } from "../../src/engine/codec/resampler.ts";
import { coreModule } from "./core-module.ts";

const BLOCK = 4_096;

/** A whole mono recording at another rate, aligned with the original. Rates in Hz. */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  if (fromRate === toRate) return samples;
  const codec = CodecModule.instantiate(coreModule());
  const resampler = new Resampler(codec, { channels: 1, inputRate: fromRate, outputRate: toRate, capacity: BLOCK });
  const delay = resampler.outputLatency;
  const output = new Float32Array(Math.round((samples.length * toRate) / fromRate));
  // Silence behind the end pushes the last samples out of the filter.
  for (let from = 0, to = -delay; to < output.length; from += BLOCK) {
    const block = samples.subarray(from, from + BLOCK);
    resampler.input.fill(0);
    resampler.input.set(block);
    const written = resampler.process(BLOCK);
    for (let n = 0; n < written; n++) {
      if (to + n >= 0 && to + n < output.length) output[to + n] = resampler.output[n] ?? 0;
    }
    to += written;
  }
  return output;
}
