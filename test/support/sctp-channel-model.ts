import type { Impairment } from "../../src/engine/measurement/impairment.ts";
import type { DatagramChannel } from "../../src/engine/transport/datagram-channel.ts";

const MTU = 1200;
const LOWER_LAYER_BYTES = 65;
/** UDP payload of an acknowledgement: DTLS 37, SCTP 12, SACK 16 and a gap. */
const ACK_BYTES = 69;
const MIN_RTO_MS = 400;
const DELAYED_ACK_MS = 200;

interface Flying {
  readonly id: number;
  readonly bytes: number;
  readonly sentAt: number;
  isAcked: boolean;
}

/** Runs callbacks at their virtual time, in order. */
export class VirtualClock {
  now: number;
  readonly #queue: { at: number; order: number; run: () => void }[] = [];
  #order = 0;

  constructor(start: number) {
    this.now = start;
  }

  at(time: number, run: () => void): void {
    const entry = { at: Math.max(time, this.now), order: this.#order++, run };
    let index = this.#queue.length;
    while (index > 0 && (this.#queue[index - 1]?.at ?? 0) > entry.at) index--;
    this.#queue.splice(index, 0, entry);
  }

  runUntil(end: number): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || next.at > end) break;
      this.#queue.shift();
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }
}

/**
 * A data channel with maxRetransmits 0 over an impaired path: congestion window (10 MTU at first, grown only while it is used up,
 * halved to no less than 4 MTU on fast loss, 1 MTU after a timeout of 400 ms or more), acknowledgements delayed by up to 200 ms
 * while nothing is missing, nothing sent twice, unsent messages kept for ever. After RFC 9260 §7 and Chromium's dcsctp.
 */
export class SctpChannelModel implements DatagramChannel {
  isOpen = true;
  bufferedAmount = 0;
  /** Called on the far side with each message that arrives. */
  onMessage: (bytes: Uint8Array) => void = () => undefined;
  /** Called with the length of every UDP payload that is put on the path, acknowledgements of the far side excluded … */
  onTransmit: (bytes: number) => void = () => undefined;
  /** … and with those, which travel on the other path. */
  onAcknowledge: (bytes: number) => void = () => undefined;
  readonly #clock: VirtualClock;
  readonly #forward: Impairment;
  readonly #backward: Impairment;
  readonly #waiting: Uint8Array[] = [];
  #flying: Flying[] = [];
  #cwnd = 10 * MTU;
  #threshold = 64 * MTU;
  #smoothedRtt = 100;
  #nextId = 0;
  #recoverUntil = -1;
  #received = -1;
  readonly #unacknowledged: Flying[] = [];

  constructor(clock: VirtualClock, forward: Impairment, backward: Impairment) {
    this.#clock = clock;
    this.#forward = forward;
    this.#backward = backward;
  }

  send(bytes: Uint8Array): void {
    this.#waiting.push(bytes.slice());
    this.bufferedAmount += bytes.length;
    this.#pump();
  }

  #pump(): void {
    const now = this.#clock.now;
    for (;;) {
      const next = this.#waiting[0];
      const inFlight = this.#flying.reduce((sum, packet) => sum + packet.bytes, 0);
      if (next === undefined || (inFlight > 0 && inFlight + next.length > this.#cwnd)) return;
      this.#waiting.shift();
      this.bufferedAmount -= next.length;
      const packet: Flying = { id: this.#nextId++, bytes: next.length, sentAt: now, isAcked: false };
      this.#flying.push(packet);
      this.#clock.at(now + Math.max(MIN_RTO_MS, 2 * this.#smoothedRtt), () => this.#timeout(packet));
      this.onTransmit(next.length + LOWER_LAYER_BYTES);
      for (const arrival of this.#forward.offer(next.length + LOWER_LAYER_BYTES, now)) {
        this.#clock.at(arrival, () => {
          this.onMessage(next);
          this.#acknowledge(packet);
        });
      }
    }
  }

  /** The far side's acknowledgements: at once out of order or for every second packet, otherwise delayed. */
  #acknowledge(packet: Flying): void {
    const isInOrder = packet.id === this.#received + 1;
    this.#received = Math.max(this.#received, packet.id);
    this.#unacknowledged.push(packet);
    if (!isInOrder || this.#unacknowledged.length > 1) this.#sendAck();
    else this.#clock.at(this.#clock.now + DELAYED_ACK_MS, () => this.#unacknowledged[0] === packet && this.#sendAck());
  }

  #sendAck(): void {
    const packets = this.#unacknowledged.splice(0);
    if (packets.length === 0) return;
    this.onAcknowledge(ACK_BYTES);
    for (const arrival of this.#backward.offer(ACK_BYTES, this.#clock.now)) {
      this.#clock.at(arrival, () => {
        for (const packet of packets) this.#acked(packet);
      });
    }
  }

  #acked(packet: Flying): void {
    if (packet.isAcked) return;
    packet.isAcked = true;
    const inFlight = this.#flying.reduce((sum, other) => sum + other.bytes, 0);
    this.#smoothedRtt += (this.#clock.now - packet.sentAt - this.#smoothedRtt) / 8;
    if (inFlight + MTU >= this.#cwnd) {
      this.#cwnd += this.#cwnd < this.#threshold ? packet.bytes : (MTU * packet.bytes) / this.#cwnd;
    }
    const before = this.#flying.length;
    const overtaken = this.#flying.filter((other) => !other.isAcked && other.id < packet.id - 3);
    this.#flying = this.#flying.filter((other) => !other.isAcked && other.id >= packet.id - 3);
    if (overtaken.length > 0 && packet.id > this.#recoverUntil) {
      this.#threshold = Math.max(this.#cwnd / 2, 4 * MTU);
      this.#cwnd = this.#threshold;
      this.#recoverUntil = this.#nextId;
    }
    if (this.#flying.length < before) this.#pump();
  }

  #timeout(packet: Flying): void {
    if (packet.isAcked || !this.#flying.includes(packet)) return;
    this.#flying = [];
    this.#threshold = Math.max(this.#cwnd / 2, 4 * MTU);
    this.#cwnd = MTU;
    this.#pump();
  }
}
