import type { CodecModule } from "../codec/codec-module.ts";
import { Resampler } from "../codec/resampler.ts";

/** Frames converted at a time. */
const CAPACITY = 4_096;

/** Steepest filter of the resampler: what it cuts must not be taken for what the path cuts. */
const QUALITY = 10;

/** A signal at another rate, in line with the original: the filter's delay is taken off. Main thread. */
export function resampleSignal(
  codec: CodecModule,
  samples: Float32Array<ArrayBuffer>,
  inputRate: number,
  outputRate: number,
): Float32Array<ArrayBuffer> {
  if (inputRate === outputRate) return samples;
  const resampler = new Resampler(codec, { channels: 1, inputRate, outputRate, quality: QUALITY, capacity: CAPACITY });
  const output = new Float32Array(Math.round((samples.length * outputRate) / inputRate));
  let written = -resampler.outputLatency;
  for (let at = 0; written < output.length; at += CAPACITY) {
    resampler.input.fill(0);
    resampler.input.set(samples.subarray(at, at + CAPACITY));
    const frames = resampler.process(CAPACITY);
    for (let i = 0; i < frames; i++, written++) {
      if (written >= 0 && written < output.length) output[written] = resampler.output[i] ?? 0;
    }
  }
  resampler.close();
  return output;
}
