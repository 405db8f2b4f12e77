import { distributionOf } from "../src/engine/measurement/distribution.ts";
import { launchChromium } from "../test/support/chromium.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import type { LatencyCell, LatencyCellResult } from "./browser/latency-cell.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { formatTable } from "./format-table.ts";
import { type LatencyCellPlan, latencyCells } from "./latency-cells.ts";

/** A known delay must read back within this, ms, or the run says nothing. */
const SELF_TEST_LIMIT_MS = 0.1;

const SAMPLE_RATE = 48_000;

type LatencyRow = {
  readonly path: LatencyCellPlan["path"];
  readonly processing: string;
  readonly frameMs: number;
  readonly sampleRate: number;
  readonly buffer: string;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Packets too late to be played, as a share of those that arrived. */
  readonly latePercent: number;
  readonly concealedPercent: number;
  /** Chirps that did not come back, and chirps sent. */
  readonly chirpsLost: number;
  readonly chirps: number;
  readonly underruns: number | null;
  /** p50 as a share of the native track's in the same run. */
  readonly ratioToNative: number | null;
};

/**
 * `npm run bench -- latency`: from one node of an AudioContext to another, through the engine's own worklets, workers and
 * data channel, and through the browser's own WebRTC audio track, on one sample clock in one run.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const timing = options.quick ? { settleSeconds: 3, seconds: 8 } : { settleSeconds: 8, seconds: 20 };
  const plans = latencyCells(options.quick);
  const page = await serveBenchPage("latency");
  const browser = await launchChromium();
  const results: { readonly plan: LatencyCellPlan; readonly result: LatencyCellResult }[] = [];
  try {
    const tab = await browser.newPage();
    tab.on("pageerror", (error) => options.progress(`page: ${error.message}`));
    await tab.goto(page.url);
    await tab.waitForFunction(() => "measureCell" in globalThis);
    for (const plan of plans) {
      options.progress(`${plan.path}, ${plan.frameMs} ms frames, processing ${plan.processing}`);
      const cell: LatencyCell = {
        path: plan.path,
        settings: plan.settings,
        context: { sampleRate: SAMPLE_RATE, latencyHint: 0 },
        ...timing,
      };
      const result = await tab.evaluate(
        (wanted) =>
          (globalThis as unknown as { measureCell(cell: LatencyCell): Promise<LatencyCellResult> }).measureCell(wanted),
        cell,
      );
      results.push({ plan, result });
    }
  } finally {
    await browser.close();
    await page.close();
  }
  return report(results);
}

function report(
  results: readonly { readonly plan: LatencyCellPlan; readonly result: LatencyCellResult }[],
): BenchResult {
  const selfTestErrorMs = Math.max(...results.map(({ result }) => result.selfTestErrorMs));
  if (!(selfTestErrorMs <= SELF_TEST_LIMIT_MS)) {
    throw new Error(`The self-test is off by ${selfTestErrorMs.toFixed(3)} ms: this run measures nothing`);
  }
  const nativeResult = results.find(({ plan }) => plan.path === "native-webrtc")?.result;
  const nativeP50 = distributionOf(nativeResult?.path.delaysMs ?? [])?.p50;
  const rows = results.map(({ plan, result }): LatencyRow => {
    const delays = distributionOf(result.path.delaysMs);
    const { packets } = result;
    return {
      path: plan.path,
      processing: plan.processing,
      frameMs: plan.frameMs,
      sampleRate: result.sampleRate,
      buffer: plan.buffer,
      p50Ms: delays?.p50 ?? null,
      p95Ms: delays?.p95 ?? null,
      p99Ms: delays?.p99 ?? null,
      latePercent: packets.received === 0 ? 0 : (100 * packets.late) / packets.received,
      concealedPercent: packets.totalSamples === 0 ? 0 : (100 * packets.concealedSamples) / packets.totalSamples,
      chirpsLost: result.path.lost,
      chirps: result.path.sent,
      underruns: result.underruns ?? null,
      ratioToNative: delays === undefined || nativeP50 === undefined ? null : delays.p50 / nativeP50,
    };
  });
  const columns = ["path", "frame ms", "processing", "p50 ms", "p95 ms", "p99 ms", "× native", "late %", "concealed %"];
  const table = formatTable(
    "Latency in one AudioContext, ms",
    [...columns, "lost/chirps", "underruns"],
    rows.map((row) => [
      row.path,
      row.frameMs,
      row.processing,
      row.p50Ms ?? undefined,
      row.p95Ms ?? undefined,
      row.p99Ms ?? undefined,
      row.ratioToNative ?? undefined,
      row.latePercent,
      row.concealedPercent,
      `${row.chirpsLost}/${row.chirps}`,
      row.underruns ?? undefined,
    ]),
  );
  const notes = [
    `Self-test: a known delay read back within ${selfTestErrorMs.toFixed(4)} ms.`,
    "Excluded: the devices' own buffers and the microphone's processing; both ends share one machine and one page.",
    "Included for the native track: two bridges between Web Audio and media streams, as an application has to use them.",
    "Frames under 10 ms use Opus' restricted low delay at 96 kb/s, the others voip at 48 kb/s; the context asks for latencyHint 0.",
  ];
  return { json: { selfTestErrorMs, rows }, table: `${table}\n\n${notes.join("\n")}` };
}
