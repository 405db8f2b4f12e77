import { opusPacketHasFec, opusPacketSamples } from "../codec/packet-inspection.ts";
import type { DelayManager } from "../jitter-buffer/delay-manager.ts";
import type { DriftEstimator } from "../jitter-buffer/drift-estimator.ts";
import { JumpDetector } from "../jitter-buffer/jump-detector.ts";
import type { PacketBuffer, PacketFields } from "../jitter-buffer/packet-buffer.ts";
import { SequenceUnwrapper16, TimestampUnwrapper32 } from "../media/sequence-number.ts";
import type { Samples } from "../media/units.ts";
import { RedPayloadView } from "../packet/red-payload.ts";
import { RED_PAYLOAD_TYPE, RtpPacketView } from "../packet/rtp-packet.ts";
import type { ReceiveStatistics } from "./receive-statistics.ts";

/** Sequence numbers remembered to tell duplicates and what became available when. */
const SEEN = 1024;
const MASK = SEEN - 1;
/** Unwrapped numbers start here, so that what comes before the first packet is not negative. */
const SEQUENCE_BASE = 0x1_0000;
/** The first timestamp becomes this: numbers that stay small integers for hours are not boxed on the heap. */
const TIMESTAMP_BASE = 0x40_0000;

/** What happened to a datagram, for the player. */
export type IntakeResult = "stored" | "late" | "ignored" | "restarted";

/** Where the player stands: frames below `next` are over. */
export interface PlayedRange {
  readonly next: number;
  readonly isPlaying: boolean;
}

const NOTHING_PLAYED: PlayedRange = { next: 0, isPlaying: false };

/**
 * Takes datagrams apart into frames for the packet buffer, redundant copies included, and tells the delay manager and the drift
 * estimator when each frame became available. Recognises duplicates, late packets, restarts. Never throws, no allocation.
 */
