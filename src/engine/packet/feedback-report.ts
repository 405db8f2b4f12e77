import { readUint16, readUint32, writeUint16, writeUint32 } from "../media/byte-order.ts";

/** Length of every feedback report in bytes. */
export const FEEDBACK_BYTES = 72;
/** Packets, counted back from the highest received, whose fate one report tells. */
export const FEEDBACK_BITMAP_PACKETS = 128;

const WORDS_MINUS_ONE = FEEDBACK_BYTES / 4 - 1;
/** Payload-specific feedback, application layer (RFC 4585 §6.4): FMT 15 of packet type 206. */
const FIRST_BYTE = 0x80 | 15;
const PACKET_TYPE = 206;
/** "ANTP". */
const IDENTIFIER = 0x414e5450;
/** The delay trend travels as a signed 16-bit number of 256ths. */
const TREND_SCALE = 256;

/**
 * What the receiver of one stream tells its sender. Every number is an integer in the stated range after parsing, whatever
 * the peer sent; the meaning of the numbers is still the peer's word. One mutable object is meant to be reused.
 */
export interface FeedbackReport {
  /** Stream that was received. */
  ssrc: number;
  /** Newest sequence number received, 0..65535. */
  highestSequence: number;
  /** Bit i (least significant first, word 0 first) set: `highestSequence − i` was received. */
  readonly received: Uint32Array;
  /** Packets received since the stream started, modulo 2^32, duplicates not counted. */
  packetsReceived: number;
  /** Bytes of those packets, modulo 2^32. */
  bytesReceived: number;
  /** Packets that came too late to be played, modulo 2^16. */
  packetsLate: number;
  /** Share of packets lost since the previous report, 0..1. */
  fractionLost: number;
  /** Largest slope of the one-way delay since the previous report, in units of the overuse threshold, −128..128; above 1 queues grow. */
  delayTrend: number;
  /** Smallest relative delay since the previous report, ms above the least seen in the window, 0..65535. */
  minRelativeDelayMs: number;
  /** Mean relative delay since the previous report, ms, 0..65535. */
  meanRelativeDelayMs: number;
  /** Capture time of the newest packet, ms modulo 2^32: the sender's own clock, for the round-trip time. */
  echoTimeMs: number;
  /** Time between that packet's arrival and this report, ms, 0..65535; 65535 = no echo. */
  echoHoldMs: number;
  /** Time covered by this report, ms, 0..65535. */
  intervalMs: number;
  /** Mean delay added by the jitter buffer, ms, 0..65535. */
  playoutDelayMs: number;
  /** Delay the jitter buffer aims at, ms, 0..65535. */
  playoutTargetMs: number;
  /** Audio concealed since the stream started, ms, modulo 2^32. */
  concealedMs: number;
  /** When the report was sent, ms modulo 2^32 of the receiver's clock; 0 = not told. */
  reportTimeMs: number;
}

/** An all-zero report, to be filled again and again. */
export function createFeedbackReport(): FeedbackReport {
  return {
    ssrc: 0,
    highestSequence: 0,
    received: new Uint32Array(FEEDBACK_BITMAP_PACKETS / 32),
    packetsReceived: 0,
    bytesReceived: 0,
    packetsLate: 0,
    fractionLost: 0,
    delayTrend: 0,
    minRelativeDelayMs: 0,
    meanRelativeDelayMs: 0,
    echoTimeMs: 0,
    echoHoldMs: 0xffff,
    intervalMs: 0,
    playoutDelayMs: 0,
    playoutTargetMs: 0,
    concealedMs: 0,
    reportTimeMs: 0,
  };
}

/** Whether the datagram is control, not audio, by its second byte (192..223, RFC 5761 §4). */
export function isFeedbackDatagram(bytes: Uint8Array, length: number): boolean {
  const type = bytes[1] ?? 0;
  return length >= 2 && (bytes[0] ?? 0) >> 6 === 2 && type >= 192 && type <= 223;
}

