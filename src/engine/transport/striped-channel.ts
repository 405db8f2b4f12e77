import type { DatagramChannel } from "./datagram-channel.ts";

/**
 * So many datagrams for each channel come on the others before one that nothing came on is taken to lead nowhere: a peer uses all in turn,
 * at least for its reports.
 */
const MISSED = 20;

type Stripe = {
  readonly channel: DatagramChannel;
  /** How many datagrams had come on all channels when one last came on this. */
  heardAt: number;
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
  /** Channels used at most, the first ones: the user may want fewer than there are. */
  limit = Number.POSITIVE_INFINITY;
  readonly #stripes: Stripe[];
  #heard = 0;
  #last = 0;

  constructor(first: DatagramChannel) {
    this.#stripes = [{ channel: first, heardAt: 0 }];
  }

  /** Whether further channels can be added. */
  get canGrow(): boolean {
    return this.#stripes[0]?.channel.isSingle !== true;
  }

  /** Channels in use, open or not yet. */
  get count(): number {
    return this.#stripes.length;
  }

  /** Uses one more channel from the moment it is open. */
  add(channel: DatagramChannel): void {
    if (this.#stripes.some((stripe) => stripe.channel === channel)) return;
    this.#stripes.push({ channel, heardAt: this.#heard });
  }

  /** Uses a channel no more. The first one stays. */
  remove(channel: DatagramChannel): void {
    const index = this.#stripes.findIndex((stripe) => stripe.channel === channel);
    if (index > 0) this.#stripes.splice(index, 1);
  }

  /** Notes that something came on `channel`: it leads to the peer. */
  heard(channel: DatagramChannel): void {
    this.#heard++;
    // One that is not open yet cannot have missed anything.
    for (const stripe of this.#stripes) {
      if (stripe.channel === channel || !stripe.channel.isOpen) stripe.heardAt = this.#heard;
    }
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

  /**
   * Index of the open channel with the least waiting, from the one after the last used on; −1 for none. One on which nothing comes while
   * much comes on the others is left out; when it is the only one that is open, it is used all the same.
   */
  #pick(isInTurn: boolean): number {
    const stripes = this.#stripes;
    const count = Math.min(stripes.length, this.limit);
    const start = isInTurn ? this.#last + 1 : 0;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    let silent = -1;
    for (let step = 0; step < count; step++) {
      const index = (start + step) % count;
      const stripe = stripes[index];
      if (stripe === undefined || !stripe.channel.isOpen) continue;
      if (this.#heard - stripe.heardAt > MISSED * count) {
        silent = index;
        continue;
      }
      const waiting = stripe.channel.bufferedAmount;
      if (waiting >= least) continue;
      best = index;
      least = waiting;
      if (waiting === 0) break;
    }
    return best >= 0 ? best : silent;
  }
}
