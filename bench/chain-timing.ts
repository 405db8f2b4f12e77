import { CAPTURE_STAGES } from "../src/engine/capture/capture-telemetry.ts";
import { captureOffline } from "../src/engine/capture/offline-capture.ts";
import type { ChainTiming } from "../src/engine/measurement/chain-timing.ts";
import type { Settings } from "../src/engine/settings/settings.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { coreModule } from "../test/support/core-module.ts";
import { gtcrnModule, rnnoiseModule } from "../test/support/suppressor-modules.ts";
import { serveBenchPage } from "./browser/serve-page.ts";

/** µs per 10 ms block of one stage; `chain` is all of them together. */
export type StageRow = { readonly where: "node" | "worklet"; readonly stage: string; readonly microseconds: number };

/** Blocks not counted: a fresh codec, model and compilation are slow. */
const WARM_UP_BLOCKS = 200;

/** Times the chain over `signal` (48 kHz) in Node, each stage at its quickest of `rounds`: whatever else runs on the machine only adds. */
export function timeInNode(settings: Settings, signal: Float32Array, rounds: number): readonly StageRow[] {
  const best = CAPTURE_STAGES.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    const start = CAPTURE_STAGES.map(() => 0);
    const { telemetry } = captureOffline({
      core: coreModule(),
      rnnoise: rnnoiseModule(),
      gtcrn: settings.capture.suppressor.kind === "gtcrn" ? gtcrnModule() : undefined,
      capture: settings.capture,
      encoder: settings.encoder,
      channels: [signal],
      sampleRate: 48_000,
      clock: () => performance.now(),
      onBlock: (chain, position) => {
        if (position !== WARM_UP_BLOCKS * 480) return;
        for (const stage of CAPTURE_STAGES.keys()) start[stage] = Number(chain.telemetry.cost[stage]);
      },
    });
    const blocks = telemetry.samplesProcessed / 480 - WARM_UP_BLOCKS;
    for (const stage of CAPTURE_STAGES.keys()) {
      const ms = Number(telemetry.cost[stage]) - Number(start[stage]);
      best[stage] = Math.min(Number(best[stage]), (1_000 * ms) / blocks);
    }
  }
  return withTotal("node", best);
}

/** Times the chain in an AudioWorklet of headless Chromium. */
export async function timeInWorklet(settings: Settings, blocks: number, rounds: number): Promise<readonly StageRow[]> {
  const page = await serveBenchPage("chain");
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(page.url);
    await tab.waitForFunction(() => "timeChain" in globalThis);
    const timings: ChainTiming[] = [];
    for (let round = 0; round < rounds; round++) {
      timings.push(
        await tab.evaluate(
          ([wanted, count]) =>
            (
              globalThis as unknown as { timeChain(settings: Settings, blocks: number): Promise<ChainTiming> }
            ).timeChain(wanted, count),
          [settings, blocks] as const,
        ),
      );
    }
    const quickest = (read: (timing: ChainTiming) => number): number =>
      Math.min(...timings.map((timing) => (1_000 * read(timing)) / timing.blocks));
    const stages = CAPTURE_STAGES.map((_, stage) => quickest(({ stageMs }) => stageMs[stage] ?? 0));
    const rows = withTotal("worklet", stages).slice(0, -1);
    return [...rows, { where: "worklet", stage: "chain", microseconds: quickest(({ totalMs }) => totalMs) }];
  } finally {
    await browser.close();
    await page.close();
  }
}

function withTotal(where: StageRow["where"], stages: readonly number[]): readonly StageRow[] {
  const rows = CAPTURE_STAGES.map((stage, index): StageRow => ({ where, stage, microseconds: stages[index] ?? 0 }));
  const total = stages.reduce((sum, microseconds) => sum + microseconds, 0);
  return [...rows, { where, stage: "chain", microseconds: total }];
}
