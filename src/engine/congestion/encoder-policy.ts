import type { NetworkPins } from "../settings/network-settings.ts";
import type { EncoderPreferences, EncoderTarget } from "./encoder-target.ts";
import type { LinkTarget } from "./link-controller.ts";

/** With this many links or more, the slowest quarter no longer slows the others down. */
const GROUP_LINKS = 4;

/**
 * One encoder serves all links of a stream. The slowest link governs bitrate and frame duration, the most lossy one FEC, expected
 * loss and DRED; redundancy is each link's own. In a group of four or more the slowest quarter of links is left out of the rate
 * (its links thin their packets out instead), so that one bad path, or one hostile peer, cannot spoil the call for all.
 * Without links the user's preferences apply; pins apply always.
 */
export function combineTargets(
  targets: readonly LinkTarget[],
  preferences: EncoderPreferences,
  pins: NetworkPins,
): EncoderTarget {
  // Sorted so that the first has the longest frame of all that follow.
  const bySpeed = targets.toSorted((a, b) => b.frameDuration - a.frameDuration || a.bitrate - b.bitrate);
  const leftOut = bySpeed.length >= GROUP_LINKS ? Math.floor(bySpeed.length / 4) : 0;
  const governing = bySpeed.slice(leftOut);
  const first = governing[0];
  if (first === undefined) {
    return {
      bitrate: pins.bitrate ?? preferences.bitrate,
      frameDuration: pins.frameDuration ?? preferences.frameDuration,
      fec: pins.fec ?? preferences.fec,
      expectedLossPercent: preferences.expectedLossPercent,
      dtx: preferences.dtx,
      dredDuration: pins.dredDuration ?? preferences.dredDuration,
    };
  }
  return {
    bitrate: governing.reduce((least, target) => Math.min(least, target.bitrate), first.bitrate),
    frameDuration: first.frameDuration,
    fec: targets.some((target) => target.fec),
    expectedLossPercent: Math.max(...targets.map((target) => target.expectedLossPercent)),
    dtx: governing.some((target) => target.dtx),
    dredDuration: Math.max(...targets.map((target) => target.dredDuration)),
  };
}
