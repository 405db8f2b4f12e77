import type { Page } from "playwright-core";
import { distributionOf } from "../src/engine/measurement/distribution.ts";
import type { ImpairmentProfile } from "../src/engine/measurement/impairment.ts";
import type { RelayTraffic, UdpRelay } from "../test/support/udp-relay.ts";
import type { ConcealmentCounts, NetworkCall } from "./network-call.ts";
import { DELAY_SEARCH, delayGrowth, findSpeech, type HeardStretch, recoveryTimes } from "./network-delays.ts";
import { restartTaps, type TimedRecording, takeTap } from "./network-taps.ts";

/** One call, measured. Field names are a contract: fields are added, never renamed. */
export type NetworkRow = {
  readonly path: "antiphon" | "native-webrtc" | "antiphon-virtual";
  readonly profile: string;
  /** From the speaker's microphone tap to the listener's output tap; null when nothing was recognised. */
  readonly delayP50Ms: number | null;
  readonly delayP95Ms: number | null;
  /** Median delay of the last third of the call less that of the first. */
  readonly delayGrowthMs: number | null;
  /** Share of what was played that was made up … */
  readonly concealedPercent: number;
  /** … and without what was made up in silence. */
  readonly concealedSpeechPercent: number;
  /** Bit/s of one direction on the wire, all headers included. */
  readonly bitrate: number;
  /** Share of packets that the impaired path did not deliver. */
  readonly droppedPercent: number;
  /** From the end of an outage until speech is heard again, the longest; null without outages. */
  readonly recoveryMs: number | null;
  /** Stretches of speech that were recognised. */
  readonly stretches: number;
};

/** One direction of a measured call. */
export type DirectionRecording = { readonly spoken: TimedRecording; readonly heard: TimedRecording };

/** Everything taken from one call. */
export type Measurement = {
  readonly directions: readonly DirectionRecording[];
  /** Start and end of what counts, ms since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly outageEnds: readonly number[];
  readonly concealment: readonly ConcealmentCounts[];
  readonly traffic: readonly RelayTraffic[];
  readonly details: unknown;
};

/** Impairs a call that stands, waits for it to settle, and records it. */
export async function measureCall(
  call: NetworkCall,
  relay: UdpRelay,
  profile: ImpairmentProfile,
  timing: { readonly settleMs: number; readonly measureMs: number },
): Promise<Measurement> {
  const pages: readonly Page[] = [call.near, call.far];
  const impairedAt = Date.now();
  relay.setProfile(profile);
  await pause(timing.settleMs);
  await Promise.all(pages.map(restartTaps));
  relay.takeTraffic();
  const before = await Promise.all(pages.map((page) => call.counts(page)));
  const fromMs = Date.now();
  await pause(timing.measureMs);
  const toMs = Date.now();
  const traffic = relay.takeTraffic();
  const after = await Promise.all(pages.map((page) => call.counts(page)));
  const details = await call.details();
  const tap = async (speaker: Page, listener: Page): Promise<DirectionRecording> => ({
    spoken: await takeTap(speaker, "microphone"),
    heard: await takeTap(listener, "output"),
  });
  return {
    directions: [await tap(call.near, call.far), await tap(call.far, call.near)],
    fromMs,
    toMs,
    outageEnds: outageEnds(profile, impairedAt, { fromMs, toMs }),
    concealment: after.map((counts, index) => difference(counts, before[index])),
    traffic: [traffic.near, traffic.far],
    details,
  };
}

/** Judges a measurement. */
export function rowOf(path: NetworkRow["path"], profile: ImpairmentProfile, measured: Measurement): NetworkRow {
  const { fromMs, toMs } = measured;
  const found: readonly (readonly HeardStretch[])[] = measured.directions.map(({ spoken, heard }) =>
    // What is spoken at the very end is heard after the recording.
    findSpeech(spoken, heard, { fromMs, toMs: toMs - 500 }, DELAY_SEARCH),
  );
  const delays = distributionOf(found.flat().map(({ delayMs }) => delayMs));
  const growths = found.map(delayGrowth).filter((growth) => growth !== null);
  const recoveries = measured.directions.flatMap(({ spoken, heard }) =>
    recoveryTimes(spoken, heard, measured.outageEnds),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const total = Math.max(1, sum(measured.concealment.map(({ totalSamples }) => totalSamples)));
  const concealed = sum(measured.concealment.map(({ concealedSamples }) => concealedSamples));
  const silent = sum(measured.concealment.map(({ silentConcealedSamples }) => silentConcealedSamples));
  const packets = Math.max(1, sum(measured.traffic.map((traffic) => traffic.packets)));
  return {
    path,
    profile: profile.name,
    delayP50Ms: delays?.p50 ?? null,
    delayP95Ms: delays?.p95 ?? null,
    delayGrowthMs: growths.length === 0 ? null : Math.max(...growths),
    concealedPercent: (100 * concealed) / total,
    concealedSpeechPercent: (100 * (concealed - silent)) / total,
    bitrate: sum(measured.traffic.map(({ bitrate }) => bitrate)) / measured.traffic.length,
    droppedPercent: (100 * sum(measured.traffic.map(({ dropped }) => dropped))) / packets,
    recoveryMs: recoveries.length === 0 ? null : Math.max(...recoveries),
    stretches: delays?.count ?? 0,
  };
}

/** Ends of the outages of a profile that began at `impairedAt`, as far as what follows them was recorded; ms since 1970. */
export function outageEnds(
  { outage }: ImpairmentProfile,
  impairedAt: number,
  range: { readonly fromMs: number; readonly toMs: number },
): number[] {
  if (outage === undefined) return [];
  const ends: number[] = [];
  for (let end = impairedAt + outage.everyMs; end < range.toMs - 2000; end += outage.everyMs) {
    if (end > range.fromMs + 1500) ends.push(end);
  }
  return ends;
}

/** What was made up and played between two counts. */
export function difference(after: ConcealmentCounts, before: ConcealmentCounts | undefined): ConcealmentCounts {
  return {
    concealedSamples: after.concealedSamples - (before?.concealedSamples ?? 0),
    silentConcealedSamples: after.silentConcealedSamples - (before?.silentConcealedSamples ?? 0),
    totalSamples: after.totalSamples - (before?.totalSamples ?? 0),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
