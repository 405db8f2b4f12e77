import Peer, { type DataConnection, type PeerJSOption } from "peerjs";
import { TypedEventTarget } from "../typed-event-target.ts";
import { VoiceError } from "../voice-error.ts";
import { SignalFilter } from "./signal-filter.ts";
import { NO_CONNECTION, type PrivateSignal } from "./signal-message.ts";
import { BeaconTakenError, type SignallingState } from "./transport.ts";

/** First and longest pause between attempts to reach the server again, in milliseconds. */
const BACKOFF_MS = { first: 250, factor: 1.7, longest: 4000 } as const;

/** How often this side sends itself a message through the server, and how long it may take, in milliseconds. */
const ECHO_MS = 4000;

/** How long the server may take to open, in milliseconds. */
const OPEN_MS = 8000;

/** Where the signalling server is. */
export type SignallingAddress = {
  readonly host: string;
  readonly port: number;
  /** Mount path of PeerServer, "/peerjs" by default. */
  readonly path?: string;
  readonly secure?: boolean;
  readonly key?: string;
};

/** Events of a `SignallingClient`. */
export type SignallingClientEvents = {
  /** Somebody opens a connection to this id; it is not open yet. */
  readonly connection: { readonly connection: DataConnection };
  readonly state: { readonly state: SignallingState };
  readonly private: { readonly src: string; readonly connectionId: string; readonly signal: PrivateSignal };
  readonly "unknown-id": { readonly id: string };
  /** Another client got the id while this one was away. */
  readonly taken: object;
};

/**
 * One id at the signalling server, held by a PeerJS `Peer`: regained by itself after the server or the network was away,
 * deaf to malformed messages, and silent on the console.
 */
export class SignallingClient extends TypedEventTarget<SignallingClientEvents> {
  readonly id: string;
  readonly #peer: Peer;
  readonly #filter: SignalFilter;
  readonly #echoTimer: ReturnType<typeof setInterval>;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #backoffMs: number = BACKOFF_MS.first;
  #state: SignallingState = "reconnecting";
  #awaitedEcho: string | undefined;

