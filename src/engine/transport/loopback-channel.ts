/** Decides the fate of one message: the delay in milliseconds until it arrives, or undefined when it is lost. */
export type ChannelImpairment = (bytes: number) => number | undefined;

type ChannelHandler<E extends Event> = ((this: RTCDataChannel, event: E) => unknown) | null;

/**
 * One end of an in-memory data channel. It behaves like an open RTCDataChannel to its user, except that it cannot be
 * transferred to a worker: `postMessage` rejects it with DataCloneError, as browsers without transferable channels do.
 */
export class LoopbackChannel extends EventTarget implements RTCDataChannel {
  readonly id: number;
  readonly label: string;
  readonly maxPacketLifeTime = null;
  readonly maxRetransmits: number | null;
  readonly negotiated = true;
  readonly ordered: boolean;
  readonly protocol = "";
  readonly bufferedAmount = 0;
  binaryType: BinaryType = "arraybuffer";
  bufferedAmountLowThreshold = 0;
  onbufferedamountlow: ChannelHandler<Event> = null;
  onclose: ChannelHandler<Event> = null;
  onclosing: ChannelHandler<Event> = null;
  onerror: ChannelHandler<RTCErrorEvent> = null;
  onmessage: ChannelHandler<MessageEvent> = null;
  onopen: ChannelHandler<Event> = null;
  readonly #impairment: ChannelImpairment | undefined;
  #partner: LoopbackChannel | undefined;
  #readyState: RTCDataChannelState = "connecting";

  constructor(label: string, id: number, reliable: boolean, impairment?: ChannelImpairment) {
    super();
    this.label = label;
    this.id = id;
    this.ordered = reliable;
    this.maxRetransmits = reliable ? null : 0;
    this.#impairment = impairment;
  }

  get readyState(): RTCDataChannelState {
    return this.#readyState;
  }

  /** Joins two ends; both open in a later microtask. */
  static join(a: LoopbackChannel, b: LoopbackChannel): void {
    a.#partner = b;
    b.#partner = a;
    queueMicrotask(() => {
      a.#open();
      b.#open();
    });
  }

  send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
    if (this.#readyState !== "open") {
      throw new DOMException("The channel is not open", "InvalidStateError");
    }
    const copy = copyOf(data);
    const bytes = typeof copy === "string" ? copy.length : copy.byteLength;
    const delayMs = this.#impairment === undefined ? 0 : this.#impairment(bytes);
    if (delayMs === undefined) {
      return;
    }
    const partner = this.#partner;
    if (partner === undefined) {
      return;
    }
    if (delayMs === 0) {
      queueMicrotask(() => partner.#receive(copy));
    } else {
      setTimeout(() => partner.#receive(copy), delayMs);
    }
  }

  close(): void {
    const partner = this.#partner;
    this.#partner = undefined;
    this.#closed();
    if (partner !== undefined) {
      queueMicrotask(() => partner.#closed());
    }
  }

  #open(): void {
    if (this.#readyState === "connecting") {
      this.#readyState = "open";
      this.#fire(new Event("open"), this.onopen);
    }
  }

  #receive(data: string | ArrayBuffer): void {
    if (this.#readyState === "open") {
      this.#fire(new MessageEvent("message", { data }), this.onmessage);
    }
  }

  #closed(): void {
    if (this.#readyState !== "closed") {
      this.#readyState = "closed";
      this.#fire(new Event("close"), this.onclose);
    }
  }

  #fire<E extends Event>(event: E, handler: ChannelHandler<E>): void {
    handler?.call(this, event);
    this.dispatchEvent(event);
  }
}

function copyOf(data: string | Blob | ArrayBuffer | ArrayBufferView): string | ArrayBuffer {
  if (typeof data === "string") {
    return data;
  }
  if (data instanceof ArrayBuffer) {
    return data.slice(0);
  }
  if (ArrayBuffer.isView(data)) {
    const copy = new Uint8Array(data.byteLength);
    copy.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return copy.buffer;
  }
  throw new TypeError("A loopback channel carries text and bytes, not blobs");
}
