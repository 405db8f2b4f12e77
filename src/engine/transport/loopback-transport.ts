import { TypedEventTarget } from "../typed-event-target.ts";
import { VoiceError } from "../voice-error.ts";
import type { ChannelImpairment } from "./loopback-channel.ts";
import { LoopbackLink } from "./loopback-link.ts";
import {
  type Beacon,
  type BeaconEvents,
  BeaconTakenError,
  type ConnectOptions,
  type PeerLink,
  type Presence,
  type SignallingState,
  type Transport,
  type TransportEvents,
} from "./transport.ts";

type Listener = { accept(link: LoopbackLink): void; readonly isReachable: () => boolean };

/** The meeting place of loopback transports: what a signalling server and a network are to real ones. */
export class LoopbackNetwork {
  readonly #listeners = new Map<string, Listener>();
  readonly #impairment: ChannelImpairment | undefined;

  /** `impairment` decides loss and delay of every voice datagram; without it they arrive at once. */
  constructor(impairment?: ChannelImpairment) {
    this.#impairment = impairment;
  }

  /** Whether anyone holds `id`. */
  has(id: string): boolean {
    return this.#listeners.has(id);
  }

  /** Registers `listener` under `id`; false when the id is taken. */
  register(id: string, listener: Listener): boolean {
    if (this.#listeners.has(id)) {
      return false;
    }
    this.#listeners.set(id, listener);
    return true;
  }

  /** Frees `id`. */
  unregister(id: string): void {
    this.#listeners.delete(id);
  }

  /** Opens a link from `callerId` to whoever holds `calledId`; undefined when nobody does. */
  dial(callerId: string, calledId: string): LoopbackLink | undefined {
    const listener = this.#listeners.get(calledId);
    if (listener === undefined || !listener.isReachable()) {
      return undefined;
    }
    const [caller, called] = LoopbackLink.pair(callerId, calledId, this.#impairment);
    queueMicrotask(() => listener.accept(called));
    return caller;
  }
}

/** A transport inside one JavaScript realm, for tests, echo rooms and embedding without a network. */
export class LoopbackTransport extends TypedEventTarget<TransportEvents> implements Transport {
  readonly localId: string;
  readonly #network: LoopbackNetwork;
  readonly #links = new Set<LoopbackLink>();
  readonly #beacons = new Set<LoopbackBeacon>();
  #isOffline = false;
  #signallingState: SignallingState = "connected";

  constructor(network: LoopbackNetwork, localId: string) {
    super();
    this.localId = localId;
    this.#network = network;
    const isReachable = (): boolean => !this.#isOffline;
    if (!network.register(localId, { accept: (link) => this.#accept(link), isReachable })) {
      throw new RangeError(`The loopback id ${localId} is in use`);
    }
  }

  get signallingState(): SignallingState {
    return this.#signallingState;
  }

  async connect(remoteId: string, options: ConnectOptions = {}): Promise<PeerLink> {
    options.signal?.throwIfAborted();
    if (this.#signallingState === "closed") {
      throw new VoiceError("closed", `Cannot connect to ${remoteId}: the transport is closed`);
    }
    if (this.#isOffline) {
      throw new VoiceError("signalling-unreachable", `Cannot connect to ${remoteId}: the signalling server is away`);
    }
    const link = this.#network.dial(this.localId, remoteId);
    if (link === undefined) {
      throw new VoiceError("peer-unreachable", `Cannot connect to ${remoteId}: nobody answers under this id`);
    }
    this.#keep(link);
    return link;
  }

  async claim(id: string): Promise<Beacon> {
    if (this.#isOffline) {
      throw new VoiceError("signalling-unreachable", `Cannot hold ${id}: the signalling server is away`);
    }
    const beacon = new LoopbackBeacon(id, this.#network);
    const isReachable = (): boolean => !this.#isOffline;
    if (!this.#network.register(id, { accept: (link) => beacon.accept(link), isReachable })) {
      throw new BeaconTakenError(id);
    }
    this.#beacons.add(beacon);
    return beacon;
  }

  async presence(remoteId: string): Promise<Presence> {
    if (this.#isOffline) {
      return "unknown";
    }
    return this.#network.has(remoteId) ? "present" : "absent";
  }

  async close(): Promise<void> {
    if (this.#signallingState === "closed") {
      return;
    }
    this.#signallingState = "closed";
    this.#network.unregister(this.localId);
    for (const beacon of this.#beacons) {
      beacon.close();
    }
    for (const link of this.#links) {
      link.close();
    }
    this.emit("signalling", { state: "closed" });
  }

  /** Loses the signalling server, or finds it again. Links and ids stay. */
  setOffline(isOffline: boolean): void {
    this.#isOffline = isOffline;
    this.#signallingState = isOffline ? "reconnecting" : "connected";
    this.emit("signalling", { state: this.#signallingState });
  }

  /** Loses everything that is sent over links as well, or lets it through again. */
  setCutOff(isCutOff: boolean): void {
    this.setOffline(isCutOff);
    for (const link of this.#links) {
      if (isCutOff) {
        link.sever();
      } else {
        link.mend();
      }
    }
  }

  /** Stops as a killed page does: nobody is told, nothing answers any more. */
  vanish(): void {
    this.#signallingState = "closed";
    this.#network.unregister(this.localId);
    for (const beacon of this.#beacons) {
      beacon.close();
    }
    for (const link of this.#links) {
      link.sever();
    }
  }

  #accept(link: LoopbackLink): void {
    this.#keep(link);
    this.emit("link", { link });
  }

  #keep(link: LoopbackLink): void {
    this.#links.add(link);
    link.addEventListener("closed", () => this.#links.delete(link), { once: true });
  }
}

class LoopbackBeacon extends TypedEventTarget<BeaconEvents> implements Beacon {
  readonly id: string;
  readonly #network: LoopbackNetwork;
  #isOpen = true;

  constructor(id: string, network: LoopbackNetwork) {
    super();
    this.id = id;
    this.#network = network;
  }

  accept(link: LoopbackLink): void {
    this.emit("link", { link });
  }

  close(): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#network.unregister(this.id);
    }
  }
}
