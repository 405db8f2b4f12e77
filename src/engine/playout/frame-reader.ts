import { isSilentOpusPacket } from "../codec/packet-inspection.ts";
import type { PacketBuffer } from "../jitter-buffer/packet-buffer.ts";
import type { Samples } from "../media/units.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import type { FrameSource } from "./frame-source.ts";
import type { ReceiveStatistics } from "./receive-statistics.ts";
import type { SyncBuffer } from "./sync-buffer.ts";

/**
 * Decodes what a frame source found to the write position of the buffer, not committed; made-up audio of the same length where the
 * decoder refuses it. No allocation.
 */
export class FrameReader {
  readonly #source: FrameSource;
  readonly #packets: PacketBuffer;
  readonly #decoder: FrameDecoder;
  readonly #buffer: SyncBuffer;
  readonly #statistics: ReceiveStatistics;
  #needsReset = false;

  constructor(
    source: FrameSource,
    packets: PacketBuffer,
    decoder: FrameDecoder,
    buffer: SyncBuffer,
    statistics: ReceiveStatistics,
  ) {
    this.#source = source;
    this.#packets = packets;
    this.#decoder = decoder;
    this.#buffer = buffer;
    this.#statistics = statistics;
  }

  /** Whether the found packet says that the sender goes silent: with nothing in it, or in words. */
  get isSilence(): boolean {
    const { sequence } = this.#source;
    return isSilentOpusPacket(this.#packets.payloadLength(sequence)) || this.#packets.isPause(sequence);
  }

  /** The next packet does not continue what the decoder knows. */
  expectRestart(): void {
    this.#needsReset = true;
  }

  /** Decodes the found packet; samples at the write position. */
  decodePacket(): Samples {
    if (this.#needsReset) {
      this.#decoder.reset();
      this.#needsReset = false;
    }
    const { sequence, samples } = this.#source;
    const packets = this.#packets;
    const length = packets.payloadLength(sequence);
    const frames = this.#decoder.decode(packets.bytes, packets.payloadOffset(sequence), length);
    return frames > 0 ? frames : this.#decodeLoss(samples);
  }

  /** Decodes the copy of a frame that the found packet holds; samples at the write position. */
  decodeCopy(): Samples {
    const { sequence, samples, origin, dredOffset } = this.#source;
    const packets = this.#packets;
    const statistics = this.#statistics;
    let frames = 0;
    if (origin === "fec") {
      const offset = packets.payloadOffset(sequence);
      frames = this.#decoder.decodeFec(packets.bytes, offset, packets.payloadLength(sequence), samples);
      if (frames > 0) statistics.recoveredByFec++;
    } else {
      frames = this.#decoder.decodeDred(dredOffset, samples);
      if (frames > 0) statistics.recoveredByDred++;
    }
    return frames > 0 ? frames : this.#decodeLoss(samples);
  }

  #decodeLoss(samples: Samples): Samples {
    const frames = this.#decoder.conceal(samples);
    if (frames > 0) return frames;
    const at = this.#buffer.reserve(samples);
    this.#buffer.left.fill(0, at, at + samples);
    this.#buffer.right.fill(0, at, at + samples);
    return samples;
  }
}
