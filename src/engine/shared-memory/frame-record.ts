/*
 * Record of one encoded frame on its way from the capture worklet to the network worker, little-endian:
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +---------------------------------------------------------------+
 *   0 |                      RTP timestamp, 48 kHz                    |
 *     +-------------------------------+---------------+---------------+
 *   4 |      frame samples, 48 kHz    | flags         | audio level   |
 *     +-------------------------------+---------------+---------------+
 *   8 | past samples that DRED covers |   samples of being held back  |
 *     +-------------------------------+-------------------------------+
 *  12 |                          Opus packet …
 *
 *   flags: bit 0 first frame of a talkspurt, bit 1 voice activity, bit 2 discontinuous transmission (a frame of silence),
 *     bit 3 what follows is held back until a voice comes
 *   audio level: −dBov, 0 (loudest) to 127 (silence), RFC 6464
 */

/** Bytes before the Opus packet in a frame record. */
export const FRAME_RECORD_HEADER_BYTES = 12;

/** Largest frame record: the header and the largest Opus packet the encoder writes. */
export const FRAME_RECORD_MAX_BYTES = FRAME_RECORD_HEADER_BYTES + 1500;

const TALKSPURT_START = 1;
const VOICE_ACTIVITY = 2;
const DTX = 4;
const PAUSE = 8;
const UINT16_MAX = 0xffff;

/** Fields of a frame record, filled by `parse` or by who writes one. One object is reused for every frame. */
export class FrameRecordView {
  /** 48 kHz capture time of the first sample, modulo 2^32. */
  rtpTimestamp = 0;
  /** Samples per channel at 48 kHz: 120, 240, 480, 960, 1920 or 2880. */
  frameSamples = 0;
  isTalkspurtStart = false;
  hasVoiceActivity = false;
  isDtx = false;
  isPause = false;
  /** −dBov, 0…127. */
  audioLevel = 127;
  /** For how long the frame was held back for the sake of a pre-roll, samples, 0…65 535. */
  heldBackSamples = 0;
  /** Samples of past audio that the frame's DRED extension covers, 0…65 535; 0 without DRED. */
  dredSamples = 0;

  /** Reads the header of a record of `length` bytes. False when it is too short to hold a payload. Never throws. */
  parse(record: Uint8Array, length: number): boolean {
    if (length <= FRAME_RECORD_HEADER_BYTES || length > record.length) {
      return false;
    }
    this.rtpTimestamp = readUint32(record, 0);
    this.frameSamples = readUint16(record, 4);
    const flags = record[6] ?? 0;
    this.isTalkspurtStart = (flags & TALKSPURT_START) !== 0;
    this.hasVoiceActivity = (flags & VOICE_ACTIVITY) !== 0;
    this.isDtx = (flags & DTX) !== 0;
    this.isPause = (flags & PAUSE) !== 0;
    this.audioLevel = (record[7] ?? 0) & 0x7f;
    this.dredSamples = readUint16(record, 8);
    this.heldBackSamples = readUint16(record, 10);
    return true;
  }
}

/** Writes a record's header into `into`, which has at least {@link FRAME_RECORD_HEADER_BYTES}. Does not allocate. */
export function writeFrameRecordHeader(into: Uint8Array, fields: Readonly<Omit<FrameRecordView, "parse">>): void {
  writeUint32(into, 0, fields.rtpTimestamp);
  writeUint16(into, 4, fields.frameSamples);
  into[6] =
    (fields.isTalkspurtStart ? TALKSPURT_START : 0) |
    (fields.hasVoiceActivity ? VOICE_ACTIVITY : 0) |
    (fields.isDtx ? DTX : 0) |
    (fields.isPause ? PAUSE : 0);
  into[7] = Math.min(127, Math.max(0, fields.audioLevel));
  writeUint16(into, 8, Math.min(UINT16_MAX, fields.dredSamples));
  writeUint16(into, 10, Math.min(UINT16_MAX, fields.heldBackSamples));
}

function readUint16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
}

function writeUint16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value & 0xff;
  bytes[offset + 1] = value >>> 8;
}

function readUint32(bytes: Uint8Array, offset: number): number {
  const low = (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
  const high = (bytes[offset + 2] ?? 0) | ((bytes[offset + 3] ?? 0) << 8);
  return (low | (high << 16)) >>> 0;
}

function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value & 0xff;
  bytes[offset + 1] = (value >>> 8) & 0xff;
  bytes[offset + 2] = (value >>> 16) & 0xff;
  bytes[offset + 3] = (value >>> 24) & 0xff;
}
