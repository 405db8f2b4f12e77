import { toHex } from "../core/hex.ts";
import { Sha256 } from "../core/sha256.ts";

/** Bytes hashed between two breaths of the event loop: a few milliseconds of work. */
const SLICE_BYTES = 256 * 1024;

/** SHA-256 of a blob of any size, in hexadecimal, slice by slice. Rejects when the blob cannot be read any more. */
export async function blobHash(blob: Blob, signal: AbortSignal): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < blob.size; at += SLICE_BYTES) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await blob.slice(at, at + SLICE_BYTES).arrayBuffer()));
  }
  return toHex(hash.digest());
}
