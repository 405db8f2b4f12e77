import { distributionOf } from "../measurement/distribution.ts";
import type { CallbackTiming } from "./latency-result.ts";

/** A call this late after the one before is a stall, ms: whatever the device's buffer, it was not asked in time. */
const STALL_MS = 20;

/**
 * Sums up how regularly an audio thread was called, from the wall clock at every call in ms, a list for every stretch of time that was
 * watched. Undefined where none has two.
 */
export function callbackTiming(stretches: readonly Float64Array[]): CallbackTiming | undefined {
  const gaps: number[] = [];
  for (const callTimes of stretches) {
    for (let call = 1; call < callTimes.length; call++) gaps.push((callTimes[call] ?? 0) - (callTimes[call - 1] ?? 0));
  }
  const intervals = distributionOf(gaps);
  return intervals === undefined ? undefined : { intervals, stalls: gaps.filter((gap) => gap > STALL_MS).length };
}
