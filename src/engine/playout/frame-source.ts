import type { Source } from "../jitter-buffer/decision-logic.ts";
import type { PacketBuffer } from "../jitter-buffer/packet-buffer.ts";
import { SAMPLE_RATE, type Samples } from "../media/units.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import type { PlayoutCursor } from "./playout-cursor.ts";

/** Smallest piece that Opus can conceal or recover, 2.5 ms; timestamps closer than this are the same time. */
export const OPUS_STEP = 120;
/** How far back deep redundancy is read. */
const DRED_REACH = SAMPLE_RATE;

/** What a frame is decoded from. */
export type FrameOrigin = "packet" | "fec" | "dred";

/**
 * Finds out what there is for the place after the audio ahead: the next frame, a copy of it in a later packet, or neither. The fields
 * describe what {@link FrameSource.find} found. No allocation.
 */
export class FrameSource {
  /** Packet to decode from; −1 when there is none. */
  sequence = -1;
  origin: FrameOrigin = "packet";
  /** Media time at which the frame begins, and its length. Of a missing frame: what to conceal. */
  timestamp: Samples = 0;
  samples: Samples = 0;
  /** For deep redundancy: how far before the packet the frame begins. */
  dredOffset: Samples = 0;
  readonly #packets: PacketBuffer;
  readonly #decoder: FrameDecoder;
  #parsedSequence = -1;
  #dredReach = 0;

  constructor(packets: PacketBuffer, decoder: FrameDecoder) {
    this.#packets = packets;
    this.#decoder = decoder;
  }

  /** Looks at what is in the packet buffer now. Moves `cursor.next` over numbers that have no time of their own. */
  find(cursor: PlayoutCursor): Source {
    const packets = this.#packets;
    const first = packets.firstFrom(cursor.isPlaying ? cursor.next : 0);
    if (first < 0) {
      this.sequence = -1;
      this.samples = cursor.frameSamples;
      return "nothing";
    }
    this.sequence = first;
    this.origin = "packet";
    this.timestamp = packets.timestamp(first);
    this.samples = packets.samples(first);
    if (!cursor.isPlaying) {
      cursor.next = first;
      return "gap";
    }
    const missing = this.timestamp - cursor.end;
    // What is missing after the sender went silent is silence too: to wait for it would be to wait for ever.
    if (first > cursor.next && (missing < OPUS_STEP || cursor.isSilent)) cursor.next = first;
    if (first === cursor.next) {
      if (missing >= OPUS_STEP) return "gap";
      return cursor.concealed > 0 ? "late-frame" : "frame";
    }
    return this.#findCopy(cursor, missing);
  }

  /** Forgets what was parsed: sequence numbers start anew. */
  reset(): void {
    this.#parsedSequence = -1;
  }

  /** The packet after one or more missing frames is `sequence`: does it hold a copy of the next one? */
  #findCopy(cursor: PlayoutCursor, missing: Samples): Source {
    const first = this.sequence;
    const isLate = cursor.concealed > 0;
    if (first === cursor.next + 1 && this.#packets.hasFec(first) && Math.abs(missing - this.samples) < OPUS_STEP) {
      this.origin = "fec";
      this.timestamp = cursor.end;
      return isLate ? "late-copy" : "copy";
    }
    this.timestamp = cursor.end;
    const step = cursor.frameSamples < missing ? cursor.frameSamples : missing;
    this.samples = Math.max(OPUS_STEP, Math.floor(step / OPUS_STEP) * OPUS_STEP);
    if (this.#decoder.hasNeural && missing <= this.#reachOf(first)) {
      this.origin = "dred";
      this.dredOffset = missing;
      return isLate ? "late-copy" : "copy";
    }
    return "missing";
  }

  /** How far before its own time the packet's deep redundancy reaches; each packet is parsed once. */
  #reachOf(sequence: number): Samples {
    if (this.#parsedSequence !== sequence) {
      const packets = this.#packets;
      const reach = this.#decoder.parseDred(
        packets.bytes,
        packets.payloadOffset(sequence),
        packets.payloadLength(sequence),
        DRED_REACH,
      );
      this.#parsedSequence = sequence;
      this.#dredReach = Math.max(0, reach);
    }
    return this.#dredReach;
  }
}
