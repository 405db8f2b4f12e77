import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { millisecondsToSamples, SAMPLE_RATE } from "../src/engine/media/units.ts";
import { coreModule } from "../test/support/core-module.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { type Cell, formatTable } from "./format-table.ts";
import { encodeLooped } from "./receiver-encoding.ts";
import { type ReceiverFigures, receiverFigures } from "./receiver-figures.ts";
import { networkDelay, oracleDelay } from "./receiver-oracle.ts";
import { RECEIVER_POLICIES, type ReceiverPolicy } from "./receiver-policy.ts";
import { createTraces } from "./receiver-profiles.ts";
import { type ReferenceFigures, readReference } from "./receiver-reference.ts";
import { arrivalsOf, packetize, simulate } from "./receiver-simulation.ts";
import { type NetworkTrace, readTraces } from "./receiver-trace.ts";
import { readWav } from "./wav.ts";

/** Shifts of the render quanta against the sender's grid over which a figure is the mean. */
const PHASES = 5;

/** One line of the result. Percentages of packets (late) and of samples (concealed). */
type ReceiverRow = {
  readonly trace: string;
  readonly policy: string;
  readonly lateLossPercent: number;
  readonly concealedPercent: number;
  readonly meanDelayMs: number;
  readonly p95DelayMs: number;
  readonly oracleDelayMs: number;
  readonly networkDelayMs: number;
  readonly insertedPercent: number;
  readonly removedPercent: number;
  readonly referenceDelayMs?: number;
  readonly referenceConcealedPercent?: number;
  /** Buffering (delay less the network's) as a share of the reference's. */
  readonly bufferingRatio?: number;
};

/**
 * `npm run bench -- receiver`: the receive stream under virtual time through network traces, with several jitter buffer settings.
 * Options: `--traces DIR`, `--reference FILE`, `--recording WAV` (48 kHz), `--policies auto,quick…`, `--seed N`, `--seconds N`.
 */
export async function run({ quick, values, progress }: BenchOptions): Promise<BenchResult> {
  const codec = CodecModule.instantiate(coreModule());
  const signal = readSignal(values.get("recording"));
  const traces = selectTraces(values, quick);
  const reference = values.has("reference") ? readReference(values.get("reference") ?? "") : new Map();
  const policies = selectPolicies(values.get("policies"), quick);
  const rows: ReceiverRow[] = [];
  const encoded = new Map<number, readonly Uint8Array[]>();
  for (const trace of traces) {
    progress(trace.name);
    const frameSamples = millisecondsToSamples(trace.frameDuration);
    let payloads = encoded.get(frameSamples);
    if (payloads === undefined || payloads.length < trace.packets.length) {
      payloads = encodeLooped(codec, signal, trace.packets.length, { frameSamples });
      encoded.set(frameSamples, payloads);
    }
    for (const policy of policies) {
      const phases = policy.name === "auto" && !quick ? PHASES : 1;
      rows.push(measure(codec, trace, payloads, policy, phases, reference.get(trace.name)));
    }
  }
  return { json: { rows }, table: `${draw(rows)}\n\n${NOTE}` };
}

const NOTE = `Delay: playout of a decoded packet's first sample less its sending; lost, late and recovered packets are not in the mean; packetisation
(one frame) and the codec's look-ahead are not included. Late: arrived but not decoded as itself, of all packets. Concealed: of output
samples. Oracle: the smallest fixed delay with as many late packets. Render quanta of 128; auto is the mean over ${PHASES} phases of them.`;

function readSignal(path: string | undefined): Float32Array {
  if (path === undefined) return createSpeechLikeSignal({ sampleRate: SAMPLE_RATE, seconds: 20 });
  const { sampleRate, channels } = readWav(path);
  const [mono] = channels;
  if (sampleRate !== SAMPLE_RATE || mono === undefined) {
    throw new RangeError(`Cannot use ${path}: its rate is ${sampleRate} Hz, the bench needs ${SAMPLE_RATE} Hz`);
  }
  return mono;
}

