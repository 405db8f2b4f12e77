import type { DataConnection } from "peerjs";
import { TypedEventTarget } from "../typed-event-target.ts";
import { VoiceError } from "../voice-error.ts";
import { PeerJsLink } from "./peerjs-link.ts";
import { type SignallingAddress, SignallingClient } from "./signalling-client.ts";
import type {
  Beacon,
  BeaconEvents,
  ConnectOptions,
  PeerLink,
  Presence,
  SignallingState,
  Transport,
  TransportEvents,
} from "./transport.ts";

/** How long a connection may take from the first message to an open channel, in milliseconds. */
const CONNECT_MS = 10_000;

/** The server says after about 0.7 s that it does not know an id; a living peer answers much sooner. */
const PROBE_MS = 1200;

/** Connections that others have begun and not finished, at the same time. */
const MAX_PENDING = 48;

/** A beacon's connections outlive it by this long, in milliseconds: newcomers are just being told where to go. */
const BEACON_LINGER_MS = 10_000;

/** How to reach others. */
export type PeerJsTransportOptions = {
  readonly signalling: SignallingAddress;
  /** STUN and TURN servers. None by default: host candidates only. */
  readonly iceServers?: readonly RTCIceServer[];
  /** Uses relayed candidates only, so that others never learn this side's addresses. Needs a TURN server. */
  readonly relayOnly?: boolean;
  /** This side's id; 128 random bits by default. */
  readonly id?: string;
};

/** Links over PeerJS: signalling by a PeerServer, data by WebRTC. Main thread of a browser. */
export class PeerJsTransport extends TypedEventTarget<TransportEvents> implements Transport {
  readonly #options: PeerJsTransportOptions;
  readonly #config: RTCConfiguration;
  readonly #client: SignallingClient;
  readonly #beacons = new Set<PeerJsBeacon>();

  private constructor(options: PeerJsTransportOptions, config: RTCConfiguration, client: SignallingClient) {
    super();
    this.#options = options;
    this.#config = config;
    this.#client = client;
    client.addEventListener("state", ({ state }) => this.emit("signalling", { state }));
    client.addEventListener("private", ({ src, signal }) => {
      if (signal.kind === "probe") {
        client.send(src, { kind: "alive", nonce: signal.nonce });
      }
    });
    acceptLinks(client, (link) => this.emit("link", { link }));
  }

  /** Registers at the signalling server. Rejects with VoiceError `signalling-unreachable` or `unsupported`. */
  static async open(options: PeerJsTransportOptions): Promise<PeerJsTransport> {
    if (typeof RTCPeerConnection === "undefined") {
      throw new VoiceError("unsupported", "Cannot connect to others: this browser has no WebRTC");
    }
    const config: RTCConfiguration = {
      iceServers: [...(options.iceServers ?? [])],
      iceTransportPolicy: options.relayOnly === true ? "relay" : "all",
    };
    const client = await SignallingClient.open(options.id ?? randomPeerId(), options.signalling, config);
    return new PeerJsTransport(options, config, client);
  }

  get localId(): string {
    return this.#client.id;
  }

  get signallingState(): SignallingState {
    return this.#client.state;
  }

  /** Malformed or excessive messages of the signalling server that were dropped. */
  get droppedSignals(): number {
    return this.#client.dropped;
  }

  async connect(remoteId: string, options: ConnectOptions = {}): Promise<PeerLink> {
    options.signal?.throwIfAborted();
    if (this.#client.state === "closed") {
      throw new VoiceError("closed", `Cannot connect to ${remoteId}: the transport is closed`);
    }
    const connection = this.#client.connect(remoteId);
    if (connection === undefined) {
      throw new VoiceError("signalling-unreachable", `Cannot connect to ${remoteId}: the signalling server is away`);
    }
    await untilOpen(connection, this.#client, options);
    return new PeerJsLink(connection, this.#client, true);
  }

  async claim(id: string): Promise<Beacon> {
    const client = await SignallingClient.open(id, this.#options.signalling, this.#config);
    const beacon = new PeerJsBeacon(client, () => this.#beacons.delete(beacon));
    this.#beacons.add(beacon);
    return beacon;
  }

  presence(remoteId: string): Promise<Presence> {
    const nonce = crypto.randomUUID();
    return new Promise((resolve) => {
      const done = new AbortController();
      const settle = (presence: Presence): void => {
        done.abort();
        clearTimeout(timer);
        resolve(presence);
      };
      const timer = setTimeout(() => settle("unknown"), PROBE_MS);
      const { signal } = done;
      this.#client.addEventListener("unknown-id", ({ id }) => id === remoteId && settle("absent"), { signal });
      this.#client.addEventListener(
        "private",
        (event) => {
          if (event.src === remoteId && event.signal.kind === "alive" && event.signal.nonce === nonce) {
            settle("present");
          }
        },
        { signal },
      );
      this.#client.send(remoteId, { kind: "probe", nonce });
    });
  }

  async close(): Promise<void> {
    for (const beacon of this.#beacons) {
      beacon.destroy();
    }
    this.#client.close();
  }
}

class PeerJsBeacon extends TypedEventTarget<BeaconEvents> implements Beacon {
  readonly id: string;
  readonly #client: SignallingClient;
  readonly #forget: () => void;
  #isOpen = true;

  constructor(client: SignallingClient, forget: () => void) {
    super();
    this.id = client.id;
    this.#client = client;
    this.#forget = forget;
    acceptLinks(client, (link) => this.emit("link", { link }));
    client.addEventListener("taken", () => this.#lost(), { once: true });
  }

  close(): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#client.release();
      setTimeout(() => this.destroy(), BEACON_LINGER_MS);
    }
  }

  /** Closes the connections that came through the beacon as well. */
  destroy(): void {
    this.#isOpen = false;
    this.#client.close();
    this.#forget();
  }

  #lost(): void {
    if (this.#isOpen) {
      this.close();
      this.emit("lost", { reason: "taken" });
    }
  }
}

/** Hands out the connections that others open to `client`, once they are open. */
function acceptLinks(client: SignallingClient, accept: (link: PeerLink) => void): void {
  let pending = 0;
  client.addEventListener("connection", ({ connection }) => {
    if (pending >= MAX_PENDING) {
      connection.close();
      return;
    }
    pending += 1;
    untilOpen(connection, client, {})
      .then(() => accept(new PeerJsLink(connection, client, false)))
      // Nobody waits for a connection that a stranger began and did not finish.
      .catch(() => connection.close())
      .finally(() => {
        pending -= 1;
      });
  });
}

/** Resolves when `connection` is open; closes it and rejects with `peer-unreachable` when that takes too long. */
async function untilOpen(connection: DataConnection, client: SignallingClient, options: ConnectOptions): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  const failed = (why: string): VoiceError =>
    new VoiceError("peer-unreachable", `Cannot connect to ${connection.peer}: ${why}`);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(failed("no path was found in time")), options.timeoutMs ?? CONNECT_MS);
      signal.addEventListener("abort", () => clearTimeout(timer));
      options.signal?.addEventListener("abort", () => reject(failed("it was cancelled")), { signal });
      client.addEventListener(
        "unknown-id",
        ({ id }) => id === connection.peer && reject(failed("nobody holds this id")),
        { signal },
      );
      connection.once("open", () => resolve());
      connection.once("close", () => reject(failed("it was closed")));
      connection.once("error", (error) => reject(failed(error.message)));
    });
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    done.abort();
  }
}

/** A PeerJS id of 128 random bits. */
export function randomPeerId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
