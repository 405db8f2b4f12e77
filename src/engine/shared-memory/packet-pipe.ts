/**
 * One end of a pipe of byte records between two threads, in a form that can be posted to the thread that will use it:
 * shared memory when the page is cross-origin isolated, a MessagePort (to be transferred) otherwise.
 */
export type PacketPipeEnd =
  | { readonly kind: "shared"; readonly buffer: SharedArrayBuffer }
  | { readonly kind: "port"; readonly port: MessagePort; readonly capacityBytes: number };

/** Both ends of a pipe. */
export type PacketPipe = { readonly writer: PacketPipeEnd; readonly reader: PacketPipeEnd };

/** The producer's end of a pipe. One thread, one object. */
export interface PacketWriter {
  /** Appends one record, or drops it whole and returns false when there is no room. On shared memory it allocates nothing. */
  write(bytes: Uint8Array, length: number): boolean;
  /** Records dropped so far because there was no room. */
  readonly overruns: number;
}

/** A producer's end that its owner can close. */
export interface ClosablePacketWriter extends PacketWriter {
  /** Releases the port, where there is one. Idempotent. */
  close(): void;
}

/** The consumer's end of a pipe. One thread, one object. */
export interface PacketReader {
  /**
   * Copies the oldest record into `into` and returns its length in bytes; 0 when there is none. A record longer than
   * `into` is skipped and counted.
   */
  read(into: Uint8Array): number;
  /** Records skipped so far because they did not fit the buffer they were read into. */
  readonly oversized: number;
  /** Records dropped so far because there was no room. */
  readonly overruns: number;
  /** Releases the port, where there is one. Idempotent. */
  close(): void;
}
