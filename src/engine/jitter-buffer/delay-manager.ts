import { millisecondsToSamples, SAMPLE_RATE, type Samples } from "../media/units.ts";
import type { JitterBufferSettings } from "../settings/playout-settings.ts";
import { StallHistory } from "./stall-history.ts";
import { TransitWindow } from "./transit-window.ts";

/** Delay above the first frame's transit with which a stream starts, in ms: nothing is known about its jitter yet. */
const START_MARGIN_MS = 50;
/** Time until the start margin is gone, in samples. */
const START_TIME = 0.8 * SAMPLE_RATE;

/** Wait that time-stretch bridges with one or two pitch periods, ms. */
const BRIDGED_MS = 12;

/** Share of a stall that is left to time-stretch, which slows down when the buffer runs low: it costs no concealment (stall500). */
const STRETCHED_SHARE = 0.07;
/** A stall so many times longer than the longest delay allowed is not provided for at all: even that would not bridge it. */
const HOPELESS = 1.5;
/** So many stalls within so long, in samples, are a habit of the path. */
const HABIT = 4;
const HABIT_TIME = 30 * SAMPLE_RATE;

/** Settings that follow from the preference between quick (0) and safe (1). */
type Policy = {
  /** Delay that is worth having one percent fewer frames late by more than {@link BRIDGED_MS}, ms. */
  readonly price: number;
  /** The same for frames late by less: time-stretch bridges that. */
  readonly bridgedPrice: number;
  /** Window of the jitter statistics, samples. */
  readonly window: Samples;
  /** How long a stall is provided for, samples; 0 for never. */
  readonly stallHold: Samples;
  /**
   * A stall shorter than this, in ms beyond the jitter, is a hiccup: a busy machine at either end, not the path. One alone is concealed and
   * forgotten: its length as delay for seconds would cost more than that moment.
   */
  readonly hiccup: number;
  /** How far the longest of several stalls is left out, 0…1: a path that stalls does so again and as long; a machine does not. */
  readonly spared: number;
};

/** Steps of the preference, linear in between; measured on the traces of `npm run bench -- receiver`. */
const POLICIES: readonly (Policy & { readonly preference: number })[] = [
  { preference: 0, price: 8, bridgedPrice: 0.4, window: 4 * SAMPLE_RATE, stallHold: 0, hiccup: 150, spared: 1 },
  { preference: 0.25, price: 25, bridgedPrice: 0.8, window: 5 * SAMPLE_RATE, stallHold: 0, hiccup: 150, spared: 1 },
  {
    preference: 0.5,
    price: 40,
    bridgedPrice: 0.5,
    window: 6 * SAMPLE_RATE,
    stallHold: 7 * SAMPLE_RATE,
    hiccup: 150,
    spared: 1,
  },
  {
    preference: 1,
    price: 1000,
    bridgedPrice: 100,
    window: 10 * SAMPLE_RATE,
    stallHold: 60 * SAMPLE_RATE,
    hiccup: 0,
    spared: 0,
  },
];

/**
 * Chooses the target delay of a stream from the arrivals of its frames. Delays here are transits: playout clock minus RTP timestamp,
 * less what the sender held back on purpose (a pre-roll is played late and caught up, not provided for).
 * Pure: all time is a parameter. Nothing allocates after construction except `configure`.
 */
export class DelayManager {
  readonly #window = new TransitWindow();
  readonly #stalls = new StallHistory();
  #settings: JitterBufferSettings;
  #policy: Policy;
  /** Delay above the smallest transit that would be chosen without the user's bounds, samples: one number. */
  readonly unboundedDelay = new Float64Array(1);
  #firstArrival = -1;
  #minimum = 0;
  #bound = 0;
  #raised = 0;

  constructor(settings: JitterBufferSettings) {
    this.#settings = settings;
    this.#policy = policyFor(settings.preference);
  }

