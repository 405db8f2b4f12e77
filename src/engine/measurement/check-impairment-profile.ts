import type { Milliseconds } from "../media/units.ts";
import type { ImpairmentProfile } from "./impairment.ts";

/** Longest delay that is imitated, ms. */
const MAX_TIME_MS: Milliseconds = 5_000;

/**
 * Checks a path that somebody made up.
 *
 * @throws RangeError that says which value cannot be
 */
export function checkImpairmentProfile(profile: ImpairmentProfile): void {
  const { name, delayMs, jitterMs, loss, rate, outage, duplicates = 0, reordering } = profile;
  const demand = (isPossible: boolean, problem: string): void => {
    if (!isPossible) throw new RangeError(`Cannot imitate the network "${name}": ${problem}`);
  };
  const isShare = (value: number): boolean => value >= 0 && value < 1;
  const isTime = (value: number): boolean => value >= 0 && value <= MAX_TIME_MS;
  demand(isTime(delayMs), `a delay is 0 to ${MAX_TIME_MS} ms, not ${delayMs}`);
  demand(isTime(jitterMs), `jitter is 0 to ${MAX_TIME_MS} ms, not ${jitterMs}`);
  if (loss.type !== "none") demand(isShare(loss.fraction), `loss is a share from 0 to below 1, not ${loss.fraction}`);
  if (loss.type === "bursts") {
    demand(loss.meanBurst >= 1 && loss.meanBurst <= 100, `bursts are 1 to 100 packets long, not ${loss.meanBurst}`);
  }
  if (rate !== undefined) {
    demand(rate.bitsPerSecond >= 1_000, `a bottleneck carries at least 1000 bit/s, not ${rate.bitsPerSecond}`);
    demand(rate.queuePackets >= 1, `a queue holds at least one packet, not ${rate.queuePackets}`);
  }
  if (outage !== undefined) {
    const { everyMs, durationMs } = outage;
    demand(durationMs > 0 && durationMs < everyMs, `an outage of ${durationMs} ms does not fit into ${everyMs} ms`);
  }
  demand(duplicates >= 0 && duplicates <= 1, `duplicates are a share from 0 to 1, not ${duplicates}`);
  if (reordering !== undefined) {
    demand(reordering.fraction >= 0 && reordering.fraction <= 1, `reordering is a share, not ${reordering.fraction}`);
    demand(isTime(reordering.extraMs), `packets are held back 0 to ${MAX_TIME_MS} ms, not ${reordering.extraMs}`);
  }
}
