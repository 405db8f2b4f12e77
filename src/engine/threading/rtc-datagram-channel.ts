import type { DatagramChannel } from "../transport/datagram-channel.ts";

/** What the owner of a datagram channel is told. */
export type DatagramChannelListener = {
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onDatagram: (bytes: Uint8Array) => void;
};

/** An RTCDataChannel as the voice router sees it. Made on the thread that owns the channel. */
export class RtcDatagramChannel implements DatagramChannel {
  readonly #channel: RTCDataChannel;
  readonly #lifetime = new AbortController();
  #wasOpen = false;

  constructor(channel: RTCDataChannel, listener: DatagramChannelListener) {
    this.#channel = channel;
    channel.binaryType = "arraybuffer";
    const { signal } = this.#lifetime;
    const open = (): void => {
      if (!this.#wasOpen) {
        this.#wasOpen = true;
        listener.onOpen();
      }
    };
    channel.addEventListener("open", open, { signal });
    channel.addEventListener("close", listener.onClose, { signal });
    channel.addEventListener(
      "message",
      ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) {
          listener.onDatagram(new Uint8Array(data));
        }
      },
      { signal },
    );
    // Firefox may deliver a transferred channel that is open already and fires no event any more.
    if (channel.readyState === "open") {
      open();
    }
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount;
  }

  get isOpen(): boolean {
    return this.#channel.readyState === "open";
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#channel.send(bytes);
  }

  /** Closes the channel without telling the listener. Idempotent. */
  close(): void {
    this.#lifetime.abort();
    this.#channel.close();
  }
}
