import type { DatagramChannel } from "./datagram-channel.ts";

/**
 * Several data channels to one peer as one: each datagram goes where least is waiting, in turn where that is equal. Every channel belongs to a
 * connection of its own, whose congestion window a lost packet shuts and a long path fills; together they carry a voice that one of them
 * would keep back. What arrives on any of them is the same to the listener. Allocates nothing but in `add` and `remove`.
 */
export class StripedChannel implements DatagramChannel {
  /**
   * Whether the channels are used in turn. Otherwise only the first is while nothing waits in it: on a narrow path each further one
   * costs acknowledgements.
   */
  isSpreading = true;
  readonly #channels: DatagramChannel[];
  #last = 0;

  constructor(first: DatagramChannel) {
    this.#channels = [first];
  }

  /** Channels in use, open or not yet. */
  get count(): number {
    return this.#channels.length;
  }

  /** Uses one more channel from the moment it is open. */
  add(channel: DatagramChannel): void {
    if (!this.#channels.includes(channel)) this.#channels.push(channel);
  }

  /** Uses a channel no more. The first one stays. */
  remove(channel: DatagramChannel): void {
    const index = this.#channels.indexOf(channel);
    if (index > 0) this.#channels.splice(index, 1);
  }

  get isOpen(): boolean {
    return this.#pick() !== undefined;
  }

  /** Bytes before which the next datagram would have to wait. */
  get bufferedAmount(): number {
    return this.#pick()?.bufferedAmount ?? 0;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const channel = this.#pick();
    // As a channel does that is not open.
    if (channel === undefined) throw new DOMException("No channel to the peer is open", "InvalidStateError");
    this.#last = this.#channels.indexOf(channel);
    channel.send(bytes);
  }

  /** The open channel with the least waiting, from the one after the last used on. */
  #pick(): DatagramChannel | undefined {
    const channels = this.#channels;
    const count = channels.length;
    const start = this.isSpreading ? this.#last + 1 : 0;
    let best: DatagramChannel | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let step = 0; step < count; step++) {
      const channel = channels[(start + step) % count];
      if (channel === undefined || !channel.isOpen) continue;
      const waiting = channel.bufferedAmount;
      if (waiting >= least) continue;
      best = channel;
      least = waiting;
      if (waiting === 0) break;
    }
    return best;
  }
}
