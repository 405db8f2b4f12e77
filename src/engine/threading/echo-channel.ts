import { Impairment, type ImpairmentProfile, UDP_OVERHEAD_BYTES } from "../measurement/impairment.ts";
import type { RandomSource } from "../media/random.ts";
import type { Milliseconds } from "../media/units.ts";
import { isFeedbackDatagram } from "../packet/feedback-report.ts";
import type { DatagramChannel } from "../transport/datagram-channel.ts";
import { LOWER_LAYER_BYTES } from "../transport/stream-sender.ts";

/** What became of the voice packets of an echo link, as the network saw it. */
export type EchoPathCounters = {
  readonly offered: number;
  readonly delivered: number;
  /** Lost at random, in a burst or in an outage. */
  readonly lost: number;
  /** Did not fit the queue of the bottleneck. */
  readonly queueDrops: number;
};

/** What an echo channel is made of. */
export type EchoChannelOptions = {
  readonly profile: ImpairmentProfile;
  readonly random: RandomSource;
  /** Any monotonic clock, ms. */
  readonly now: () => Milliseconds;
  /** Runs a task later. */
  readonly schedule: (task: () => void, delayMs: Milliseconds) => void;
  readonly onDatagram: (bytes: Uint8Array) => void;
};

/**
 * A channel whose far end is its near end: everything sent comes back after a while, for the echo test and the network lab. Voice
 * takes the way there and feedback the way back, each impaired like the profile, so that a round trip crosses the network twice.
 */
export class EchoChannel implements DatagramChannel {
  readonly bufferedAmount = 0;
  readonly isSingle = true;
  readonly #options: EchoChannelOptions;
  readonly #there: Impairment;
  readonly #back: Impairment;
  #isOpen = true;

  constructor(options: EchoChannelOptions) {
    const { profile, random, now } = options;
    this.#options = options;
    this.#there = new Impairment(profile, random, now());
    this.#back = new Impairment(profile, random, now());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What happened to voice on the way there. */
  get counters(): EchoPathCounters {
    const { offered, delivered, lost, queueDrops } = this.#there.counters;
    return { offered, delivered, lost, queueDrops };
  }

  /** Changes the network from the next datagram on; what is under way arrives as it would have. */
  setProfile(profile: ImpairmentProfile): void {
    const now = this.#options.now();
    for (const direction of [this.#there, this.#back]) {
      direction.profile = profile;
      direction.restart(now);
    }
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const { now, schedule, onDatagram } = this.#options;
    const copy = bytes.slice();
    const direction = isFeedbackDatagram(copy, copy.length) ? this.#back : this.#there;
    const at = now();
    // The impaired path adds IP and UDP headers by itself.
    for (const arrival of direction.offer(copy.length + LOWER_LAYER_BYTES - UDP_OVERHEAD_BYTES, at)) {
      schedule(() => {
        if (this.#isOpen) onDatagram(copy);
      }, arrival - at);
    }
  }

  close(): void {
    this.#isOpen = false;
  }
}