  private constructor(id: string, peer: Peer) {
    super();
    this.id = id;
    this.#peer = peer;
    this.#filter = new SignalFilter((src, connectionId) => peer.getConnection(src, connectionId) !== null, Date.now());
    this.#filterMessages();
    peer.on("connection", (connection) => this.emit("connection", { connection }));
    peer.on("open", () => this.#opened());
    peer.on("disconnected", () => this.#disconnected());
    peer.on("error", (error) => {
      if (error.type === "unavailable-id") {
        this.emit("taken", {});
      }
    });
    this.#echoTimer = setInterval(() => this.#echo(), ECHO_MS);
    globalThis.addEventListener?.("online", this.#online);
  }

  /** Takes `id`. Rejects with `BeaconTakenError`, or VoiceError `signalling-unreachable`. */
  static async open(id: string, address: SignallingAddress, config: RTCConfiguration): Promise<SignallingClient> {
    const options: PeerJSOption = {
      host: address.host,
      port: address.port,
      path: address.path ?? "/peerjs",
      secure: address.secure ?? false,
      key: address.key ?? "peerjs",
      token: crypto.randomUUID(),
      debug: 0,
      config,
    };
    const client = new SignallingClient(id, new Peer(id, options));
    try {
      await client.#untilOpen(`${options.secure ? "https" : "http"}://${address.host}:${address.port}`);
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  get state(): SignallingState {
    return this.#state;
  }

  /** Messages of the server that were dropped for being malformed or too many. */
  get dropped(): number {
    return this.#filter.dropped;
  }

  /** Starts a connection to `remoteId`; undefined while the server is away. */
  connect(remoteId: string): DataConnection | undefined {
    if (this.#state !== "connected") {
      return undefined;
    }
    return this.#peer.connect(remoteId, { reliable: true, serialization: "raw", label: "control" });
  }

  /** Sends `signal` to `dst` through the server. Lost while the server is away. */
  send(dst: string, signal: PrivateSignal, connectionId: string = NO_CONNECTION): void {
    this.#peer.socket.send({ type: "CANDIDATE", dst, payload: { type: "data", connectionId, antiphon: signal } });
  }

  /** Sends an ICE candidate of an open connection the way PeerJS does. */
  sendCandidate(dst: string, connectionId: string, candidate: RTCIceCandidate): void {
    this.#peer.socket.send({ type: "CANDIDATE", dst, payload: { type: "data", connectionId, candidate } });
  }

  /** Gives the id back at once; connections made through it stay. */
  release(): void {
    this.#stop();
    this.#peer.disconnect();
  }

  /** Gives the id back and closes all connections made through it. Idempotent. */
  close(): void {
    this.#stop();
    this.#peer.destroy();
  }

  #stop(): void {
    clearInterval(this.#echoTimer);
    clearTimeout(this.#reconnectTimer);
    globalThis.removeEventListener?.("online", this.#online);
    this.#setState("closed");
  }

  #untilOpen(where: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const unreachable = (why: string): VoiceError =>
        new VoiceError("signalling-unreachable", `Cannot reach the signalling server at ${where}: ${why}`);
      const timer = setTimeout(() => reject(unreachable("it does not answer")), OPEN_MS);
      this.#peer.once("open", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#peer.once("error", (error) => {
        clearTimeout(timer);
        reject(error.type === "unavailable-id" ? new BeaconTakenError(this.id) : unreachable(error.message));
      });
    });
  }

  /** Puts the filter where PeerJS listens to its socket. */
  #filterMessages(): void {
    const { socket } = this.#peer;
    const handlers = socket.listeners("message") as ((message: unknown) => void)[];
    socket.removeAllListeners("message");
    socket.on("message", (message: unknown) => {
      const verdict = this.#filter.judge(message, Date.now());
      switch (verdict.type) {
        case "pass":
          for (const passed of verdict.messages) {
            for (const handler of handlers) {
              handler(passed);
            }
          }
          break;
        case "private":
          this.#private(verdict.src, verdict.connectionId, verdict.signal);
          break;
        case "unknown-id":
          this.emit("unknown-id", { id: verdict.id });
          break;
        case "drop":
          break;
        default:
          verdict satisfies never;
      }
    });
  }

  #private(src: string, connectionId: string, signal: PrivateSignal): void {
    if (signal.kind === "echo") {
      if (src === this.id && signal.nonce === this.#awaitedEcho) {
        this.#awaitedEcho = undefined;
      }
      return;
    }
    this.emit("private", { src, connectionId, signal });
  }

  #opened(): void {
    this.#backoffMs = BACKOFF_MS.first;
    this.#awaitedEcho = undefined;
    this.#setState("connected");
  }

  #disconnected(): void {
    if (this.#state === "closed") {
      return;
    }
    const wasConnected = this.#state === "connected";
    this.#setState("reconnecting");
    clearTimeout(this.#reconnectTimer);
    // Up to a quarter more, so that a restarted server does not see everybody in the same millisecond.
    const pauseMs = wasConnected ? Math.random() * BACKOFF_MS.first : this.#backoffMs * (1 + Math.random() / 4);
    this.#backoffMs = Math.min(BACKOFF_MS.longest, this.#backoffMs * BACKOFF_MS.factor);
    this.#reconnectTimer = setTimeout(() => this.#reconnect(), pauseMs);
  }

  readonly #online = (): void => {
    if (this.#state === "reconnecting") {
      clearTimeout(this.#reconnectTimer);
      this.#backoffMs = BACKOFF_MS.first;
      this.#reconnect();
    } else {
      this.#echo();
    }
  };

  #reconnect(): void {
    if (this.#state !== "closed" && this.#peer.disconnected && !this.#peer.destroyed) {
      this.#peer.reconnect();
      // The socket may open without the server ever answering.
      this.#reconnectTimer = setTimeout(() => this.#peer.disconnect(), OPEN_MS);
    }
  }

  /** A socket over a vanished network looks open for minutes; a message to oneself tells within seconds. */
  #echo(): void {
    if (this.#state !== "connected") {
      return;
    }
    if (this.#awaitedEcho !== undefined) {
      this.#peer.disconnect();
      return;
    }
    this.#awaitedEcho = crypto.randomUUID();
    this.send(this.id, { kind: "echo", nonce: this.#awaitedEcho });
  }

  #setState(state: SignallingState): void {
    if (state === "connected") {
      clearTimeout(this.#reconnectTimer);
    }
    if (this.#state !== state && this.#state !== "closed") {
      this.#state = state;
      this.emit("state", { state });
    }
  }
}
