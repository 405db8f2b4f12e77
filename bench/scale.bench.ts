import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { formatTable } from "./format-table.ts";
import { type AllocationFigures, measureAllocation, WARM_UP_STREAM_SECONDS } from "./scale-allocation.ts";
import { measureCells } from "./scale-cells.ts";

const PEERS = [1, 2, 4, 8, 16, 32] as const;
const QUICK_PEERS = [1, 8, 32] as const;

type ScaleRow = {
  readonly peers: number;
  readonly cpuPercent: number;
  readonly quantumP99Percent: number;
  readonly quantumMaxPercent: number;
  readonly underruns: number | null;
  readonly concealedPercent: number;
};

/**
 * `npm run bench -- scale`: simulated senders (20 ms frames, ±10 ms of jitter, 1 % loss) into one mixer on a real audio thread.
 * Option: `--frame MS`.
 */
export async function run({ quick, values, progress }: BenchOptions): Promise<BenchResult> {
  const frameMs = Number(values.get("frame") ?? 20);
  const seconds = quick ? 6 : 15;
  const cells = (quick ? QUICK_PEERS : PEERS).map((peers) => ({ peers, frameMs, seconds }));
  const rows = (await measureCells(cells, progress)).map(
    ({ cell, result }): ScaleRow => ({
      peers: cell.peers,
      cpuPercent: result.meanPercent,
      quantumP99Percent: result.p99Percent,
      quantumMaxPercent: result.maxPercent,
      underruns: result.underruns,
      concealedPercent: result.concealedPercent,
    }),
  );
  progress("allocation");
  const allocation = await measureAllocation(quick ? 8 : 32, quick ? 5 : 20);
  const table = formatTable(
    "Simulated senders into one mixer on an audio thread, share of a quantum",
    ["peers", "mean %", "p99 %", "max %", "underruns", "concealed %"],
    rows.map((row) => [
      row.peers,
      row.cpuPercent,
      row.quantumP99Percent,
      row.quantumMaxPercent,
      row.underruns ?? undefined,
      row.concealedPercent,
    ]),
  );
  return { json: { rows, ...allocation }, table: `${table}\n\n${note(allocation)}` };
}

function note({ allocationsPerSecond, allocators }: AllocationFigures): string {
  return `Time is read from a clock that another thread writes to shared memory; it contains what the audio thread was interrupted for.
Underruns: the browser's own count. Not included: the ring between network and audio thread.
Allocations of the same streams in Node, by V8's sampling heap profiler at an interval of one byte after a warm-up of
${WARM_UP_STREAM_SECONDS} s over all streams: ${allocationsPerSecond.toFixed(1)} objects a second of audio${allocators.length === 0 ? "" : `, in ${allocators.join(", ")}`}.`;
}
