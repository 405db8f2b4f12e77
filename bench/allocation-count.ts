import { Session } from "node:inspector/promises";

type ProfileNode = {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children: readonly ProfileNode[];
};

type Profile = {
  readonly head: ProfileNode;
  readonly samples: readonly { readonly nodeId: number; readonly size: number }[];
};

/** What the engine's functions put on the heap while some work was done. */
export type AllocationCount = {
  readonly count: number;
  /** Functions of the engine that allocated, most bytes first. */
  readonly allocators: readonly { readonly name: string; readonly bytes: number }[];
};

/**
 * Counts allocations with V8's sampling heap profiler at an interval of one byte, which sees every object, garbage too. Counts those
 * with a compiled function of the engine's sources on top of the stack; functions that the compiler inlined count as the one they
 * are in.
 *
 * @throws Error when the profiler saw nothing at all, not even an object made for it
 */
export async function countAllocations(work: () => void): Promise<AllocationCount> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.enable");
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 1,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  } as object);
  const witness = [new Float64Array(8)];
  work();
  const { profile } = (await session.post("HeapProfiler.stopSampling")) as unknown as { readonly profile: Profile };
  session.disconnect();
  if (profile.samples.length < witness.length) throw new Error("Cannot count allocations: the heap profiler saw none");
  const names = new Map<number, string>();
  collect(profile.head, names);
  const bytes = new Map<string, number>();
  let count = 0;
  for (const { nodeId, size } of profile.samples) {
    const name = names.get(nodeId);
    if (name === undefined) continue;
    count++;
    bytes.set(name, (bytes.get(name) ?? 0) + size);
  }
  const allocators = [...bytes].map(([name, sum]) => ({ name, bytes: sum })).sort((a, b) => b.bytes - a.bytes);
  return { count, allocators };
}

/** Names the nodes of the engine's own functions. */
function collect(node: ProfileNode, names: Map<number, string>): void {
  const { url, functionName } = node.callFrame;
  if (url.includes("/src/engine/")) names.set(node.id, `${functionName} in ${url.split("/").at(-1) ?? ""}`);
  for (const child of node.children) collect(child, names);
}
