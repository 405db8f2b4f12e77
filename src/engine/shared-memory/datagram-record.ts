/*
 * Record of one datagram on its way from the network worker to the playback worklet: the arrival time as a
 * little-endian 64-bit float (performance.timeOrigin + performance.now() of the worker, ms), then the RTP packet as it
 * came from the network.
 */

/** Bytes before the RTP packet in a datagram record. */
export const DATAGRAM_RECORD_HEADER_BYTES = 8;

/** Largest datagram record: the header and the largest voice packet on the wire. */
export const DATAGRAM_RECORD_MAX_BYTES = DATAGRAM_RECORD_HEADER_BYTES + 1200;

/** Builds datagram records in a buffer of its own. Does not allocate after construction. */
export class DatagramRecordWriter {
  /** The record; its first `write` bytes are valid. */
  readonly bytes = new Uint8Array(DATAGRAM_RECORD_MAX_BYTES);
  readonly #view = new DataView(this.bytes.buffer);

  /** Puts the first `length` bytes of `datagram` behind a header. Returns the record's length, 0 when it is too long. */
  write(datagram: Uint8Array, length: number, arrivalMs: number): number {
    if (length <= 0 || length > DATAGRAM_RECORD_MAX_BYTES - DATAGRAM_RECORD_HEADER_BYTES || length > datagram.length) {
      return 0;
    }
    this.#view.setFloat64(0, arrivalMs, true);
    for (let index = 0; index < length; index += 1) {
      this.bytes[DATAGRAM_RECORD_HEADER_BYTES + index] = datagram[index] ?? 0;
    }
    return DATAGRAM_RECORD_HEADER_BYTES + length;
  }
}
