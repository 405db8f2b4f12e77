import { copyBytes } from "../media/byte-order.ts";

/** Most packets between the oldest awaited and the newest: 2.5 s of 2.5 ms frames. */
const SLOTS = 1024;
const MASK = SLOTS - 1;
/** Bytes of payload kept: two seconds at 510 kbit/s. */
const ARENA_BYTES = 131_072;

const EMPTY = -1;

/** What is known of a packet when it is stored. Meant to be one mutable object, reused. */
export interface PacketFields {
  /** Unwrapped sequence number. */
  sequence: number;
  /** Unwrapped RTP timestamp, samples. */
  timestamp: number;
  /** Length of its audio, samples. */
  samples: number;
  /** Playout clock at its arrival, samples. */
  arrival: number;
  /** Whether it came as itself, not as a redundant copy. */
  isPrimary: boolean;
  /** Whether it carries in-band FEC for the frame before it. */
  hasFec: boolean;
  /** Whether the sender says that nothing follows it until a voice comes. */
  isPause: boolean;
  bytes: Uint8Array;
  offset: number;
  length: number;
}

/**
 * Encoded frames by sequence number, in memory of fixed size: slots in a ring, payloads in a byte ring. Inserting and
 * finding allocate nothing; when either ring is full the oldest packet is overwritten.
 */
export class PacketBuffer {
  /** Payload bytes; index with {@link payloadOffset}. */
  readonly bytes = new Uint8Array(ARENA_BYTES);
  readonly #sequences = new Float64Array(SLOTS).fill(EMPTY);
  readonly #timestamps = new Float64Array(SLOTS);
  readonly #arrivals = new Float64Array(SLOTS);
  readonly #positions = new Float64Array(SLOTS);
  readonly #samples = new Uint16Array(SLOTS);
  readonly #lengths = new Uint16Array(SLOTS);
  readonly #flags = new Uint8Array(SLOTS);
  /** Bytes ever written to the arena; position modulo its size is the place. */
  #written = 0;
  #count = 0;
  #newest = EMPTY;

  /** Packets held. */
  get count(): number {
    return this.#count;
  }

  /** Newest sequence number ever inserted since the last clear; −1 when there was none. */
  get newest(): number {
    return this.#newest;
  }

  /**
   * Stores a copy of a packet. A primary packet replaces a redundant copy; anything else that is there already stays.
   * @returns false when it was not stored: a duplicate, or longer than a slot can say
   */
  insert(packet: PacketFields): boolean {
    const { sequence, length } = packet;
    if (length <= 0 || length > 0xffff || sequence < 0) return false;
    const slot = sequence & MASK;
    if (this.#isHeld(sequence)) {
      if (!packet.isPrimary || this.isPrimary(sequence)) return false;
      this.remove(sequence);
    } else if (this.#sequences[slot] !== EMPTY) {
      // A lap ahead of this one: the old packet is out of reach either way.
      this.#sequences[slot] = EMPTY;
      this.#count--;
    }
    const room = ARENA_BYTES - (this.#written % ARENA_BYTES);
    if (room < length) this.#written += room;
    copyBytes(this.bytes, this.#written % ARENA_BYTES, packet.bytes, packet.offset, length);
    this.#positions[slot] = this.#written;
    this.#written += length;
    this.#sequences[slot] = sequence;
    this.#timestamps[slot] = packet.timestamp;
    this.#arrivals[slot] = packet.arrival;
    this.#samples[slot] = packet.samples;
    this.#lengths[slot] = length;
    this.#flags[slot] = (packet.isPrimary ? 1 : 0) | (packet.hasFec ? 2 : 0) | (packet.isPause ? 4 : 0);
    this.#count++;
    if (sequence > this.#newest) this.#newest = sequence;
    return true;
  }

  /** Whether the packet is here and its payload has not been overwritten. */
  has(sequence: number): boolean {
    return this.#isHeld(sequence) && this.#written - (this.#positions[sequence & MASK] ?? 0) <= ARENA_BYTES;
  }

  /** Smallest sequence number held that is not below `sequence`; −1 when there is none. */
  firstFrom(sequence: number): number {
    if (this.#count === 0) return EMPTY;
    const from = Math.max(sequence, this.#newest - SLOTS + 1);
    for (let candidate = from; candidate <= this.#newest; candidate++) if (this.has(candidate)) return candidate;
    return EMPTY;
  }

  /** The functions below are about a packet for which {@link has} is true. */
  timestamp(sequence: number): number {
    return this.#timestamps[sequence & MASK] ?? 0;
  }

  arrival(sequence: number): number {
    return this.#arrivals[sequence & MASK] ?? 0;
  }

  samples(sequence: number): number {
    return this.#samples[sequence & MASK] ?? 0;
  }

  isPrimary(sequence: number): boolean {
    return ((this.#flags[sequence & MASK] ?? 0) & 1) !== 0;
  }

  hasFec(sequence: number): boolean {
    return ((this.#flags[sequence & MASK] ?? 0) & 2) !== 0;
  }

  isPause(sequence: number): boolean {
    return ((this.#flags[sequence & MASK] ?? 0) & 4) !== 0;
  }

  payloadOffset(sequence: number): number {
    return (this.#positions[sequence & MASK] ?? 0) % ARENA_BYTES;
  }

  payloadLength(sequence: number): number {
    return this.#lengths[sequence & MASK] ?? 0;
  }

  /** Forgets a packet, if it is here. */
  remove(sequence: number): void {
    if (!this.#isHeld(sequence)) return;
    this.#sequences[sequence & MASK] = EMPTY;
    this.#count--;
  }

  /** Forgets all packets. */
  clear(): void {
    this.#sequences.fill(EMPTY);
    this.#count = 0;
    this.#newest = EMPTY;
  }

  #isHeld(sequence: number): boolean {
    return sequence >= 0 && this.#sequences[sequence & MASK] === sequence;
  }
}
