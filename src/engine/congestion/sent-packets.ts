import { SequenceUnwrapper16 } from "../media/sequence-number.ts";
import type { Milliseconds } from "../media/units.ts";
import { FEEDBACK_BITMAP_PACKETS, type FeedbackReport, wasReceived } from "../packet/feedback-report.ts";

/** Packets remembered, a power of two: 2.5 s of the shortest frames. */
const CAPACITY = 1024;
/** A packet counts as lost once one sent this much later has arrived, ms: reordering by the network is not loss. */
const REORDER_MARGIN_MS: Milliseconds = 150;

const FATE_PENDING = 0;
const FATE_DROPPED_HERE = 1;
const FATE_RECEIVED = 2;
const FATE_LOST = 3;

/** Receives the fate of packets, each once, in sending order as far as the network allows. */
export interface PacketFates {
  /** The network lost or delivered a packet sent at `sentMs`; packets that our own gate dropped are not told. */
  judged(isLost: boolean, sentMs: Milliseconds): void;
  /** A packet's delivery became known. */
  delivered(wireBytes: number, sentMs: Milliseconds): void;
}

/**
 * What was sent on one link for one stream, matched with the bitmaps of the peer's reports. All arithmetic is on our own
 * records, so that a peer's absurd numbers cannot raise an estimate. Allocates nothing.
 */
export class SentPackets {
  readonly #sentMs = new Float64Array(CAPACITY);
  readonly #wireBytes = new Float64Array(CAPACITY);
  readonly #fates = new Uint8Array(CAPACITY);
  readonly #unwrapper = new SequenceUnwrapper16();
  #first: number | undefined;
  #newest = -1;
  #nextToJudge = 0;

  /** Remembers the packet with the next 16-bit sequence number; `isDropped` when our own gate kept it back. */
  record(sequence: number, wireBytes: number, now: Milliseconds, isDropped: boolean): void {
    const unwrapped = this.#unwrapper.unwrap(sequence);
    if (this.#first === undefined) {
      this.#first = unwrapped;
      this.#nextToJudge = unwrapped;
    }
    this.#newest = unwrapped;
    const slot = unwrapped & (CAPACITY - 1);
    this.#sentMs[slot] = now;
    this.#wireBytes[slot] = wireBytes;
    this.#fates[slot] = isDropped ? FATE_DROPPED_HERE : FATE_PENDING;
    this.#nextToJudge = Math.max(this.#nextToJudge, unwrapped - CAPACITY + 1);
  }

  /** Takes a report in. False, without effect, when it speaks of packets that were never sent or are long forgotten. */
  apply(report: FeedbackReport, fates: PacketFates): boolean {
    if (this.#first === undefined) return false;
    const highest = this.#unwrapper.peek(report.highestSequence);
    if (highest > this.#newest || highest < this.#first || highest <= this.#newest - CAPACITY) return false;
    const oldest = Math.max(this.#first, this.#newest - CAPACITY + 1, highest - FEEDBACK_BITMAP_PACKETS + 1);
    for (let sequence = oldest; sequence <= highest; sequence++) {
      const slot = sequence & (CAPACITY - 1);
      const fate = this.#fates[slot];
      if (fate === FATE_RECEIVED || fate === FATE_DROPPED_HERE) continue;
      if (wasReceived(report, sequence & 0xffff) !== true) continue;
      fates.delivered(this.#wireBytes[slot] ?? 0, this.#sentMs[slot] ?? 0);
      // One already judged lost counts as delivered for the rate, and stays a loss: it was too late to be of use.
      this.#fates[slot] = FATE_RECEIVED;
    }
    this.#judge((this.#sentMs[highest & (CAPACITY - 1)] ?? 0) - REORDER_MARGIN_MS, fates);
    return true;
  }

  #judge(before: Milliseconds, fates: PacketFates): void {
    while (this.#nextToJudge <= this.#newest) {
      const slot = this.#nextToJudge & (CAPACITY - 1);
      if ((this.#sentMs[slot] ?? 0) > before) return;
      this.#nextToJudge++;
      if (this.#fates[slot] === FATE_DROPPED_HERE) continue;
      if (this.#fates[slot] === FATE_PENDING) this.#fates[slot] = FATE_LOST;
      fates.judged(this.#fates[slot] === FATE_LOST, this.#sentMs[slot] ?? 0);
    }
  }
}
