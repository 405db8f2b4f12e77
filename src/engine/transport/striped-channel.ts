import type { Milliseconds } from "../media/units.ts";
import type { DatagramChannel } from "./datagram-channel.ts";

/** A channel on which nothing has come for this long while others are heard leads nowhere any more, ms: reports come on each in turn. */
const SILENT_MS: Milliseconds = 4000;

type Stripe = {
  readonly channel: DatagramChannel;
  /** When something last came on it; from its opening on it counts as heard. */
  heardAt: Milliseconds;
  wasOpen: boolean;
  isHeard: boolean;
};

/**
 * Several data channels to one peer as one: each datagram goes where least is waiting, in turn where that is equal. Every channel belongs to a
 * connection of its own, whose congestion window a lost packet shuts and a long path fills; together they carry a voice that one of them
 * would keep back. What arrives on any of them is the same to the listener. Pure. Allocates nothing but in `add` and `remove`.
 */
export class StripedChannel implements DatagramChannel {
  /**
   * Whether the channels are used in turn. Otherwise only the first is while nothing waits in it: on a narrow path each further one
   * costs acknowledgements.
   */
  isSpreading = true;
  readonly #stripes: Stripe[];
  #last = 0;

  constructor(first: DatagramChannel, now: Milliseconds) {
    this.#stripes = [stripeOf(first, now)];
  }

  /** Channels in use, open or not yet. */
  get count(): number {
    return this.#stripes.length;
  }

  /** Uses one more channel from the moment it is open. */
  add(channel: DatagramChannel, now: Milliseconds): void {
    if (this.#stripes.every((stripe) => stripe.channel !== channel)) this.#stripes.push(stripeOf(channel, now));
  }

  /** Uses a channel no more. The first one stays. */
  remove(channel: DatagramChannel): void {
    const index = this.#stripes.findIndex((stripe) => stripe.channel === channel);
    if (index > 0) this.#stripes.splice(index, 1);
  }

  /** Notes that something came on `channel`: it leads to the peer. */
  heard(channel: DatagramChannel, now: Milliseconds): void {
    for (const stripe of this.#stripes) if (stripe.channel === channel) stripe.heardAt = now;
  }

  /** Looks which channels lead to the peer. To be called several times a second. */
  tick(now: Milliseconds): void {
    for (const stripe of this.#stripes) {
      const { isOpen } = stripe.channel;
      if (isOpen && !stripe.wasOpen) stripe.heardAt = now;
      stripe.wasOpen = isOpen;
      stripe.isHeard = isOpen && now - stripe.heardAt < SILENT_MS;
    }
    // Silence on all of them is the path's or the peer's, and says nothing about one.
    if (this.#stripes.some(({ isHeard }) => isHeard)) return;
    for (const stripe of this.#stripes) stripe.isHeard = true;
  }

  get isOpen(): boolean {
    return this.#pick(this.isSpreading) >= 0;
  }

  /** Bytes before which the next datagram would have to wait. */
  get bufferedAmount(): number {
    return this.#stripes[this.#pick(this.isSpreading)]?.channel.bufferedAmount ?? 0;
  }

  /** Sends where least is waiting. @throws DOMException when no channel is open */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#send(bytes, this.isSpreading);
  }

  /** Sends on the channels in turn in any case: so each of them is heard by the peer. @throws DOMException like `send` */
  sendInTurn(bytes: Uint8Array<ArrayBuffer>): void {
    this.#send(bytes, true);
  }

  #send(bytes: Uint8Array<ArrayBuffer>, isInTurn: boolean): void {
    const index = this.#pick(isInTurn);
    const stripe = this.#stripes[index];
    if (stripe === undefined) throw new DOMException("No channel to the peer is open", "InvalidStateError");
    this.#last = index;
    stripe.channel.send(bytes);
  }

  /** Index of the open channel with the least waiting, from the one after the last used on; −1 for none. */
  #pick(isInTurn: boolean): number {
    const stripes = this.#stripes;
    const count = stripes.length;
    const start = isInTurn ? this.#last + 1 : 0;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let step = 0; step < count; step++) {
      const index = (start + step) % count;
      const stripe = stripes[index];
      if (stripe === undefined || !stripe.isHeard || !stripe.channel.isOpen) continue;
      const waiting = stripe.channel.bufferedAmount;
      if (waiting >= least) continue;
      best = index;
      least = waiting;
      if (waiting === 0) break;
    }
    return best;
  }
}

function stripeOf(channel: DatagramChannel, now: Milliseconds): Stripe {
  return { channel, heardAt: now, wasOpen: channel.isOpen, isHeard: true };
}
