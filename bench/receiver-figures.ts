import type { SimulationResult } from "./receiver-simulation.ts";
import type { NetworkTrace } from "./receiver-trace.ts";

/** What a simulated receiver did to a trace. Percentages of packets (late) and of samples. */
export type ReceiverFigures = {
  readonly lateLossPercent: number;
  readonly concealedPercent: number;
  readonly meanDelayMs: number;
  readonly p95DelayMs: number;
  readonly insertedPercent: number;
  readonly removedPercent: number;
};

/** Sums a simulation up under the definitions of the bench. */
export function receiverFigures(trace: NetworkTrace, { statistics, playedAt }: SimulationResult): ReceiverFigures {
  const delays: number[] = [];
  let late = 0;
  // Packets that are still in the buffer when the trace ends are neither late nor played.
  const end = playedAt.findLastIndex((time) => !Number.isNaN(time));
  trace.packets.forEach(({ sent, arrival }, index) => {
    const time = playedAt[index] ?? Number.NaN;
    if (!Number.isNaN(time)) delays.push(time - sent);
    else if (arrival !== null && index < end) late++;
  });
  delays.sort((a, b) => a - b);
  const total = Math.max(1, statistics.totalSamplesReceived);
  return {
    lateLossPercent: (100 * late) / trace.packets.length,
    concealedPercent: (100 * statistics.concealedSamples) / total,
    meanDelayMs: delays.reduce((sum, delay) => sum + delay, 0) / Math.max(1, delays.length),
    p95DelayMs: delays[Math.floor(delays.length * 0.95)] ?? 0,
    insertedPercent: (100 * statistics.insertedSamplesForDeceleration) / total,
    removedPercent: (100 * statistics.removedSamplesForAcceleration) / total,
  };
}
