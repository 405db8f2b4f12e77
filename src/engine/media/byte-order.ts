/** Big-endian 16-bit unsigned number at `at`; bytes outside the array read as 0. */
export function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Big-endian 32-bit unsigned number at `at`; bytes outside the array read as 0. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return ((readUint16(bytes, at) << 16) | readUint16(bytes, at + 2)) >>> 0;
}

/** Writes the low 16 bits of integer `value` big-endian at `at`; bytes outside the array are dropped. */
export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

/** Writes integer `value` modulo 2^32 big-endian at `at`; bytes outside the array are dropped. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  writeUint16(bytes, at, value >>> 16);
  writeUint16(bytes, at + 2, value);
}

/** Copies `length` bytes; allocates nothing, unlike `into.set(from.subarray(…))`. Bytes outside either array are dropped. */
export function copyBytes(
  into: Uint8Array,
  intoOffset: number,
  from: Uint8Array,
  fromOffset: number,
  length: number,
): void {
  const count = Math.min(length, into.length - intoOffset, from.length - fromOffset);
  for (let i = 0; i < count; i++) into[intoOffset + i] = from[fromOffset + i] ?? 0;
}
