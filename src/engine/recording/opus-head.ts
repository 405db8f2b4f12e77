/** What the identification header of an Ogg Opus file says. */
export type OpusHead = {
  readonly channels: 1 | 2;
  /** Samples at 48 kHz that a player discards at the start: the encoder's look-ahead. 0…65 535. */
  readonly preSkip: number;
  /** Rate of the original recording in hertz, for information only. */
  readonly inputRate: number;
};

/*
 * "OpusHead", version 1, channel count, pre-skip (u16), input rate (u32), output gain (i16), mapping family 0.
 * Little-endian. RFC 7845 §5.1.
 */
const LENGTH = 19;
const MAGIC = [0x4f, 0x70, 0x75, 0x73, 0x48, 0x65, 0x61, 0x64] as const;

/** The 19 bytes of the identification header, mapping family 0, no output gain. */
export function writeOpusHead({ channels, preSkip, inputRate }: OpusHead): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LENGTH);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes[8] = 1;
  bytes[9] = channels;
  view.setUint16(10, preSkip, true);
  view.setUint32(12, inputRate, true);
  return bytes;
}

/** Reads an identification header; undefined when it is not one, or has a channel layout that we do not play. */
export function readOpusHead(bytes: Uint8Array): OpusHead | undefined {
  if (bytes.length < LENGTH || MAGIC.some((value, index) => bytes[index] !== value)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const channels = view.getUint8(9);
  const isVersionOne = view.getUint8(8) >> 4 === 0;
  if (!isVersionOne || view.getUint8(18) !== 0 || (channels !== 1 && channels !== 2)) return undefined;
  return { channels, preSkip: view.getUint16(10, true), inputRate: view.getUint32(12, true) };
}