export class PacketIntake {
  readonly #packets: PacketBuffer;
  readonly #delay: DelayManager;
  readonly #drift: DriftEstimator;
  readonly #statistics: ReceiveStatistics;
  readonly #rtp = new RtpPacketView();
  readonly #red = new RedPayloadView();
  readonly #sequences = new SequenceUnwrapper16();
  readonly #timestamps = new TimestampUnwrapper32();
  readonly #jumps = new JumpDetector();
  readonly #received = new Float64Array(SEEN).fill(-1);
  readonly #available = new Float64Array(SEEN).fill(-1);
  readonly #fields: PacketFields = {
    sequence: 0,
    timestamp: 0,
    samples: 0,
    arrival: 0,
    isPrimary: true,
    hasFec: false,
    isPause: false,
    bytes: this.#rtp.bytes,
    offset: 0,
    length: 0,
  };
  #ssrc = -1;
  #sequence = -1;
  #origin = 0;
  #firstSequence = -1;
  #newestSequence = -1;
  /** Packets received, and those that the sender says it never sent. */
  #receivedOfThisRun = 0;
  #lostBefore = 0;

  constructor(packets: PacketBuffer, delay: DelayManager, drift: DriftEstimator, statistics: ReceiveStatistics) {
    this.#packets = packets;
    this.#delay = delay;
    this.#drift = drift;
    this.#statistics = statistics;
  }

  /** Unwrapped sequence number of the packet last stored or late. */
  get sequence(): number {
    return this.#sequence;
  }

  /** What to add to a frame's timestamp to have the sender's, unwrapped. */
  get timestampOrigin(): Samples {
    return this.#origin;
  }

  /** Takes one datagram that arrived at `now` on the playout clock. */
  insert(datagram: Uint8Array, length: number, now: Samples, played: PlayedRange): IntakeResult {
    const rtp = this.#rtp;
    if (rtp.parse(datagram, length) !== undefined) return this.#refuse();
    const isRed = rtp.payloadType === RED_PAYLOAD_TYPE;
    if (isRed && !this.#red.parse(datagram, rtp.payloadOffset, rtp.payloadLength)) return this.#refuse();
    const last = isRed ? this.#red.count - 1 : 0;
    const offset = isRed ? this.#red.blockOffset(last) : rtp.payloadOffset;
    const size = isRed ? this.#red.blockLength(last) : rtp.payloadLength;
    const samples = opusPacketSamples(datagram, offset, size);
    if (samples === 0) return this.#refuse();

    let hasRestarted = false;
    let range = played;
    const sentAt = this.#timestamps.peek((rtp.timestamp - this.#origin) >>> 0) + rtp.heldBackSamples;
    const verdict = this.#jumps.examine(now, sentAt, this.#delay.minimumTransit, this.#delay.longestDelay);
    if (rtp.ssrc !== this.#ssrc || verdict === "jumped") {
      hasRestarted = this.#ssrc >= 0;
      this.#ssrc = rtp.ssrc;
      this.#restart();
      range = NOTHING_PLAYED;
    } else if (verdict === "suspicious") {
      this.#statistics.packetsReceived++;
      this.#statistics.packetsDiscarded++;
      return "ignored";
    }
    const result = this.#take(datagram, offset, size, samples, now, range, isRed);
    return hasRestarted ? "restarted" : result;
  }

  #take(
    datagram: Uint8Array,
    offset: number,
    size: number,
    samples: number,
    now: Samples,
    played: PlayedRange,
    isRed: boolean,
  ): IntakeResult {
    const fields = this.#fields;
    fields.sequence = this.#sequences.unwrap(this.#rtp.sequenceNumber) + SEQUENCE_BASE;
    fields.timestamp = this.#timestamps.unwrap((this.#rtp.timestamp - this.#origin) >>> 0);
    fields.samples = samples;
    fields.arrival = now;
    fields.bytes = datagram;
    fields.offset = offset;
    fields.length = size;
    fields.isPrimary = true;
    fields.hasFec = opusPacketHasFec(datagram, offset, size);
    fields.isPause = this.#rtp.isPause;
    const { sequence, timestamp } = fields;
    // What the sender held back on purpose says nothing about the path.
    const sentAt = timestamp + this.#rtp.heldBackSamples;
    this.#sequence = sequence;
    if (!this.#countArrival(sequence)) return "ignored";
    this.#statistics.totalTransit += now - (sentAt + this.#origin);
    this.#drift.add(now, now - sentAt);
    this.#noteAvailable(sequence, sentAt, now, true);
    const isLate = played.isPlaying && sequence < played.next;
    if (isLate) this.#statistics.packetsDiscarded++;
    else this.#packets.insert(fields);
    if (fields.hasFec) {
      this.#statistics.fecPacketsReceived++;
      this.#noteAvailable(sequence - 1, sentAt - samples, now, false);
    } else if (isRed) {
      this.#statistics.fecPacketsReceived++;
    }
    if (isRed) this.#takeRedundancy(datagram, sequence, timestamp, samples, now, played);
    return isLate ? "late" : "stored";
  }

  /** Stores the older frames of a redundant payload; each must have the primary's length, or its number is unknown. */
  #takeRedundancy(
    datagram: Uint8Array,
    sequence: number,
    timestamp: number,
    samples: number,
    now: Samples,
    played: PlayedRange,
  ): void {
    const red = this.#red;
    const fields = this.#fields;
    fields.isPrimary = false;
    fields.isPause = false;
    for (let i = red.count - 2; i >= 0; i--) {
      const age = red.timestampOffset(i);
      const distance = age / samples;
      const offset = red.blockOffset(i);
      const size = red.blockLength(i);
      if (distance < 1 || !Number.isInteger(distance)) continue;
      if (opusPacketSamples(datagram, offset, size) !== samples) continue;
      fields.sequence = sequence - distance;
      fields.timestamp = timestamp - age;
      fields.offset = offset;
      fields.length = size;
      fields.hasFec = opusPacketHasFec(datagram, offset, size);
      this.#noteAvailable(fields.sequence, fields.timestamp + this.#rtp.heldBackSamples, now, false);
      if (!played.isPlaying || fields.sequence >= played.next) this.#packets.insert(fields);
    }
  }

  /** Counts a packet by its number; false for a duplicate. */
  #countArrival(sequence: number): boolean {
    const statistics = this.#statistics;
    statistics.packetsReceived++;
    if (this.#received[sequence & MASK] === sequence) {
      statistics.packetsDuplicated++;
      return false;
    }
    this.#received[sequence & MASK] = sequence;
    const gap = this.#newestSequence < 0 ? 0 : Math.max(0, sequence - this.#newestSequence - 1);
    // Never more than are missing, whatever a peer says.
    const skipped = Math.min(gap, this.#rtp.skippedPackets);
    if (this.#firstSequence < 0 || sequence < this.#firstSequence) this.#firstSequence = sequence;
    if (sequence > this.#newestSequence) this.#newestSequence = sequence;
    this.#receivedOfThisRun += 1 + skipped;
    const expected = this.#newestSequence - this.#firstSequence + 1;
    statistics.packetsLost = this.#lostBefore + Math.max(0, expected - this.#receivedOfThisRun);
    return true;
  }

  #noteAvailable(sequence: number, sentAt: Samples, now: Samples, isPrimary: boolean): void {
    if (this.#available[sequence & MASK] === sequence) return;
    this.#available[sequence & MASK] = sequence;
    this.#delay.onAvailable(now, sentAt, isPrimary);
  }

  #refuse(): IntakeResult {
    this.#statistics.packetsInvalid++;
    return "ignored";
  }

  #restart(): void {
    this.#origin = this.#rtp.timestamp - TIMESTAMP_BASE;
    this.#sequences.reset();
    this.#timestamps.reset();
    this.#received.fill(-1);
    this.#available.fill(-1);
    this.#firstSequence = -1;
    this.#newestSequence = -1;
    this.#receivedOfThisRun = 0;
    this.#lostBefore = this.#statistics.packetsLost;
    this.#packets.clear();
    this.#delay.reset();
    this.#drift.reset();
    this.#jumps.reset();
  }
}
