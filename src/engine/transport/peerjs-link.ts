import type { DataConnection } from "peerjs";
import { type ListenerOptions, type TypedEvent, TypedEventTarget } from "../typed-event-target.ts";
import { VoiceError } from "../voice-error.ts";
import { createBulkChannel, createVoiceChannel } from "./data-channels.ts";
import { IceRestart } from "./ice-restart.ts";
import { MessageBacklog } from "./message-backlog.ts";
import { RtcSideConnection } from "./rtc-side-connection.ts";
import { sdpFingerprint } from "./sdp-fingerprint.ts";
import type { SideConnection, SideConnectionKind, SideSignal } from "./side-connection.ts";
import type { SignallingClient } from "./signalling-client.ts";
import type { LinkCloseReason, LinkFingerprints, PeerLink, PeerLinkEvents, PeerLinkState } from "./transport.ts";

/** The largest control message, in bytes or UTF-16 units. */
const MAX_MESSAGE = 16 * 1024;

/**
 * An open PeerJS data connection as a link. From here on the peer connection is ours: PeerJS would give up for good at
 * the first ICE failure, and stops sending candidates once connected.
 */
export class PeerJsLink extends TypedEventTarget<PeerLinkEvents> implements PeerLink {
  readonly remoteId: string;
  readonly isInitiator: boolean;
  readonly #connection: DataConnection;
  readonly #pc: RTCPeerConnection;
  readonly #fingerprints: LinkFingerprints;
  readonly #restart: IceRestart;
  readonly #backlog = new MessageBacklog((data) => this.emit("message", { data }));
  readonly #listening = new AbortController();
  #state: PeerLinkState = "connected";

  /** `connection` is open. Throws VoiceError `peer-unreachable` when its certificates cannot be told. */
  constructor(connection: DataConnection, client: SignallingClient, isInitiator: boolean) {
    super();
    const pc = connection.peerConnection;
    const local = sdpFingerprint(pc.localDescription?.sdp ?? "");
    const remote = sdpFingerprint(pc.remoteDescription?.sdp ?? "");
    if (local === undefined || remote === undefined) {
      throw new VoiceError("peer-unreachable", `Cannot verify the connection to ${connection.peer}: no certificate`);
    }
    this.remoteId = connection.peer;
    this.isInitiator = isInitiator;
    this.#connection = connection;
    this.#pc = pc;
    this.#fingerprints = { local, remote };
    this.#restart = new IceRestart({
      pc,
      client,
      remoteId: this.remoteId,
      connection,
      isInitiator,
      fingerprint: remote,
    });
    pc.oniceconnectionstatechange = () => this.#followIce();
    connection.on("data", (data) => this.#receive(data));
    connection.on("close", () => this.#end("remote"));
    client.addEventListener("private", (event) => this.#restart.handle(event), { signal: this.#listening.signal });
  }

  get state(): PeerLinkState {
    return this.#state;
  }

  get bufferedAmount(): number {
    return this.#state === "closed" ? 0 : this.#connection.dataChannel.bufferedAmount;
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
    if (this.#state !== "closed") {
      this.#connection.send(message);
    }
  }

  createVoiceChannel(): RTCDataChannel {
    return createVoiceChannel(this.#pc);
  }

  createBulkChannel(): RTCDataChannel {
    return createBulkChannel(this.#pc);
  }

  createSideConnection(kind: SideConnectionKind, send: (signal: SideSignal) => void): SideConnection {
    const { iceServers = [], iceTransportPolicy = "all" } = this.#pc.getConfiguration();
    return new RtcSideConnection({ iceServers, iceTransportPolicy }, kind, send);
  }

  fingerprints(): LinkFingerprints {
    return this.#fingerprints;
  }

  async restartIce(): Promise<void> {
    if (this.#state !== "closed") {
      await this.#restart.start();
    }
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#pc.getStats();
  }

  close(): void {
    this.#end("local");
  }

  #followIce(): void {
    switch (this.#pc.iceConnectionState) {
      case "connected":
      case "completed":
        this.#setState("connected");
        break;
      case "disconnected":
      case "failed":
        this.#setState("interrupted");
        break;
      case "closed":
        this.#end("failed");
        break;
      default:
    }
  }

  #receive(data: unknown): void {
    if (typeof data === "string" && data.length <= MAX_MESSAGE) {
      this.#backlog.push(data);
    } else if (data instanceof ArrayBuffer && data.byteLength <= MAX_MESSAGE) {
      this.#backlog.push(new Uint8Array(data));
    }
  }

  #setState(state: PeerLinkState): void {
    if (this.#state !== "closed" && this.#state !== state) {
      this.#state = state;
      this.emit("state", { state });
    }
  }

  #end(reason: LinkCloseReason): void {
    if (this.#state === "closed") {
      return;
    }
    this.#listening.abort();
    this.#setState("closed");
    this.#connection.close();
    this.emit("closed", { reason });
  }
}
