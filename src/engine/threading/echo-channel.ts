import type { DatagramChannel } from "../transport/datagram-channel.ts";

/** A channel whose far end is its near end: everything sent comes back after a while, for the echo test. */
export class EchoChannel implements DatagramChannel {
  readonly bufferedAmount = 0;
  readonly #delayMs: number;
  readonly #onDatagram: (bytes: Uint8Array) => void;
  #isOpen = true;

  constructor(delayMs: number, onDatagram: (bytes: Uint8Array) => void) {
    this.#delayMs = delayMs;
    this.#onDatagram = onDatagram;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const copy = bytes.slice();
    setTimeout(() => {
      if (this.#isOpen) {
        this.#onDatagram(copy);
      }
    }, this.#delayMs);
  }

  close(): void {
    this.#isOpen = false;
  }
}
