import { BULK_CHANNEL_ID, VOICE_CHANNEL_ID } from "./data-channels.ts";
import { type ChannelImpairment, LoopbackChannel } from "./loopback-channel.ts";
import type { SideConnection, SideConnectionKind, SideSignal } from "./side-connection.ts";

/** A side connection in memory: what stands for the description is the name under which the offer waits for its other end. */
export class LoopbackSideConnection implements SideConnection {
  static readonly #offers = new Map<string, LoopbackSideConnection>();
  static #nextOffer = 0;
  readonly channel: LoopbackChannel;
  readonly #send: (signal: SideSignal) => void;
  readonly #closed = new AbortController();
  #offerName: string | undefined;

  constructor(kind: SideConnectionKind, send: (signal: SideSignal) => void, impairment?: ChannelImpairment) {
    const isBulk = kind === "bulk";
    const id = isBulk ? BULK_CHANNEL_ID : VOICE_CHANNEL_ID;
    this.channel = new LoopbackChannel(kind, id, isBulk, isBulk ? undefined : impairment);
    this.channel.addEventListener("close", () => this.close(), { once: true });
    this.#send = send;
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  offer(): void {
    const name = `loopback ${LoopbackSideConnection.#nextOffer++}`;
    this.#offerName = name;
    LoopbackSideConnection.#offers.set(name, this);
    this.#send({ kind: "description", type: "offer", sdp: name });
  }

  handle(signal: SideSignal): void {
    if (signal.kind !== "description" || signal.type !== "offer" || this.closed.aborted) return;
    const other = LoopbackSideConnection.#offers.get(signal.sdp);
    if (other === undefined) return;
    LoopbackSideConnection.#offers.delete(signal.sdp);
    LoopbackChannel.join(this.channel, other.channel);
  }

  close(): void {
    if (this.closed.aborted) return;
    if (this.#offerName !== undefined) LoopbackSideConnection.#offers.delete(this.#offerName);
    this.#closed.abort();
    this.channel.close();
  }
}
