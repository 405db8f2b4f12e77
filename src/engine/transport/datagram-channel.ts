/** An unreliable, unordered channel to one peer: what the router needs of an RTCDataChannel. */
export interface DatagramChannel {
  /** Sends one datagram; the bytes are copied before it returns. May throw when the channel is closing. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Bytes given to the channel that the network has not taken yet. */
  readonly bufferedAmount: number;
  readonly isOpen: boolean;
  /** Whether there can be no other channel to the same peer, such as where the peer is this engine. */
  readonly isSingle?: boolean;
}
