import type { ImpairmentProfile, LossModel } from "./impairment.ts";

function path(name: string, delayMs: number, jitterMs: number, loss: LossModel = { type: "none" }): ImpairmentProfile {
  return { name, delayMs, jitterMs, loss };
}

/** The named networks of the network bench and the network lab, each direction alike. Delay ± uniform jitter, reordering kept. */
export const NETWORK_PROFILES: readonly ImpairmentProfile[] = [
  path("clean", 0, 0),
  path("loss2", 20, 5, { type: "random", fraction: 0.02 }),
  path("loss5", 50, 10, { type: "random", fraction: 0.05 }),
  path("loss10", 50, 10, { type: "random", fraction: 0.1 }),
  path("burst10", 50, 10, { type: "bursts", fraction: 0.1, meanBurst: 2 }),
  path("burst20", 50, 10, { type: "bursts", fraction: 0.2, meanBurst: 3 }),
  path("burst30", 50, 10, { type: "bursts", fraction: 0.3, meanBurst: 3 }),
  path("jitter40", 50, 40),
  path("jitter80", 100, 80),
  { ...path("stall", 20, 5), outage: { everyMs: 5000, durationMs: 500, type: "held" } },
  { ...path("rate40", 20, 0), rate: { bitsPerSecond: 40_000, queuePackets: 30 } },
  path("intl", 250, 100, { type: "bursts", fraction: 0.1, meanBurst: 2 }),
];

/** The profile called `name`, or undefined. */
export function findNetworkProfile(name: string): ImpairmentProfile | undefined {
  return NETWORK_PROFILES.find((profile) => profile.name === name);
}
