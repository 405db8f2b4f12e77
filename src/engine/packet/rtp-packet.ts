import { copyBytes, readUint16, readUint32, writeUint16, writeUint32 } from "../media/byte-order.ts";

/** Largest datagram sent or accepted, in bytes: fits an IPv6 path of 1280 under DTLS and SCTP. */
export const MAX_DATAGRAM_BYTES = 1200;
/** Dynamic payload type of plain Opus (RFC 7587). */
export const OPUS_PAYLOAD_TYPE = 111;
/** Dynamic payload type of redundant Opus (RFC 2198). */
export const RED_PAYLOAD_TYPE = 63;

const HEADER_BYTES = 12;
const AUDIO_LEVEL_ID = 1;
const CAPTURE_TIME_ID = 2;
const HOLD_BACK_ID = 3;
const SKIPPED_ID = 4;
/** Of the hold-back byte: bit 7 says that a pause follows, bits 0–6 are the time in units of 2.5 ms. */
const PAUSE_FLAG = 0x80;
const HOLD_BACK_UNIT = 120;
/** Profile of one-byte header extensions (RFC 8285 §4.2). */
const ONE_BYTE_PROFILE = 0xbede;
/** One-byte extensions: level (2 bytes), capture time (5), hold-back (2), skipped (2), padding (1), after profile and length (4). */
const EXTENSION_BYTES = 16;

/** Why a datagram is dropped before anything interprets its payload. */
export type DropReason =
  | "too-short"
  | "too-long"
  | "bad-version"
  | "bad-extension"
  | "bad-padding"
  | "unknown-payload-type"
  | "empty-payload"
  | "bad-redundancy";

/** What {@link writeRtpHeader} needs. One mutable object is meant to be reused for every packet. */
export interface RtpHeaderFields {
  /** First packet of a talkspurt. */
  marker: boolean;
  /** {@link OPUS_PAYLOAD_TYPE} or {@link RED_PAYLOAD_TYPE}. */
  payloadType: number;
  /** 0..65535, taken modulo 2^16. */
  sequenceNumber: number;
  /** 48 kHz capture clock, taken modulo 2^32. */
  timestamp: number;
  ssrc: number;
  /** Level in −dBov, 0 (loudest)..127, or −1 to leave level and voice activity out. */
  audioLevel: number;
  voiceActivity: boolean;
  /** Sender's clock in ms, taken modulo 2^32, or −1 to leave it out. */
  captureTimeMs: number;
  /** For how long the frame was held back on purpose, samples: a multiple of 120 up to 15 240, what is between rounded. */
  heldBackSamples: number;
  /** The sender holds back what follows until a voice comes: until then there is silence, not loss. */
  isPause: boolean;
  /** Sequence numbers just before this one for which no packet was sent, 0…255: they are not lost. 0 when left out. */
  skippedPackets?: number;
}

/**
 * Writes an RTP header with the extensions that say something (level and time unless −1, hold-back and skipped unless there is
 * none), at the start of `into`.
 * Returns its length, which is where the payload goes; 0 when `into` has no room for it. Allocates nothing.
 */
export function writeRtpHeader(into: Uint8Array, fields: RtpHeaderFields): number {
  if (into.length < HEADER_BYTES + EXTENSION_BYTES) return 0;
  const isHeldBack = fields.isPause || fields.heldBackSamples > 0;
  const skipped = Math.min(255, fields.skippedPackets ?? 0);
  const hasExtension = fields.audioLevel >= 0 || fields.captureTimeMs >= 0 || isHeldBack || skipped > 0;
  into[0] = 0x80 | (hasExtension ? 0x10 : 0);
  into[1] = (fields.marker ? 0x80 : 0) | (fields.payloadType & 0x7f);
  writeUint16(into, 2, fields.sequenceNumber);
  writeUint32(into, 4, fields.timestamp);
  writeUint32(into, 8, fields.ssrc);
  if (!hasExtension) return HEADER_BYTES;
  let at = HEADER_BYTES + 4;
  if (fields.audioLevel >= 0) {
    into[at++] = AUDIO_LEVEL_ID << 4;
    into[at++] = (fields.voiceActivity ? 0x80 : 0) | Math.min(127, fields.audioLevel);
  }
  if (fields.captureTimeMs >= 0) {
    into[at++] = (CAPTURE_TIME_ID << 4) | 3;
    writeUint32(into, at, fields.captureTimeMs);
    at += 4;
  }
  if (isHeldBack) {
    into[at++] = HOLD_BACK_ID << 4;
    const units = Math.min(PAUSE_FLAG - 1, Math.round(fields.heldBackSamples / HOLD_BACK_UNIT));
    into[at++] = (fields.isPause ? PAUSE_FLAG : 0) | units;
  }
  if (skipped > 0) {
    into[at++] = SKIPPED_ID << 4;
    into[at++] = skipped;
  }
  while (at % 4 !== 0) into[at++] = 0;
  writeUint16(into, HEADER_BYTES, ONE_BYTE_PROFILE);
  writeUint16(into, HEADER_BYTES + 2, (at - HEADER_BYTES - 4) / 4);
  return at;
}

