import type { DatagramChannel } from "../../src/engine/transport/datagram-channel.ts";

/** A datagram channel whose far end is the test: it keeps what was sent and is as full as the test says. */
export class ManualChannel implements DatagramChannel {
  isOpen = true;
  bufferedAmount = 0;
  /** Makes `send` throw, as a channel does that closes under the caller. */
  isFailing = false;
  readonly sent: Uint8Array[] = [];

  send(bytes: Uint8Array): void {
    if (this.isFailing) throw new Error("InvalidStateError");
    this.sent.push(bytes.slice());
  }
}