/** Writes a report, each field clamped to its range; returns {@link FEEDBACK_BYTES}, or 0 when `into` is shorter. */
export function writeFeedbackReport(into: Uint8Array, report: FeedbackReport): number {
  if (into.length < FEEDBACK_BYTES) return 0;
  into[0] = FIRST_BYTE;
  into[1] = PACKET_TYPE;
  writeUint16(into, 2, WORDS_MINUS_ONE);
  writeUint32(into, 4, 0);
  writeUint32(into, 8, report.ssrc);
  writeUint32(into, 12, IDENTIFIER);
  writeUint16(into, 16, report.highestSequence);
  writeUint16(into, 18, report.packetsLate);
  for (let i = 0; i < 4; i++) writeUint32(into, 20 + 4 * i, report.received[i] ?? 0);
  writeUint32(into, 36, report.packetsReceived);
  writeUint32(into, 40, report.bytesReceived);
  writeUint16(into, 44, clamp16(report.fractionLost * 0xffff));
  writeUint16(into, 46, Math.round(Math.min(0x7fff, Math.max(-0x8000, report.delayTrend * TREND_SCALE))));
  writeUint16(into, 48, clamp16(report.minRelativeDelayMs));
  writeUint16(into, 50, clamp16(report.meanRelativeDelayMs));
  writeUint32(into, 52, report.echoTimeMs);
  writeUint16(into, 56, clamp16(report.echoHoldMs));
  writeUint16(into, 58, clamp16(report.intervalMs));
  writeUint16(into, 60, clamp16(report.playoutDelayMs));
  writeUint16(into, 62, clamp16(report.playoutTargetMs));
  writeUint32(into, 64, report.concealedMs);
  writeUint32(into, 68, report.reportTimeMs);
  return FEEDBACK_BYTES;
}

/** Reads a report into `report`; false, with `report` untouched, when the datagram is not exactly one. Never throws. */
export function parseFeedbackReport(bytes: Uint8Array, length: number, report: FeedbackReport): boolean {
  if (length !== FEEDBACK_BYTES || bytes.length < length) return false;
  if (bytes[0] !== FIRST_BYTE || bytes[1] !== PACKET_TYPE) return false;
  if (readUint16(bytes, 2) !== WORDS_MINUS_ONE || readUint32(bytes, 12) !== IDENTIFIER) return false;
  report.ssrc = readUint32(bytes, 8);
  report.highestSequence = readUint16(bytes, 16);
  report.packetsLate = readUint16(bytes, 18);
  for (let i = 0; i < 4; i++) report.received[i] = readUint32(bytes, 20 + 4 * i);
  report.packetsReceived = readUint32(bytes, 36);
  report.bytesReceived = readUint32(bytes, 40);
  report.fractionLost = readUint16(bytes, 44) / 0xffff;
  report.delayTrend = ((readUint16(bytes, 46) << 16) >> 16) / TREND_SCALE;
  report.minRelativeDelayMs = readUint16(bytes, 48);
  report.meanRelativeDelayMs = readUint16(bytes, 50);
  report.echoTimeMs = readUint32(bytes, 52);
  report.echoHoldMs = readUint16(bytes, 56);
  report.intervalMs = readUint16(bytes, 58);
  report.playoutDelayMs = readUint16(bytes, 60);
  report.playoutTargetMs = readUint16(bytes, 62);
  report.concealedMs = readUint32(bytes, 64);
  report.reportTimeMs = readUint32(bytes, 68);
  return true;
}

/** Whether `sequence` is marked received; undefined when the report does not reach back to it or it is newer. */
export function wasReceived(report: FeedbackReport, sequence: number): boolean | undefined {
  const age = (report.highestSequence - sequence) & 0xffff;
  if (age >= FEEDBACK_BITMAP_PACKETS) return undefined;
  return (((report.received[age >> 5] ?? 0) >>> (age & 31)) & 1) === 1;
}

function clamp16(value: number): number {
  return Math.round(Math.min(0xffff, Math.max(0, value)));
}
