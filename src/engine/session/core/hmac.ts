import { SHA256_BYTES, Sha256 } from "./sha256.ts";

const BLOCK_BYTES = 64;

/** HMAC-SHA-256 (RFC 2104) of the concatenation of `parts` under `key`. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const padded = new Uint8Array(BLOCK_BYTES);
  padded.set(key.length > BLOCK_BYTES ? Sha256.digest(key) : key);
  const inner = new Sha256().update(padded.map((byte) => byte ^ 0x36));
  for (const part of parts) {
    inner.update(part);
  }
  return new Sha256()
    .update(padded.map((byte) => byte ^ 0x5c))
    .update(inner.digest())
    .digest();
}

/** One block of HKDF-SHA-256 (RFC 5869): up to 32 bytes of key material for `info`. */
export function hkdfSha256(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length = SHA256_BYTES): Uint8Array {
  if (length > SHA256_BYTES) {
    throw new RangeError("HKDF gives at most 32 bytes here");
  }
  const pseudoRandomKey = hmacSha256(salt, secret);
  return hmacSha256(pseudoRandomKey, info, Uint8Array.of(1)).slice(0, length);
}

/** Whether two byte sequences are equal, in a time that does not depend on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index += 1) {
    difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  }
  return difference === 0;
}
