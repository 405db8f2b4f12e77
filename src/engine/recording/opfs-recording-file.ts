import { VoiceError } from "../voice-error.ts";
import type { RecordingFile } from "./recording-file.ts";

/** The part of the platform's `FileSystemSyncAccessHandle` that recording needs; it exists in dedicated workers only. */
export type SyncAccessHandle = {
  write(buffer: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
};

/** A recording file in the origin private file system: what is flushed survives a crash of the page. Dedicated worker. */
export class OpfsRecordingFile implements RecordingFile {
  readonly #handle: SyncAccessHandle;
  #size: number;
  #isClosed = false;

  /** Takes over an open handle and empties its file. */
  constructor(handle: SyncAccessHandle) {
    this.#handle = handle;
    handle.truncate(0);
    this.#size = 0;
  }

  get size(): number {
    return this.#size;
  }

  write(bytes: Uint8Array, position: number): void {
    let written = 0;
    try {
      written = this.#handle.write(asArrayBufferView(bytes), { at: position });
    } catch (error) {
      this.#undo();
      throw full(error);
    }
    // A full disk may take part of a page, and half a page is damage. Chromium 156 returns its error code −8 as 4294967288.
    if (written !== bytes.length) {
      this.#undo();
      throw full(undefined);
    }
    this.#size = Math.max(this.#size, position + bytes.length);
  }

  flush(): void {
    if (this.#isClosed) return;
    try {
      this.#handle.flush();
    } catch (error) {
      throw full(error);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#handle.flush();
    } catch {
      // Every page was flushed as it was written: what a full disk does not take now is not part of the recording.
    } finally {
      this.#handle.close();
    }
  }

  #undo(): void {
    if (this.#handle.getSize() > this.#size) this.#handle.truncate(this.#size);
  }
}

function asArrayBufferView(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

function full(cause: unknown): VoiceError {
  return new VoiceError(
    "storage-full",
    "Cannot record any further: the browser's storage is full. Delete recordings or free space on the disk",
    { cause },
  );
}
