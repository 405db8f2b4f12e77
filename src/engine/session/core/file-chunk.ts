import { readUint32, writeUint32 } from "../../media/byte-order.ts";
import { fromHex, toHex } from "./hex.ts";

/** Bytes of a transfer's id. */
export const FILE_ID_BYTES = 8;

/** Header of every chunk. */
export const FILE_CHUNK_HEADER_BYTES = 16;

/** The longest message on the bulk channel; longer ones would hold voice up behind them. */
export const MAX_CHUNK_BYTES = 16 * 1024;

/** Payload of a full chunk. */
export const FILE_CHUNK_PAYLOAD_BYTES = MAX_CHUNK_BYTES - FILE_CHUNK_HEADER_BYTES;

/** A piece of a file. `payload` is a view of the message. */
export type FileChunk = { readonly id: string; readonly offset: number; readonly payload: Uint8Array };

/**
 * The wire form of one piece of a file:
 *
 *      0                   1                   2                   3
 *     +---------------------------------------------------------------+
 *     |                       transfer id (8 bytes)                   |
 *     |                                                               |
 *     +---------------------------------------------------------------+
 *     |                  offset in bytes, high 32 bits                |
 *     +---------------------------------------------------------------+
 *     |                  offset in bytes, low 32 bits                 |
 *     +---------------------------------------------------------------+
 *     |                          payload …                            |
 *
 * `id` is 16 hexadecimal digits. Throws RangeError for another id or a payload that is empty or too long.
 */
export function encodeFileChunk({ id, offset, payload }: FileChunk): Uint8Array<ArrayBuffer> {
  const idBytes = fromHex(id);
  if (idBytes?.length !== FILE_ID_BYTES || payload.length === 0 || payload.length > FILE_CHUNK_PAYLOAD_BYTES) {
    throw new RangeError(`A chunk has an id of 16 hexadecimal digits and 1 to ${FILE_CHUNK_PAYLOAD_BYTES} bytes`);
  }
  const bytes = new Uint8Array(FILE_CHUNK_HEADER_BYTES + payload.length);
  bytes.set(idBytes);
  writeUint32(bytes, 8, Math.floor(offset / 2 ** 32));
  writeUint32(bytes, 12, offset % 2 ** 32);
  bytes.set(payload, FILE_CHUNK_HEADER_BYTES);
  return bytes;
}

/** Reads one message of the bulk channel; undefined when it is no chunk. Never throws. */
export function parseFileChunk(bytes: Uint8Array): FileChunk | undefined {
  if (bytes.length <= FILE_CHUNK_HEADER_BYTES || bytes.length > MAX_CHUNK_BYTES) {
    return undefined;
  }
  const offset = readUint32(bytes, 8) * 2 ** 32 + readUint32(bytes, 12);
  if (!Number.isSafeInteger(offset)) {
    return undefined;
  }
  const id = toHex(bytes.subarray(0, FILE_ID_BYTES));
  return { id, offset, payload: bytes.subarray(FILE_CHUNK_HEADER_BYTES) };
}
