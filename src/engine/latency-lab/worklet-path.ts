import { SAMPLE_RATE } from "../media/units.ts";
import { CHUNK_LOOP_PROCESSOR, type ChunkLoopOptions, type ChunkLoopReport } from "../threading/chunk-loop-messages.ts";
import type { PathCounters, PathUnderTest } from "./path-under-test.ts";

/** A path inside one worklet: chunks, and what is done to them, without any network. */
export async function openWorkletPath(
  context: AudioContext,
  input: AudioNode,
  processorOptions: ChunkLoopOptions,
): Promise<PathUnderTest> {
  const node = new AudioWorkletNode(context, CHUNK_LOOP_PROCESSOR, {
    channelCount: 1,
    channelCountMode: "explicit",
    outputChannelCount: [1],
    processorOptions,
  });
  const failure = new Promise<never>((_, reject) => {
    node.onprocessorerror = () => reject(new Error("The audio processor of the latency lab has failed"));
  });
  const report = (): Promise<ChunkLoopReport> =>
    Promise.race([
      failure,
      new Promise<ChunkLoopReport>((resolve) => {
        node.port.onmessage = ({ data }: MessageEvent<ChunkLoopReport>) => resolve(data);
        node.port.postMessage("report");
      }),
    ]);
  await report();
  input.connect(node);
  const start = context.currentTime;
  const counters = async (): Promise<PathCounters> => {
    const { missing } = await report();
    const totalSamples = (context.currentTime - start) * SAMPLE_RATE;
    return { received: 0, late: 0, concealedSamples: missing, totalSamples, wireBytes: undefined };
  };
  const milliseconds = (samples: number): number => (1_000 * samples) / SAMPLE_RATE;
  return {
    settleSeconds: 0,
    outputs: [node],
    counters,
    beginStages: () => undefined,
    observeStages: () => undefined,
    endStages: async () => {
      const { stages } = await report();
      return {
        capture: milliseconds(stages.chunk),
        processing: milliseconds(stages.processing),
        encode: milliseconds(stages.lookahead),
        network: 0,
        jitterBuffer: milliseconds(stages.held),
        decode: 0,
        output: milliseconds(stages.output),
      };
    },
    close: () => {
      node.port.postMessage("close");
      node.disconnect();
    },
  };
}
