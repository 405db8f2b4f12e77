import { Session } from "node:inspector";
import { CaptureChain } from "../src/engine/capture/capture-chain.ts";
import { CodecModule } from "../src/engine/codec/codec-module.ts";
import type { Settings } from "../src/engine/settings/settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import { rnnoiseModule } from "../test/support/suppressor-modules.ts";

type ProfileNode = {
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
};

/** What was allocated on the heap of the thread that runs the chain. */
export type AllocationCount = {
  /** Objects allocated by the chain per second of audio. */
  readonly allocationsPerSecond: number;
  /** Functions of the engine that allocated, with their bytes. */
  readonly allocators: readonly { readonly name: string; readonly bytes: number }[];
};

const QUANTUM = 128;
/** Audio run first, s: until every function is compiled with optimisation. */
const WARM_UP_SECONDS = 150;

/**
 * Counts allocations in steady state with V8's sampling heap profiler at an interval of one byte, which sees every object, also those that
 * are garbage before the profile ends. Counts what has a function of the engine's sources on top of its stack.
 */
export async function countAllocations(
  settings: Settings,
  signal: Float32Array,
  seconds: number,
): Promise<AllocationCount> {
  const onFrame = { frame: () => undefined };
  const { capture, encoder } = settings;
  const codec = CodecModule.instantiate(coreModule());
  const chain = new CaptureChain({ codec, rnnoise: rnnoiseModule(), settings: capture, encoder, onFrame });
  let at = 0;
  const run = (length: number): void => {
    for (let done = 0; done < length * 48_000; done += QUANTUM) {
      chain.process(signal, signal, at, QUANTUM);
      at = at + 2 * QUANTUM > signal.length ? 0 : at + QUANTUM;
    }
  };
  run(WARM_UP_SECONDS);
  const session = new Session();
  session.connect();
  const post = <T>(method: string, parameters: object = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error: Error | null, result?: object) => {
        if (error === null) resolve(result as T);
        else reject(error);
      });
    });
  await post("HeapProfiler.enable");
  await post("HeapProfiler.startSampling", {
    samplingInterval: 1,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  run(seconds);
  const { profile } = await post<{
    readonly profile: { readonly head: ProfileNode; readonly samples: readonly { readonly nodeId: number }[] };
  }>("HeapProfiler.stopSampling");
  session.disconnect();
  chain.close();
  const found = new Map<number, { readonly name: string; readonly bytes: number }>();
  collect(profile.head, found);
  const count = profile.samples.filter(({ nodeId }) => found.has(nodeId)).length;
  return { allocationsPerSecond: count / seconds, allocators: [...found.values()].filter(({ bytes }) => bytes > 0) };
}

function collect(
  node: ProfileNode & { readonly id?: number },
  found: Map<number, { name: string; bytes: number }>,
): void {
  const { url, functionName } = node.callFrame;
  if (url.includes("/src/engine/") && node.id !== undefined && node.selfSize > 0) {
    found.set(node.id, { name: `${functionName} in ${url.split("/").at(-1) ?? ""}`, bytes: node.selfSize });
  }
  for (const child of node.children) collect(child, found);
}
