import type { RandomSource } from "../media/random.ts";
import type { Milliseconds } from "../media/units.ts";

/** How packets are lost: each by itself, or in Gilbert–Elliott bursts whose lengths are geometric with the given mean. */
export type LossModel =
  | { readonly type: "none" }
  | { readonly type: "random"; readonly fraction: number }
  | { readonly type: "bursts"; readonly fraction: number; readonly meanBurst: number };

/** What a network path does to packets in one direction. All randomness comes from the source given to {@link Impairment}. */
export interface ImpairmentProfile {
  readonly name: string;
  /** Least delay without a queue, ms, before jitter. */
  readonly delayMs: Milliseconds;
  /** Half width (uniform), standard deviation (normal) or scale (pareto, one-sided) of the delay's variation, ms. */
  readonly jitterMs: Milliseconds;
  /** Default uniform. */
  readonly jitterDistribution?: "uniform" | "normal" | "pareto";
  readonly loss: LossModel;
  /** Bottleneck with a drop-tail queue. */
  readonly rate?: { readonly bitsPerSecond: number; readonly queuePackets: number };
  /** Share of packets delivered twice, 0..1. */
  readonly duplicates?: number;
  /** Share of packets held back by `extraMs`, 0..1. */
  readonly reordering?: { readonly fraction: number; readonly extraMs: Milliseconds };
  /** Packets never overtake each other; by default jitter reorders them. */
  readonly keepsOrder?: boolean;
  /** Silence of the path: packets are kept until it ends, or lost. The first one starts after `everyMs − durationMs`. */
  readonly outage?: {
    readonly everyMs: Milliseconds;
    readonly durationMs: Milliseconds;
    readonly type: "held" | "lost";
  };
  /** Delays of successive packets in ms, null = lost; repeated when used up. Replaces delay, jitter and loss. */
  readonly trace?: readonly (number | null)[];
}

/** A path without any fault. */
export const CLEAN_PROFILE: ImpairmentProfile = { name: "clean", delayMs: 0, jitterMs: 0, loss: { type: "none" } };

/** IP and UDP headers, which a bottleneck also carries, in bytes. */
export const UDP_OVERHEAD_BYTES = 28;
/** Shape of the pareto jitter: finite mean and variance, heavy tail. */
const PARETO_SHAPE = 2.5;

/**
 * One direction of an impaired path under anybody's clock: {@link Impairment.offer} says when a packet comes out. Order of faults:
 * loss, bottleneck queue, outage, delay and jitter, reordering, duplication. Call with non-decreasing `now`.
 */
export class Impairment {
  /** Packets that went in, came out (without duplicates), were lost at random, and did not fit the queue. */
  readonly counters = { offered: 0, delivered: 0, lost: 0, queueDrops: 0, bytesDelivered: 0 };
  #profile: ImpairmentProfile;
  readonly #random: RandomSource;
  #start: Milliseconds;
  readonly #departures: number[] = [];
  #traced = 0;
  #isInBurst = false;
  #busyUntil: Milliseconds = Number.NEGATIVE_INFINITY;
  #lastArrival: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(profile: ImpairmentProfile, random: RandomSource, now: Milliseconds) {
    this.#profile = profile;
    this.#random = random;
    this.#start = now;
  }

  /** Changes the path from the next packet on; what is in its queue stays. */
  set profile(profile: ImpairmentProfile) {
    this.#profile = profile;
  }

  get profile(): ImpairmentProfile {
    return this.#profile;
  }

  /** Counts outages from `now` on, and starts a trace over. */
  restart(now: Milliseconds): void {
    this.#start = now;
    this.#traced = 0;
  }

  /** Times, on the clock of `now`, at which a datagram of `bytes` comes out: none, one, or two for a duplicate. */
  offer(bytes: number, now: Milliseconds): readonly Milliseconds[] {
    this.counters.offered++;
    const traced = this.#tracedDelay();
    if (traced === null || (traced === undefined && this.#isLost())) {
      this.counters.lost++;
      return [];
    }
    const departure = this.#throughBottleneck(bytes + UDP_OVERHEAD_BYTES, now);
    if (departure === undefined) {
      this.counters.queueDrops++;
      return [];
    }
    const released = this.#throughOutage(departure);
    if (released === undefined) {
      this.counters.lost++;
      return [];
    }
    this.counters.delivered++;
    this.counters.bytesDelivered += bytes;
    const arrival = this.#inOrder(released + (traced ?? this.#delay()));
    const isDuplicated = this.#random() < (this.#profile.duplicates ?? 0);
    return isDuplicated ? [arrival, this.#inOrder(released + (traced ?? this.#delay()))] : [arrival];
  }

  #tracedDelay(): number | null | undefined {
    const trace = this.#profile.trace;
    return trace === undefined || trace.length === 0 ? undefined : trace[this.#traced++ % trace.length];
  }

  #isLost(): boolean {
    const loss = this.#profile.loss;
    switch (loss.type) {
      case "none":
        return false;
      case "random":
        return this.#random() < loss.fraction;
      case "bursts": {
        // Mean time in the bad state is meanBurst packets; the way in follows from the share of time spent there.
        const enter = loss.fraction / ((1 - loss.fraction) * loss.meanBurst);
        this.#isInBurst = this.#isInBurst ? this.#random() >= 1 / loss.meanBurst : this.#random() < enter;
        return this.#isInBurst;
      }
    }
  }

  #throughBottleneck(bytes: number, now: Milliseconds): Milliseconds | undefined {
    const rate = this.#profile.rate;
    if (rate === undefined) return now;
    while ((this.#departures[0] ?? Number.POSITIVE_INFINITY) <= now) this.#departures.shift();
    if (this.#departures.length >= rate.queuePackets) return undefined;
    this.#busyUntil = Math.max(now, this.#busyUntil) + (bytes * 8000) / rate.bitsPerSecond;
    this.#departures.push(this.#busyUntil);
    return this.#busyUntil;
  }

  #throughOutage(departure: Milliseconds): Milliseconds | undefined {
    const outage = this.#profile.outage;
    if (outage === undefined) return departure;
    const phase = (departure - this.#start) % outage.everyMs;
    const begin = outage.everyMs - outage.durationMs;
    if (phase < begin) return departure;
    return outage.type === "lost" ? undefined : departure + (outage.everyMs - phase);
  }

  #delay(): Milliseconds {
    const { delayMs, jitterMs, reordering } = this.#profile;
    const extra = this.#random() < (reordering?.fraction ?? 0) ? (reordering?.extraMs ?? 0) : 0;
    return Math.max(0, delayMs + this.#jitter(jitterMs)) + extra;
  }

  #jitter(scale: Milliseconds): Milliseconds {
    switch (this.#profile.jitterDistribution ?? "uniform") {
      case "uniform":
        return scale * (2 * this.#random() - 1);
      case "normal": {
        const radius = Math.sqrt(-2 * Math.log(1 - this.#random()));
        return scale * radius * Math.cos(2 * Math.PI * this.#random());
      }
      case "pareto":
        return scale * ((1 - this.#random()) ** (-1 / PARETO_SHAPE) - 1);
    }
  }

  #inOrder(arrival: Milliseconds): Milliseconds {
    const ordered = this.#profile.keepsOrder === true ? Math.max(arrival, this.#lastArrival) : arrival;
    this.#lastArrival = Math.max(this.#lastArrival, ordered);
    return ordered;
  }
}