  /** Applies new settings at once; the target follows with the next read. */
  configure(settings: JitterBufferSettings): void {
    if (settings.mode !== this.#settings.mode) this.#raised = 0;
    this.#settings = settings;
    this.#policy = policyFor(settings.preference);
  }

  /**
   * Takes the moment at which a frame first became available, be it as itself, as a redundant copy or as in-band FEC.
   *
   * @param now playout clock at the arrival, samples
   * @param sentAt unwrapped media time of the frame, and the time for which the sender held it back on purpose
   * @param isPrimary whether it came as itself: a copy comes later because it lies in a later packet, not because of a stall
   */
  onAvailable(now: Samples, sentAt: Samples, isPrimary = true): void {
    if (this.#firstArrival < 0) this.#firstArrival = now;
    const transit = now - sentAt;
    this.#window.expireBefore(now - this.#policy.window);
    const isKnown = this.#window.count > 0;
    if (isKnown && isPrimary && this.#stalls.isHeldBack(now, sentAt, this.#minimum, this.#bound)) return;
    if (!isPrimary && this.#stalls.isInBurst(now, sentAt)) return;
    this.#window.add(now, transit);
    this.#minimum = this.#window.minimum;
    const { price, bridgedPrice } = this.#policy;
    const percent = millisecondsToSamples(100);
    this.#bound = this.#window.cheapest(price * percent, bridgedPrice * percent, millisecondsToSamples(BRIDGED_MS));
  }

  /** Smallest transit of late: the delay of a path without jitter. */
  get minimumTransit(): Samples {
    return this.#minimum;
  }

  /** Transit at which frames should be played now. */
  target(now: Samples): Samples {
    return Math.round(this.#minimum + this.#buffering(now));
  }

  /** Longest delay above the smallest transit that the settings allow. */
  get longestDelay(): Samples {
    const { mode, targetMs, minMs, maxMs } = this.#settings;
    return millisecondsToSamples(mode === "manual" ? targetMs : Math.max(minMs, maxMs));
  }

  /** Share of the recent frames that came later than `transit`, 0…1. */
  lateShare(transit: Samples): number {
    return this.#window.count === 0 ? 0 : this.#window.countAbove(transit) / this.#window.count;
  }

  /** Forgets the path; the settings stay. */
  reset(): void {
    this.#window.clear();
    this.#stalls.clear();
    this.#firstArrival = -1;
    this.#raised = 0;
  }

  /** Target above the smallest transit, within the settings. */
  #buffering(now: Samples): Samples {
    const { mode, targetMs, minMs, maxMs } = this.#settings;
    const unbounded = this.#wanted(now);
    this.unboundedDelay[0] = unbounded;
    if (mode === "manual") return millisecondsToSamples(targetMs);
    const low = millisecondsToSamples(minMs);
    const high = Math.max(low, millisecondsToSamples(maxMs));
    const wanted = Math.min(high, Math.max(low, unbounded));
    if (mode === "auto") return wanted;
    this.#raised = Math.min(high, Math.max(this.#raised, wanted));
    return this.#raised;
  }

  #wanted(now: Samples): Samples {
    const { stallHold, hiccup, spared } = this.#policy;
    const age = now - this.#firstArrival;
    let wanted = this.#bound - this.#minimum;
    if (age < START_TIME) wanted = Math.max(wanted, millisecondsToSamples(START_MARGIN_MS) * (1 - age / START_TIME));
    if (stallHold > 0) {
      // A path that stalls again and again is provided for longer than one that did it once.
      const isHabit = this.#stalls.countSince(now - HABIT_TIME) >= HABIT;
      const hold = isHabit ? 2 * stallHold : stallHold;
      const limit = this.#minimum + HOPELESS * this.longestDelay;
      const peak = this.#stalls.peakSince(now - hold, limit, spared);
      const isHiccup = peak - this.#bound < millisecondsToSamples(hiccup) && this.#stalls.countSince(now - hold) < 2;
      const provided = (peak - this.#minimum) * (1 - STRETCHED_SHARE * spared);
      if (!isHiccup) wanted = Math.max(wanted, provided);
    }
    return wanted;
  }
}

function policyFor(preference: number): Policy {
  for (let i = 1; i < POLICIES.length; i++) {
    const below = POLICIES[i - 1];
    const above = POLICIES[i];
    if (below === undefined || above === undefined || preference > above.preference) continue;
    const share = (preference - below.preference) / (above.preference - below.preference);
    return {
      price: mix(below.price, above.price, share),
      bridgedPrice: mix(below.bridgedPrice, above.bridgedPrice, share),
      window: mix(below.window, above.window, share),
      stallHold: mix(below.stallHold, above.stallHold, share),
      hiccup: mix(below.hiccup, above.hiccup, share),
      spared: mix(below.spared, above.spared, share),
    };
  }
  throw new RangeError(`Cannot use a jitter buffer preference of ${preference}: it is not between 0 and 1`);
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * Math.max(0, share);
}
