import { type ListenerOptions, type TypedEvent, TypedEventTarget } from "../typed-event-target.ts";
import { BULK_CHANNEL_ID, VOICE_CHANNEL_ID } from "./data-channels.ts";
import { type ChannelImpairment, LoopbackChannel } from "./loopback-channel.ts";
import { LoopbackSideConnection } from "./loopback-side-connection.ts";
import { MessageBacklog } from "./message-backlog.ts";
import type { SideConnection, SideConnectionKind, SideSignal } from "./side-connection.ts";
import type { LinkCloseReason, LinkFingerprints, PeerLink, PeerLinkEvents, PeerLinkState } from "./transport.ts";

/** One end of an in-memory link. Made in pairs by `LoopbackLink.pair`. */
export class LoopbackLink extends TypedEventTarget<PeerLinkEvents> implements PeerLink {
  readonly remoteId: string;
  readonly isInitiator: boolean;
  readonly bufferedAmount = 0;
  readonly #fingerprints: LinkFingerprints;
  readonly #impairment: ChannelImpairment | undefined;
  readonly #channels = new Map<number, LoopbackChannel>();
  readonly #backlog = new MessageBacklog((data) => this.emit("message", { data }));
  #partner: LoopbackLink | undefined;
  #state: PeerLinkState = "connected";
  #isSevered = false;

  private constructor(
    remoteId: string,
    isInitiator: boolean,
    prints: LinkFingerprints,
    impairment?: ChannelImpairment,
  ) {
    super();
    this.remoteId = remoteId;
    this.isInitiator = isInitiator;
    this.#fingerprints = prints;
    this.#impairment = impairment;
  }

  /** Both ends of a new link: the first for the side that dialled `calledId`, the second for the side that answers. */
  static pair(
    callerId: string,
    calledId: string,
    impairment?: ChannelImpairment,
  ): readonly [LoopbackLink, LoopbackLink] {
    const callerPrint = fingerprintOf(callerId);
    const calledPrint = fingerprintOf(calledId);
    const caller = new LoopbackLink(calledId, true, { local: callerPrint, remote: calledPrint }, impairment);
    const called = new LoopbackLink(callerId, false, { local: calledPrint, remote: callerPrint }, impairment);
    caller.#partner = called;
    called.#partner = caller;
    return [caller, called];
  }

  get state(): PeerLinkState {
    return this.#state;
  }

  override addEventListener<Type extends keyof PeerLinkEvents>(
    type: Type,
    listener: (event: TypedEvent<PeerLinkEvents[Type]>) => void,
    options?: ListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
    if (type === "message") {
      queueMicrotask(() => this.#backlog.release());
    }
  }

  send(message: string | Uint8Array): void {
    const partner = this.#partner;
    if (this.#state === "closed" || partner === undefined) {
      return;
    }
    const data = typeof message === "string" ? message : message.slice();
    if (this.#isSevered) {
      return;
    }
    queueMicrotask(() => {
      if (partner.#state !== "closed") {
        partner.#backlog.push(data);
      }
    });
  }

  createVoiceChannel(): RTCDataChannel {
    return this.#createChannel("voice", VOICE_CHANNEL_ID, false);
  }

  createBulkChannel(): RTCDataChannel {
    return this.#createChannel("bulk", BULK_CHANNEL_ID, true);
  }

  createSideConnection(kind: SideConnectionKind, send: (signal: SideSignal) => void): SideConnection {
    return new LoopbackSideConnection(kind, send, this.#impairment);
  }

  fingerprints(): LinkFingerprints {
    return this.#fingerprints;
  }

  async restartIce(): Promise<void> {
    await Promise.resolve();
  }

  async getStats(): Promise<RTCStatsReport> {
    return new Map() as RTCStatsReport;
  }

  /** Loses everything that is sent from now on, in both directions, without telling either side. `mend` undoes it. */
  sever(): void {
    this.#setSevered(true);
  }

  /** Lets messages through again. */
  mend(): void {
    this.#setSevered(false);
  }

  close(): void {
    const partner = this.#partner;
    this.#partner = undefined;
    this.#end("local");
    if (partner !== undefined && !this.#isSevered) {
      queueMicrotask(() => partner.#end("remote"));
    }
  }

  #setSevered(isSevered: boolean): void {
    this.#isSevered = isSevered;
    if (this.#partner !== undefined) {
      this.#partner.#isSevered = isSevered;
    }
  }

  #createChannel(label: string, id: number, reliable: boolean): LoopbackChannel {
    if (this.#channels.has(id)) {
      throw new TypeError(`The ${label} channel of this link exists already`);
    }
    const channel = new LoopbackChannel(label, id, reliable, reliable ? undefined : this.#impairment);
    this.#channels.set(id, channel);
    const other = this.#partner === undefined ? undefined : this.#partner.#channels.get(id);
    if (other !== undefined) {
      LoopbackChannel.join(channel, other);
    }
    return channel;
  }

  #end(reason: LinkCloseReason): void {
    if (this.#state === "closed") {
      return;
    }
    this.#state = "closed";
    this.#partner = undefined;
    for (const channel of this.#channels.values()) {
      channel.close();
    }
    this.emit("state", { state: "closed" });
    this.emit("closed", { reason });
  }
}

/** A stand-in for a certificate fingerprint: unlike for unlike ids, equal on both ends of a link. */
function fingerprintOf(id: string): string {
  let hash = 2166136261;
  const bytes: string[] = [];
  for (let index = 0; index < 32; index += 1) {
    for (let at = 0; at < id.length; at += 1) {
      hash = Math.imul(hash ^ id.charCodeAt(at) ^ index, 16777619);
    }
    bytes.push(((hash >>> 16) & 0xff).toString(16).padStart(2, "0").toUpperCase());
  }
  return bytes.join(":");
}
