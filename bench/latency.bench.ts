import type { LatencyPlan } from "../src/engine/latency-lab/latency-plan.ts";
import type { LatencyCellResult, LatencyRun } from "../src/engine/latency-lab/latency-result.ts";
import { launchChromium } from "../test/support/chromium.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { LatencyCheckpoint } from "./latency-checkpoint.ts";
import { runDeviceLatency } from "./latency-device.ts";
import { writeLatencyMarkdown } from "./latency-markdown.ts";
import { noiseExperimentTable, runNoiseExperiments } from "./latency-noise.ts";
import { latencyBenchPlan } from "./latency-plans.ts";
import { latencyReport } from "./latency-report.ts";

/**
 * `npm run bench -- latency`: from one node of an AudioContext to another, through the engine's own worklets, workers and
 * data channel, and through the browser's own WebRTC audio track, on one sample clock in one run. Then the noise experiment.
 *
 * - `--full` measures the whole matrix; `--paths`, `--chunks`, `--rates`, `--buffers` take comma-separated parts of it
 * - `--estimate` only says how many cells that are and how long they take
 * - `--run FILE` keeps every finished cell in FILE, from which the same command goes on; the page's Benchmark screen reads it
 * - `--markdown FILE` writes the table, or fills the marked place of a document
 * - `--noise FILE.wav` measures the noise of a recording that begins with `--quiet SECONDS` (4) of silence
 * - `--device` measures from a real microphone to a real loudspeaker instead, both simulated by a private PulseAudio server
 * - `--noise` alone, or any run without `--quick`: synthesised speech in noise
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const { values, progress } = options;
  if (values.has("device")) return runDeviceLatency(options);
  const plan = latencyBenchPlan(options);
  const checkpoint = new LatencyCheckpoint(plan, values.get("run"));
  const { remaining } = checkpoint;
  const known = plan.cells.length - remaining.cells.length;
  const seconds = Math.round(remaining.estimatedSeconds);
  const estimate =
    `${remaining.cells.length} cells${known === 0 ? "" : ` (${known} are known already)`}, ` +
    `about ${seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`;
  if (values.has("estimate")) {
    return { json: { cells: remaining.cells.length, estimatedSeconds: seconds }, table: estimate };
  }
  progress(estimate);
  if (remaining.cells.length > 0) await measure(remaining, checkpoint, progress);
  const done = checkpoint.run;
  if (done === undefined) throw new Error("No cell was measured");
  const markdown = values.get("markdown");
  if (markdown !== undefined) writeLatencyMarkdown(markdown, done);
  const { json, table } = latencyReport(done);
  if (options.quick && !values.has("noise")) return { json, table };
  const recording = values.get("noise");
  const quiet = values.get("quiet");
  const noise = runNoiseExperiments(
    recording === "true" ? undefined : recording,
    quiet === undefined ? undefined : Number(quiet),
  );
  return { json: { ...json, noise }, table: `${table}\n\n${noiseExperimentTable(noise)}` };
}

/** Measures a plan in a browser. What ends it early, an interrupt or a crash, leaves what is in the checkpoint. */
async function measure(
  plan: LatencyPlan,
  checkpoint: LatencyCheckpoint,
  progress: BenchOptions["progress"],
): Promise<void> {
  const page = await serveBenchPage("latency");
  const browser = await launchChromium();
  let done = 0;
  try {
    const tab = await browser.newPage();
    tab.on("pageerror", (error) => progress(`page: ${error.message}`));
    await tab.exposeFunction(
      "reportCell",
      (result: LatencyCellResult, environment: LatencyRun["environment"], remaining: number) => {
        checkpoint.add(result, environment);
        done += 1;
        const left = `${Math.round(remaining)} s left`;
        progress(`${done} of ${plan.cells.length}: ${result.cell.id}: ${outcome(result)}, ${left}`);
      },
    );
    await tab.goto(page.url);
    await tab.waitForFunction(() => "runLatencyPlan" in globalThis);
    const interrupt = (): void => {
      progress("ending: what was measured is kept");
      // An interrupt from the terminal ends the browser as well.
      tab.evaluate(() => (globalThis as unknown as { endLatencyPlan(): void }).endLatencyPlan()).catch(() => undefined);
    };
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
    await tab.evaluate(
      (wanted) =>
        (globalThis as unknown as { runLatencyPlan(plan: LatencyPlan): Promise<void> }).runLatencyPlan(wanted),
      plan,
    );
  } catch (error) {
    if (done === 0) throw error;
    progress(`ended early: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await browser.close();
    await page.close();
  }
}

function outcome(result: LatencyCellResult): string {
  if (result.status !== "measured") return `${result.status}: ${result.reason}`;
  return `p50 ${result.delay?.p50.toFixed(1) ?? "–"} ms`;
}