/** Header fields and the range of bytes that is the payload. */
export interface RtpPacketFields extends RtpHeaderFields {
  payload: Uint8Array;
  payloadOffset: number;
  payloadLength: number;
}

/** Writes a whole packet; returns its length, or 0 when it does not fit `into` or is longer than {@link MAX_DATAGRAM_BYTES}. */
export function writeRtpPacket(into: Uint8Array, fields: RtpPacketFields): number {
  const headerLength = writeRtpHeader(into, fields);
  const length = headerLength + fields.payloadLength;
  if (headerLength === 0 || length > Math.min(into.length, MAX_DATAGRAM_BYTES)) return 0;
  copyBytes(into, headerLength, fields.payload, fields.payloadOffset, fields.payloadLength);
  return length;
}

/**
 * Reads RTP packets in place, one after another, without allocating. All fields hold the last packet for which
 * {@link RtpPacketView.parse} returned undefined; after a drop they are unspecified. Any thread. RFC 3550 §5.1, RFC 8285.
 */
export class RtpPacketView {
  /** The array given to the last parse; payload offsets index it. */
  bytes: Uint8Array = new Uint8Array(0);
  marker = false;
  payloadType = 0;
  sequenceNumber = 0;
  timestamp = 0;
  ssrc = 0;
  /** −dBov, 0 (loudest)..127; −1 without the extension. */
  audioLevel = -1;
  voiceActivity = false;
  /** Sender's clock in ms modulo 2^32; −1 without the extension. */
  captureTimeMs = -1;
  /** Samples; 0 without the extension. */
  heldBackSamples = 0;
  isPause = false;
  /** 0 without the extension. */
  skippedPackets = 0;
  payloadOffset = 0;
  /** 1 or more after a successful parse. */
  payloadLength = 0;

  /** Reads the packet in `length` bytes of `bytes` from `start`. Returns why it must be dropped, or undefined. Never throws. */
  parse(bytes: Uint8Array, length: number, start = 0): DropReason | undefined {
    const end = start + length;
    if (length > MAX_DATAGRAM_BYTES) return "too-long";
    if (!(length >= HEADER_BYTES) || end > bytes.length) return "too-short";
    const first = bytes[start] ?? 0;
    if (first >> 6 !== 2) return "bad-version";
    const second = bytes[start + 1] ?? 0;
    this.bytes = bytes;
    this.marker = (second & 0x80) !== 0;
    this.payloadType = second & 0x7f;
    if (this.payloadType !== OPUS_PAYLOAD_TYPE && this.payloadType !== RED_PAYLOAD_TYPE) return "unknown-payload-type";
    this.sequenceNumber = readUint16(bytes, start + 2);
    this.timestamp = readUint32(bytes, start + 4);
    this.ssrc = readUint32(bytes, start + 8);
    let at = start + HEADER_BYTES + (first & 0x0f) * 4;
    if (at > end) return "too-short";
    this.audioLevel = -1;
    this.voiceActivity = false;
    this.captureTimeMs = -1;
    this.heldBackSamples = 0;
    this.isPause = false;
    this.skippedPackets = 0;
    if ((first & 0x10) !== 0) {
      at = this.#parseExtensions(at, end);
      if (at < 0) return "bad-extension";
    }
    let paddingLength = 0;
    if ((first & 0x20) !== 0) {
      paddingLength = bytes[end - 1] ?? 0;
      if (paddingLength === 0 || at + paddingLength > end) return "bad-padding";
    }
    this.payloadOffset = at;
    this.payloadLength = end - at - paddingLength;
    return this.payloadLength > 0 ? undefined : "empty-payload";
  }

  /** Returns the offset after the extension block, or −1 when it is not well-formed. */
  #parseExtensions(start: number, end: number): number {
    const bytes = this.bytes;
    if (start + 4 > end || readUint16(bytes, start) !== ONE_BYTE_PROFILE) return -1;
    const stop = start + 4 + readUint16(bytes, start + 2) * 4;
    if (stop > end) return -1;
    let at = start + 4;
    while (at < stop) {
      const head = bytes[at] ?? 0;
      const id = head >> 4;
      // RFC 8285 §4.2: a zero byte is padding, id 15 ends the list, whatever follows it.
      if (head === 0) {
        at++;
        continue;
      }
      if (id === 15) break;
      const size = (head & 0x0f) + 1;
      if (at + 1 + size > stop) return -1;
      if (id === AUDIO_LEVEL_ID && size === 1) {
        const level = bytes[at + 1] ?? 0;
        this.audioLevel = level & 0x7f;
        this.voiceActivity = (level & 0x80) !== 0;
      } else if (id === CAPTURE_TIME_ID && size === 4) {
        this.captureTimeMs = readUint32(bytes, at + 1);
      } else if (id === HOLD_BACK_ID && size === 1) {
        const value = bytes[at + 1] ?? 0;
        this.heldBackSamples = (value & ~PAUSE_FLAG) * HOLD_BACK_UNIT;
        this.isPause = (value & PAUSE_FLAG) !== 0;
      } else if (id === SKIPPED_ID && size === 1) {
        this.skippedPackets = bytes[at + 1] ?? 0;
      }
      at += 1 + size;
    }
    return stop;
  }
}
