import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { CLEAN_PROFILE, Impairment, type ImpairmentProfile } from "../../src/engine/measurement/impairment.ts";
import { seededRandom } from "../../src/engine/media/random.ts";

/** Which of the two sides of a call a datagram goes to. */
export type RelaySide = "near" | "far";

/** What went through the relay in one direction since it was asked last. */
export type RelayTraffic = {
  /** Bit/s that the sender put on the wire, UDP and IP headers included. */
  readonly bitrate: number;
  readonly packets: number;
  /** Packets that the impairment lost or that did not fit its queue. */
  readonly dropped: number;
};

/** IP and UDP headers, bytes. */
const HEADER_BYTES = 28;

/** A socket that stands for somebody: what is sent to it reaches `address`:`port`, on the side `side`. */
type Stand = {
  readonly socket: Socket;
  readonly side: RelaySide;
  readonly address: string;
  readonly port: number;
};

/** One direction: its impairment and what it has seen. */
class Direction {
  readonly impairment: Impairment;
  bytes = 0;
  packets = 0;
  dropped = 0;

  constructor(seed: number, now: number) {
    this.impairment = new Impairment(CLEAN_PROFILE, seededRandom(seed), now);
  }
}

/**
 * A UDP relay on loopback between two sides of a WebRTC call that are told each other's candidates as addresses of the relay.
 * Every address stands for one candidate, so that both sides see one consistent network; each direction is one impaired path,
 * whatever sockets use it. Runs as any user, for every browser. Seeded.
 */
export class UdpRelay {
  readonly #stands = new Map<string, Promise<Stand>>();
  readonly #directions: Readonly<Record<RelaySide, Direction>>;
  readonly #timers = new Set<NodeJS.Timeout>();
  #measuredFrom = performance.now();
  #isClosed = false;

  constructor(seed: number) {
    const now = performance.now();
    this.#directions = { near: new Direction(seed, now), far: new Direction(seed + 1, now) };
  }

  /** Impairs both directions alike from now on; outages are counted from now. */
  setProfile(profile: ImpairmentProfile): void {
    for (const { impairment } of Object.values(this.#directions)) {
      impairment.profile = profile;
      impairment.restart(performance.now());
    }
  }

  /**
   * Port on 127.0.0.1 that stands for the candidate `address`:`port`, which belongs to the side `side`. Idempotent.
   */
  async standFor(address: string, port: number, side: RelaySide): Promise<number> {
    return (await this.#stand(address, port, side)).socket.address().port;
  }

  /** What went towards `side` since the last call, or since the relay was made. */
  takeTraffic(): Readonly<Record<RelaySide, RelayTraffic>> {
    const now = performance.now();
    const seconds = (now - this.#measuredFrom) / 1000;
    this.#measuredFrom = now;
    const take = (direction: Direction): RelayTraffic => {
      const { bytes, packets, dropped } = direction;
      direction.bytes = 0;
      direction.packets = 0;
      direction.dropped = 0;
      return { bitrate: (bytes * 8) / seconds, packets, dropped };
    };
    return { near: take(this.#directions.near), far: take(this.#directions.far) };
  }

  /** Ends all sockets; what is under way is lost. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const stands = await Promise.all(this.#stands.values());
    this.#stands.clear();
    for (const { socket } of stands) socket.close();
  }

  #stand(address: string, port: number, side: RelaySide): Promise<Stand> {
    const key = `${address}:${port}`;
    const known = this.#stands.get(key);
    if (known !== undefined) return known;
    const opening = new Promise<Stand>((resolve, reject) => {
      const socket = createSocket("udp4");
      const stand: Stand = { socket, side, address, port };
      socket.once("error", reject);
      socket.on("message", (message, from) => void this.#relay(message, from, stand));
      socket.bind(0, "127.0.0.1", () => {
        socket.off("error", reject);
        // A side that is gone answers with ICMP: that is no failure of the relay.
        socket.on("error", () => undefined);
        resolve(stand);
      });
    });
    this.#stands.set(key, opening);
    return opening;
  }

  async #relay(message: Buffer, from: RemoteInfo, to: Stand): Promise<void> {
    if (this.#isClosed) return;
    // The receiver must see the sender's stand as the source; a sender that was not announced gets one now.
    const sender = await this.#stand(from.address, from.port, to.side === "near" ? "far" : "near");
    const direction = this.#directions[to.side];
    const now = performance.now();
    direction.bytes += message.length + HEADER_BYTES;
    direction.packets++;
    const arrivals = direction.impairment.offer(message.length, now);
    if (arrivals.length === 0) direction.dropped++;
    for (const arrival of arrivals) this.#sendAt(arrival, () => sender.socket.send(message, to.port, to.address));
  }

  #sendAt(time: number, send: () => void): void {
    const wait = time - performance.now();
    if (wait < 0.5) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#isClosed) send();
    }, wait);
    this.#timers.add(timer);
  }
}
