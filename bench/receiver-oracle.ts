import type { NetworkTrace } from "./receiver-trace.ts";

/**
 * The smallest fixed delay in ms with which no more packets would have been late: what a buffer that knew the future, but could not
 * move, would have chosen. A simulation of all fixed delays at once, as Jamulus runs a few in parallel.
 *
 * @param latePercent packets that may arrive after their time, as a share of all packets
 */
export function oracleDelay(trace: NetworkTrace, latePercent: number): number {
  const delays = trace.packets
    .flatMap(({ sent, arrival }) => (arrival === null ? [] : [arrival - sent]))
    .sort((a, b) => b - a);
  const allowed = Math.floor((latePercent / 100) * trace.packets.length + 1e-9);
  return delays[Math.min(allowed, delays.length - 1)] ?? 0;
}

/** Mean delay of the packets that arrive, ms. */
export function networkDelay(trace: NetworkTrace): number {
  let sum = 0;
  let count = 0;
  for (const { sent, arrival } of trace.packets) {
    if (arrival === null) continue;
    sum += arrival - sent;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
