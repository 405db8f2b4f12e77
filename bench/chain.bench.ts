import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { type ChainAllocations, measureChainAllocations, WARM_UP_SECONDS } from "./chain-allocations.ts";
import { NOISE_LEVELS, type NoiseRow, runNoiseExperiment } from "./chain-noise.ts";
import { type StageRow, timeInNode, timeInWorklet } from "./chain-timing.ts";
import { formatTable } from "./format-table.ts";
import { loadAt48k } from "./load-recording.ts";
import { readOfflineSettings } from "./offline-settings.ts";

/** µs in 10 ms: 1 % of one core is 100. */
const PERCENT_OF_CORE = 100;

/** What the receive side contributes, from `chain-receive.ts`. */
export type ReceiveChainResult = { readonly rows: readonly StageRow[]; readonly peersPerQuantum: number };

/**
 * `npm run bench -- chain`: what a 10 ms block costs in each stage, in Node and in an AudioWorklet of headless Chromium; allocations on
 * the audio thread; and the noise experiment. `--recording clean.wav` and `--noise noise.wav` give the experiment real sound;
 * the options of `npm run render` change the chain; `--node-only` leaves the browser out.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const { quick, values, progress } = options;
  const settings = readOfflineSettings(values);
  const signal = createSpeechLikeSignal({ sampleRate: 48_000, seconds: quick ? 10 : 30, seed: 1 });
  const rounds = quick ? 2 : 5;
  progress("timing in Node");
  const nodeRows = timeInNode(settings, signal, rounds);
  progress("counting allocations");
  const allocations = await measureChainAllocations(settings, signal, quick ? 5 : 20);
  progress("timing in an AudioWorklet");
  const workletRows = values.has("node-only")
    ? []
    : await timeInWorklet(settings, quick ? 2_000 : 6_000, quick ? 1 : 3);
  progress("receive side");
  const receive = await measureReceive(options);
  progress("noise experiment");
  const recording = values.get("recording");
  const noisePath = values.get("noise");
  const clean =
    recording === undefined
      ? createSpeechLikeSignal({ sampleRate: 48_000, seconds: quick ? 8 : 20, seed: 4, pauseShare: 0.4 })
      : loadAt48k(recording);
  const levels = quick ? NOISE_LEVELS.filter((_, index) => index % 2 === 0) : NOISE_LEVELS;
  const noise = runNoiseExperiment(settings, clean, noisePath === undefined ? undefined : loadAt48k(noisePath), levels);
  const rows = [...nodeRows, ...workletRows, ...(receive?.rows ?? [])];
  return {
    json: {
      rows,
      allocationsPerSecond: allocations.allocationsPerSecond,
      allocators: allocations.allocators,
      peersPerQuantum: receive?.peersPerQuantum ?? null,
      noise,
    },
    table: [stageTable(rows), notes(allocations, receive), noiseTable(noise)].join("\n\n"),
  };
}

async function measureReceive(options: BenchOptions): Promise<ReceiveChainResult | undefined> {
  const url = new URL("./chain-receive.ts", import.meta.url);
  if (!existsSync(fileURLToPath(url))) return undefined;
  const module: unknown = await import(url.href);
  if (typeof module !== "object" || module === null || !("measureReceive" in module)) return undefined;
  return (module as { measureReceive(options: BenchOptions): Promise<ReceiveChainResult> }).measureReceive(options);
}

function stageTable(rows: readonly StageRow[]): string {
  return formatTable(
    "Capture chain, µs per 10 ms block",
    ["where", "stage", "µs", "% of a core"],
    rows.map(({ where, stage, microseconds }) => [where, stage, microseconds, microseconds / PERCENT_OF_CORE]),
  );
}

function notes(
  { allocationsPerSecond, allocators }: ChainAllocations,
  receive: ReceiveChainResult | undefined,
): string {
  const who = allocators.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join(", ");
  return [
    `Allocations on the audio thread: ${allocationsPerSecond.toFixed(2)} a second of audio${who === "" ? "" : `, by ${who}`}.`,
    `Counted by V8's sampling heap profiler at an interval of one byte, in quanta of 128 after ${WARM_UP_SECONDS} s of warm-up, in Node.`,
    receive === undefined
      ? "Peers per quantum: not measured in this build."
      : `Peers per quantum at 128/48 kHz: ${receive.peersPerQuantum}.`,
    "Each stage is the quickest of several rounds; the sum of a stage includes its level meters. Excluded: resampling from other context rates,",
    "the rings to other threads, the first 200 blocks. In the worklet the clock counts milliseconds: stages are sums over thousands of blocks.",
  ].join("\n");
}

function noiseTable(rows: readonly NoiseRow[]): string {
  return formatTable(
    "Speech in noise",
    [
      "SNR dB",
      "SI-SDR in",
      "SI-SDR out",
      "hit %",
      "false alarm %",
      "lost %",
      "clipped p99 ms",
      "false opens/min",
      "LUFS out",
    ],
    rows.map((row) => [
      row.snrDb,
      row.inputSiSdrDb,
      row.siSdrDb,
      row.hitPercent,
      row.falseAlarmPercent,
      row.lostPercent,
      row.clippedP99Ms,
      row.falseOpensPerMinute,
      row.outputLufs,
    ]),
  );
}
