import { defaultSettings, type ImpairmentProfile, type NetworkPins } from "../../../engine/index.ts";

/** What holds packets' loss off while the lab runs. */
export type LabProtection = "adaptive" | "none" | "fec" | "red1" | "red2" | "red3" | "dred";

/** What is sent through the lab's network. */
export type LabSource = "microphone" | "recording" | "synthetic";

const FREE: NetworkPins = defaultSettings.network.pins;

const only = (pins: Partial<NetworkPins>): NetworkPins => ({
  ...FREE,
  redundancy: 0,
  fec: false,
  dredDuration: 0,
  ...pins,
});

/** Every protection with its name and what it pins. Bitrate and frame length always stay with the controllers. */
export const LAB_PROTECTIONS: Readonly<
  Record<LabProtection, { readonly label: string; readonly summary: string; readonly pins: NetworkPins }>
> = {
  adaptive: { label: "Adaptive", summary: "The controllers choose, as in a call.", pins: FREE },
  none: { label: "None", summary: "What is lost is concealed.", pins: only({}) },
  fec: { label: "FEC", summary: "Every packet carries a coarse copy of the one before.", pins: only({ fec: true }) },
  red1: { label: "RED 1", summary: "Every packet repeats one older frame.", pins: only({ redundancy: 1 }) },
  red2: { label: "RED 2", summary: "Every packet repeats two older frames.", pins: only({ redundancy: 2 }) },
  red3: { label: "RED 3", summary: "Every packet repeats three older frames.", pins: only({ redundancy: 3 }) },
  dred: {
    label: "Deep redundancy",
    summary: "Every packet describes the last 400 ms, for a neural decoder.",
    pins: only({ dredDuration: 40 }),
  },
};

/** What people call the named networks. */
const PROFILE_LABELS: Readonly<Record<string, string>> = {
  clean: "Perfect",
  loss2: "Good Wi-Fi",
  loss5: "Busy Wi-Fi",
  loss10: "Bad Wi-Fi",
  burst10: "Mobile, at the edge of a cell",
  burst20: "Mobile, moving",
  burst30: "Nearly gone",
  jitter40: "Jittery",
  jitter80: "Very jittery",
  stall: "Stalls",
  rate40: "Bottleneck",
  intl: "Other side of the world",
};

/** Names a network for people. */
export function profileLabel({ name }: ImpairmentProfile): string {
  return PROFILE_LABELS[name] ?? "Own values";
}

/** Says what a network does: `50 ± 10 ms · 20 % lost in bursts of 3`. */
export function describeProfile(profile: ImpairmentProfile): string {
  const { delayMs, jitterMs, loss, rate, outage } = profile;
  const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
  return [
    delayMs === 0 && jitterMs === 0 ? "no delay" : `${delayMs} ± ${jitterMs} ms`,
    loss.type === "none"
      ? "nothing lost"
      : `${percent(loss.fraction)} lost${loss.type === "bursts" ? ` in bursts of ${loss.meanBurst}` : ""}`,
    ...(rate === undefined ? [] : [`${rate.bitsPerSecond / 1_000} kbit/s`]),
    ...(outage === undefined ? [] : [`${outage.durationMs} ms stall every ${outage.everyMs / 1_000} s`]),
  ].join(" · ");
}

/** One value of a network as a slider shows it. */
export type ProfileValue = {
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly read: (profile: ImpairmentProfile) => number;
  /** The network with that value, called "own". */
  readonly write: (profile: ImpairmentProfile, value: number) => ImpairmentProfile;
  /** What the value says where it stands for something else. */
  readonly format?: (value: number) => string;
};

/** Time between two stalls, ms. */
const STALL_EVERY_MS = 5_000;
/** Packets that wait before a bottleneck, as in the named one. */
const QUEUE_PACKETS = 30;

const lossOf = ({ loss }: ImpairmentProfile): readonly [fraction: number, meanBurst: number] =>
  loss.type === "none" ? [0, 1] : [loss.fraction, loss.type === "bursts" ? loss.meanBurst : 1];

function withLoss(profile: ImpairmentProfile, fraction: number, meanBurst: number): ImpairmentProfile {
  if (fraction === 0) return { ...profile, loss: { type: "none" } };
  return { ...profile, loss: meanBurst > 1 ? { type: "bursts", fraction, meanBurst } : { type: "random", fraction } };
}

const own = (write: ProfileValue["write"]): ProfileValue["write"] => {
  return (profile, value) => ({ ...write(profile, value), name: "own" });
};

/** The values a user may set by hand. */
export const PROFILE_VALUES: readonly ProfileValue[] = [
  {
    ...{ label: "Delay", unit: "ms", min: 0, max: 500, step: 5 },
    read: ({ delayMs }) => delayMs,
    write: own((profile, delayMs) => ({ ...profile, delayMs })),
  },
  {
    ...{ label: "Jitter ±", unit: "ms", min: 0, max: 200, step: 5 },
    read: ({ jitterMs }) => jitterMs,
    write: own((profile, jitterMs) => ({ ...profile, jitterMs })),
  },
  {
    ...{ label: "Loss", unit: "%", min: 0, max: 60, step: 1 },
    read: (profile) => 100 * lossOf(profile)[0],
    write: own((profile, percent) => withLoss(profile, percent / 100, lossOf(profile)[1])),
  },
  {
    ...{ label: "Packets in a burst", unit: "", min: 1, max: 10, step: 1 },
    read: (profile) => lossOf(profile)[1],
    write: own((profile, meanBurst) => withLoss(profile, lossOf(profile)[0], meanBurst)),
    format: (value) => (value === 1 ? "1 (each by itself)" : String(value)),
  },
  {
    ...{ label: "Bottleneck", unit: "kbit/s", min: 0, max: 200, step: 10 },
    read: ({ rate }) => (rate?.bitsPerSecond ?? 0) / 1_000,
    write: own(({ rate: _, ...profile }, kilobits) =>
      kilobits === 0 ? profile : { ...profile, rate: { bitsPerSecond: kilobits * 1_000, queuePackets: QUEUE_PACKETS } },
    ),
    format: (value) => (value === 0 ? "none" : `${value} kbit/s`),
  },
  {
    ...{ label: "Stall every 5 s", unit: "ms", min: 0, max: 2_000, step: 100 },
    read: ({ outage }) => outage?.durationMs ?? 0,
    write: own(({ outage: _, ...profile }, durationMs) =>
      durationMs === 0 ? profile : { ...profile, outage: { everyMs: STALL_EVERY_MS, durationMs, type: "held" } },
    ),
    format: (value) => (value === 0 ? "none" : `${value} ms`),
  },
];
