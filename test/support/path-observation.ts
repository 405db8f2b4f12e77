import type { PathObservation } from "../../src/engine/congestion/path-observation.ts";

/** What a report says of a path on which nothing waits and somebody talks all the time, `change` apart. */
export function pathObservation(change: Partial<PathObservation> = {}): PathObservation {
  return {
    now: 0,
    deliveredRate: 80_000,
    activeRate: 80_000,
    delayTrend: 0,
    queueMs: 0,
    queuePackets: 44,
    queueReports: 4,
    newestQueueMs: 0,
    jitterMs: 2,
    loss: 0,
    recentLoss: 0,
    gateShare: 0,
    roundTripMs: 40,
    isActive: true,
    activeShare: 1,
    isAfterOutage: false,
    packets: 11,
    meanDelayMs: 2,
    isWhole: true,
    ...change,
  };
}
