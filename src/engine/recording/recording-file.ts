/**
 * A growing file of one recording track. Writing is synchronous: a recording thread never waits. The origin private
 * file system in a browser's worker, memory where there is none.
 */
export interface RecordingFile {
  /** Bytes in the file. */
  readonly size: number;
  /**
   * Writes at a position inside the file or at its end.
   *
   * @throws {VoiceError} `storage-full` when the quota is used up; the file then keeps what it held before
   */
  write(bytes: Uint8Array, position: number): void;
  /** Makes what was written survive a crash of the page. */
  flush(): void;
  /** Flushes and releases the file. Idempotent. */
  close(): void;
}

const FIRST_CAPACITY = 1 << 16;

/** A recording file in memory, for browsers that keep no files and for tests. */
export class MemoryRecordingFile implements RecordingFile {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, position);
    this.#size = Math.max(this.#size, end);
  }

  flush(): void {
    // Memory has nothing to flush to.
  }

  close(): void {
    // The bytes stay readable: the recording is taken from here.
  }

  /** A copy of what was written. */
  contents(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#size);
  }
}
