import { launchChromium } from "../test/support/chromium.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import type { ScaleCell, ScaleCellResult } from "./browser/scale-cell.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { formatTable } from "./format-table.ts";
import { measureAllocation } from "./scale-allocation.ts";

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
  const rows: ScaleRow[] = [];
  const page = await serveBenchPage("scale");
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    tab.on("pageerror", (error) => progress(`page: ${error.message}`));
    await tab.goto(page.url);
    await tab.waitForFunction(() => "measureCell" in globalThis);
    for (const peers of quick ? QUICK_PEERS : PEERS) {
      progress(`${peers} peers`);
      const cell: ScaleCell = { peers, frameMs, seconds };
      const result = await tab.evaluate(
        (wanted) =>
          (globalThis as unknown as { measureCell(cell: ScaleCell): Promise<ScaleCellResult> }).measureCell(wanted),
        cell,
      );
      rows.push({
        peers,
        cpuPercent: result.meanPercent,
        quantumP99Percent: result.p99Percent,
        quantumMaxPercent: result.maxPercent,
        underruns: result.underruns,
        concealedPercent: result.concealedPercent,
      });
    }
  } finally {
    await browser.close();
    await page.close();
  }
  progress("allocation");
  const allocation = measureAllocation(32, quick ? 30 : 120);
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

function note({
  bytesPerQuantum,
  collections,
}: {
  readonly bytesPerQuantum: number;
  readonly collections: number;
}): string {
  return `Time is read from a clock that another thread writes to shared memory; it contains what the audio thread was interrupted for.
Underruns: the browser's own count. Not included: the ring between network and audio thread.
Allocation, in Node, the same 32 streams: ${bytesPerQuantum.toFixed(1)} bytes a quantum, ${collections} garbage collections.`;
}