function selectTraces(values: ReadonlyMap<string, string>, quick: boolean): readonly NetworkTrace[] {
  const folder = values.get("traces");
  const seconds = Number(values.get("seconds") ?? (quick ? 20 : 60));
  const traces = folder === undefined ? createTraces(Number(values.get("seed") ?? 1), seconds) : readTraces(folder);
  const filter = values.get("filter");
  return filter === undefined ? traces : traces.filter(({ name }) => new RegExp(filter).test(name));
}

function selectPolicies(names: string | undefined, quick: boolean): readonly ReceiverPolicy[] {
  if (names === undefined) return quick ? RECEIVER_POLICIES.slice(0, 1) : RECEIVER_POLICIES;
  const wanted = names.split(",");
  return RECEIVER_POLICIES.filter(({ name }) => wanted.includes(name));
}

function measure(
  codec: CodecModule,
  trace: NetworkTrace,
  payloads: readonly Uint8Array[],
  policy: ReceiverPolicy,
  phases: number,
  reference: ReferenceFigures | undefined,
): ReceiverRow {
  const frameSamples = millisecondsToSamples(trace.frameDuration);
  const datagrams = trace.packets.map((_, index) =>
    packetize(payloads[index] ?? new Uint8Array(1), index, index * frameSamples),
  );
  const arrivals = arrivalsOf(trace, datagrams);
  const runs = Array.from({ length: phases }, (_, phase) =>
    receiverFigures(trace, simulate(trace, arrivals, { codec, settings: policy.settings, phase: phase / phases })),
  );
  const mean = (name: keyof ReceiverFigures): number =>
    runs.reduce((sum, figures) => sum + figures[name], 0) / runs.length;
  const lateLossPercent = mean("lateLossPercent");
  const meanDelayMs = mean("meanDelayMs");
  const networkDelayMs = networkDelay(trace);
  return {
    trace: trace.name,
    policy: policy.name,
    lateLossPercent,
    concealedPercent: mean("concealedPercent"),
    meanDelayMs,
    p95DelayMs: mean("p95DelayMs"),
    oracleDelayMs: oracleDelay(trace, lateLossPercent),
    networkDelayMs,
    insertedPercent: mean("insertedPercent"),
    removedPercent: mean("removedPercent"),
    ...(reference === undefined
      ? {}
      : {
          referenceDelayMs: reference.meanDelayMs,
          referenceConcealedPercent: reference.concealedPercent,
          bufferingRatio: (meanDelayMs - networkDelayMs) / (reference.meanDelayMs - networkDelayMs),
        }),
  };
}

function draw(rows: readonly ReceiverRow[]): string {
  const hasReference = rows.some((row) => row.referenceDelayMs !== undefined);
  const columns = [
    "trace",
    "policy",
    "network",
    "delay",
    "p95",
    "oracle",
    "over",
    "late %",
    "concealed %",
    "ins %",
    "rem %",
  ];
  const compared = hasReference ? ["ref delay", "ref conc %", "buffering", ""] : [];
  const cells = rows.map((row): readonly Cell[] => [
    row.trace,
    row.policy,
    row.networkDelayMs,
    row.meanDelayMs,
    row.p95DelayMs,
    row.oracleDelayMs,
    row.meanDelayMs - row.oracleDelayMs,
    row.lateLossPercent,
    row.concealedPercent,
    row.insertedPercent,
    row.removedPercent,
    ...(hasReference ? [row.referenceDelayMs, row.referenceConcealedPercent, row.bufferingRatio, verdict(row)] : []),
  ]);
  return formatTable("Receive stream over network traces; delays in ms", [...columns, ...compared], cells);
}

/** Whether both delay and concealment are at or below the reference's, at the precision it is stated in. */
function verdict(row: ReceiverRow): string {
  if (row.referenceDelayMs === undefined || row.referenceConcealedPercent === undefined) return "";
  const isBetter =
    row.meanDelayMs <= row.referenceDelayMs && row.concealedPercent <= row.referenceConcealedPercent + 0.005;
  return isBetter ? "better" : "WORSE";
}
