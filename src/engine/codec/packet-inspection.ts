/**
 * Reads what an Opus packet says about itself (RFC 6716 §3), without a decoder. Pure functions over
 * `bytes[offset … offset + length)`; none throws or allocates. Any thread.
 *
 *      0 1 2 3 4 5 6 7
 *     +-+-+-+-+-+-+-+-+
 *     | config  |s| c |   table-of-contents byte: mode, bandwidth and frame size; stereo; frame count code
 *     +-+-+-+-+-+-+-+-+
 */

/** Longest audio of one packet: 120 ms at 48 kHz. */
const LONGEST_PACKET_SAMPLES = 5760;

/** Longest packet that holds nothing: its sender is silent (DTX, RFC 7587 §3.1.3). */
const SILENT_BYTES = 2;

/** Largest compressed frame, RFC 6716 §3.2. */
const LARGEST_FRAME_BYTES = 1275;

/** Bandwidth a packet was coded with. */
export type OpusPacketBandwidth = "narrow" | "medium" | "wide" | "superwide" | "full";

/** Whether a packet of `length` bytes says that its sender is silent. */
export function isSilentOpusPacket(length: number): boolean {
  return length <= SILENT_BYTES;
}

/** Samples per channel at 48 kHz in one frame of the packet that starts with this byte. */
function frameSamples(toc: number): number {
  const size = (toc >> 3) & 3;
  if (toc & 0x80) return 120 << size; // CELT: 2.5, 5, 10, 20 ms
  if ((toc & 0x60) === 0x60) return 480 << (size & 1); // hybrid: 10, 20 ms
  return size === 3 ? 2880 : 480 << size; // SILK: 10, 20, 40, 60 ms
}

/** Bytes that a frame length takes (1 or 2); 0 when it is cut off. */
function lengthBytes(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  if ((bytes[at] as number) < 252) return 1;
  return at + 1 < end ? 2 : 0;
}

function frameLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  return first < 252 ? first : 4 * (bytes[at + 1] as number) + first;
}

/** Where the frames of the packet last parsed begin, and how long the first is. */
const layout = { frameCount: 0, firstFrameAt: 0, firstFrameLength: 0 };

/** The decoder's own acceptance test; fills `layout`. */
function parse(bytes: Uint8Array, offset: number, length: number): boolean {
  if (!(length > 0 && offset >= 0 && offset + length <= bytes.length)) return false;
  const toc = bytes[offset] as number;
  const end = offset + length;
  let at = offset + 1;
  switch (toc & 3) {
    case 0:
      return place(1, at, end - at, end - at);
    case 1: {
      const each = (end - at) / 2;
      return Number.isInteger(each) && place(2, at, each, each);
    }
    case 2: {
      const size = lengthBytes(bytes, at, end);
      if (size === 0) return false;
      const first = frameLength(bytes, at);
      at += size;
      return at + first <= end && place(2, at, first, end - at - first);
    }
    default:
      return parseMany(bytes, toc, at, end);
  }
}

/** Frame count code 3: any number of frames, perhaps padded (RFC 6716 §3.2.5). */
function parseMany(bytes: Uint8Array, toc: number, start: number, packetEnd: number): boolean {
  let at = start;
  let end = packetEnd;
  if (at >= end) return false;
  const header = bytes[at++] as number;
  const count = header & 0x3f;
  if (count === 0 || count * frameSamples(toc) > LONGEST_PACKET_SAMPLES) return false;
  if (header & 0x40) {
    for (let more = true; more; ) {
      if (at >= end) return false;
      const padding = bytes[at++] as number;
      more = padding === 255;
      end -= more ? 254 : padding;
    }
    if (at > end) return false;
  }
  if ((header & 0x80) === 0) {
    const each = (end - at) / count;
    return Number.isInteger(each) && place(count, at, each, each);
  }
  let first = -1;
  let sum = 0;
  for (let index = 0; index < count - 1; index++) {
    const size = lengthBytes(bytes, at, end);
    if (size === 0) return false;
    const next = frameLength(bytes, at);
    at += size;
    // Like the decoder, which checks each length against what is left after the length bytes alone.
    if (next > end - at) return false;
    sum += next;
    if (first < 0) first = next;
  }
  const last = end - at - sum;
  return last >= 0 && place(count, at, first < 0 ? last : first, last);
}

function place(count: number, firstAt: number, firstLength: number, lastLength: number): boolean {
  if (lastLength > LARGEST_FRAME_BYTES) return false;
  layout.frameCount = count;
  layout.firstFrameAt = firstAt;
  layout.firstFrameLength = firstLength;
  return true;
}

/** Samples per channel at 48 kHz, 120…5760; 0 when a decoder would refuse the packet. */
export function opusPacketSamples(bytes: Uint8Array, offset: number, length: number): number {
  return parse(bytes, offset, length) ? layout.frameCount * frameSamples(bytes[offset] as number) : 0;
}

/** Codec frames in the packet, 1…48; 0 when a decoder would refuse it. */
export function opusPacketFrameCount(bytes: Uint8Array, offset: number, length: number): number {
  return parse(bytes, offset, length) ? layout.frameCount : 0;
}

/** Samples per channel at 48 kHz of one codec frame; 0 for no bytes at all. */
export function opusPacketFrameSamples(bytes: Uint8Array, offset: number, length: number): number {
  return length > 0 && offset < bytes.length ? frameSamples(bytes[offset] as number) : 0;
}

/** Coded channels, 1 or 2; 0 for no bytes at all. A decoder of either kind takes both. */
export function opusPacketChannels(bytes: Uint8Array, offset: number, length: number): 0 | 1 | 2 {
  if (!(length > 0 && offset < bytes.length)) return 0;
  return (bytes[offset] as number) & 4 ? 2 : 1;
}

/** Bandwidth of the packet, undefined for no bytes at all. */
export function opusPacketBandwidth(
  bytes: Uint8Array,
  offset: number,
  length: number,
): OpusPacketBandwidth | undefined {
  if (!(length > 0 && offset < bytes.length)) return undefined;
  const config = (bytes[offset] as number) >> 3;
  if (config < 4) return "narrow";
  if (config < 8) return "medium";
  if (config < 12) return "wide";
  if (config < 14) return "superwide";
  if (config < 16) return "full";
  if (config < 20) return "narrow";
  if (config < 24) return "wide";
  return config < 28 ? "superwide" : "full";
}

/** Whether the packet carries in-band FEC (LBRR) for the frame before it; false for invalid packets. */
export function opusPacketHasFec(bytes: Uint8Array, offset: number, length: number): boolean {
  if (!parse(bytes, offset, length) || layout.firstFrameLength === 0) return false;
  const toc = bytes[offset] as number;
  if (toc & 0x80) return false; // CELT has none
  const silkFrames = Math.max(1, frameSamples(toc) / 960);
  const flags = bytes[layout.firstFrameAt] as number;
  if ((flags >> (7 - silkFrames)) & 1) return true;
  return (toc & 4) !== 0 && ((flags >> (6 - 2 * silkFrames)) & 1) === 1;
}
