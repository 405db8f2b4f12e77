import { type RandomSource, seededRandom } from "../src/engine/media/random.ts";
import type { NetworkTrace, TracePacket } from "./receiver-trace.ts";

type DelayModel = (random: RandomSource, sent: number) => number;

/** What a path of the bench's own family does. Times in ms. */
type Profile = {
  readonly name: string;
  readonly frameDuration?: number;
  readonly delay: DelayModel;
  /** Gilbert–Elliott: share of packets lost, mean length of a burst in packets; `from`, `to` bound it in time. */
  readonly loss?: {
    readonly percent: number;
    readonly meanBurst: number;
    readonly from?: number;
    readonly to?: number;
  };
  /** Sender's clock against the receiver's; positive is fast. */
  readonly ppm?: number;
  /** Packets keep their order, as in a queue. */
  readonly isQueue?: boolean;
  /** Nothing arrives for `length` at the end of every `every`; then all at once. */
  readonly stall?: { readonly every: number; readonly length: number };
  /** Share of packets that come twice, and that come 60 ms late. */
  readonly duplicatePercent?: number;
  readonly reorderedPercent?: number;
};

const constant =
  (ms: number): DelayModel =>
  () =>
    ms;

const uniform =
  (middle: number, half: number): DelayModel =>
  (random) =>
    middle + (2 * random() - 1) * half;

/** `base` and a Lomax excess (Pareto II, shape 3) of standard deviation `sigma`, drawn again above eight sigma. */
const pareto =
  (base: number, sigma: number): DelayModel =>
  (random) => {
    for (;;) {
      const excess = ((1 - random()) ** (-1 / 3) - 1) / Math.sqrt(0.75);
      if (excess <= 8) return base + sigma * excess;
    }
  };

const LOSSES = [1, 2, 5, 10, 20, 30].flatMap((percent) =>
  [1.5, 2, 3, 4].map(
    (meanBurst): Profile => ({
      name: `loss${percent}-burst${meanBurst}`,
      delay: uniform(50, 10),
      loss: { percent, meanBurst },
    }),
  ),
);

const PROFILES: readonly Profile[] = [
  { name: "clean", delay: constant(40) },
  { name: "clean-10ms", delay: constant(40), frameDuration: 10 },
  { name: "clean-2.5ms", delay: constant(5), frameDuration: 2.5 },
  ...[5, 20, 50, 100].map((sigma): Profile => ({ name: `pareto${sigma}`, delay: pareto(40, sigma) })),
  { name: "pareto50-queue", delay: pareto(40, 50), isQueue: true },
  ...LOSSES,
  { name: "stall200", delay: uniform(50, 10), stall: { every: 6_000, length: 200 } },
  { name: "stall1000", delay: uniform(50, 10), stall: { every: 20_000, length: 1_000 } },
  { name: "reordered", delay: uniform(40, 5), reorderedPercent: 5, duplicatePercent: 2 },
  ...[100, -100, 500, -500].map((ppm): Profile => ({ name: `drift${ppm}`, delay: uniform(50, 10), ppm })),
  { name: "moderate", delay: uniform(100, 25), loss: { percent: 5, meanBurst: 1 } },
  {
    name: "international",
    delay: pareto(250, 100),
    loss: { percent: 100 * (0.03 / 0.28), meanBurst: 4 },
    duplicatePercent: 2,
    reorderedPercent: 5,
  },
  {
    name: "spiky",
    delay: (random, sent) => (sent >= 10_000 && sent < 20_000 ? uniform(100, 20) : uniform(50, 10))(random, sent),
    loss: { percent: 30, meanBurst: 2, from: 10_000, to: 20_000 },
  },
];

/** The bench's own family of paths, every one seeded by its name and `seed`. */
export function createTraces(seed: number, seconds: number): readonly NetworkTrace[] {
  return PROFILES.map((profile) => createTrace(profile, seed, seconds));
}

function createTrace(profile: Profile, seed: number, seconds: number): NetworkTrace {
  const random = seededRandom(hash(profile.name) ^ seed);
  const frameDuration = profile.frameDuration ?? 20;
  const step = frameDuration / (1 + (profile.ppm ?? 0) * 1e-6);
  const isLost = lossProcess(profile, random);
  const packets: TracePacket[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < (seconds * 1000) / frameDuration; index++) {
    const sent = index * step;
    let delay = profile.delay(random, sent);
    if (random() * 100 < (profile.reorderedPercent ?? 0)) delay += 60;
    let arrival = stalled(profile, sent + delay, index);
    if (profile.isQueue === true) arrival = last = Math.max(arrival, last + 0.1);
    const isTwice = random() * 100 < (profile.duplicatePercent ?? 0);
    const packet: TracePacket = { sent, arrival: isLost(sent) ? null : arrival };
    packets.push(isTwice && packet.arrival !== null ? { ...packet, duplicate: arrival + 10 } : packet);
  }
  return { name: profile.name, frameDuration, packets };
}

function lossProcess({ loss }: Profile, random: RandomSource): (sent: number) => boolean {
  if (loss === undefined) return () => false;
  const share = loss.percent / 100;
  const leave = 1 / loss.meanBurst;
  const enter = (leave * share) / (1 - share);
  let isBad = random() < share;
  return (sent) => {
    const isLost = isBad && sent >= (loss.from ?? 0) && sent < (loss.to ?? Number.POSITIVE_INFINITY);
    isBad = isBad ? random() >= leave : random() < enter;
    return isLost;
  };
}

function stalled({ stall }: Profile, arrival: number, index: number): number {
  if (stall === undefined) return arrival;
  const end = Math.ceil(arrival / stall.every) * stall.every;
  // What is held back comes in one burst, in the order of sending.
  return end - arrival < stall.length ? end + (index % 100) * 0.1 : arrival;
}

/** FNV-1a. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
