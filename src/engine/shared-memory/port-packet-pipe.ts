import type { ClosablePacketWriter, PacketReader } from "./packet-pipe.ts";

/** Told to the writer by the reader: records dropped so far. */
type ReaderReport = { readonly overruns: number };

/**
 * Producer of a pipe over a MessagePort, for pages that are not cross-origin isolated. Each record is copied into a
 * buffer of its own and transferred, which allocates: the price of going without shared memory.
 */
export class PortPacketWriter implements ClosablePacketWriter {
  readonly #port: MessagePort;
  readonly #capacityBytes: number;
  #overruns = 0;
  #overrunsAtReader = 0;

  constructor(port: MessagePort, capacityBytes: number) {
    this.#port = port;
    this.#capacityBytes = capacityBytes;
    port.onmessage = ({ data }: MessageEvent<ReaderReport>) => {
      this.#overrunsAtReader = data.overruns;
    };
  }

  get overruns(): number {
    return this.#overruns + this.#overrunsAtReader;
  }

  write(bytes: Uint8Array, length: number): boolean {
    if (length <= 0 || length > bytes.length || length > this.#capacityBytes) {
      this.#overruns += 1;
      return false;
    }
    const copy = bytes.slice(0, length);
    this.#port.postMessage(copy, [copy.buffer as ArrayBuffer]);
    return true;
  }

  close(): void {
    this.#port.close();
  }
}

/**
 * Consumer of a pipe over a MessagePort. Keeps at most `capacityBytes` of records that came and were not read; what
 * comes on top is dropped and counted, as in a ring.
 */
export class PortPacketReader implements PacketReader {
  readonly #port: MessagePort;
  readonly #capacityBytes: number;
  readonly #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #oversized = 0;
  #overruns = 0;
  #onData: (() => void) | undefined;

  constructor(port: MessagePort, capacityBytes: number) {
    this.#port = port;
    this.#capacityBytes = capacityBytes;
    port.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
      this.#take(data);
    };
  }

  get oversized(): number {
    return this.#oversized;
  }

  get overruns(): number {
    return this.#overruns;
  }

  /** Calls `listener` after each arrival, in the task that brought it. One listener; undefined removes it. */
  onData(listener: (() => void) | undefined): void {
    this.#onData = listener;
  }

  read(into: Uint8Array): number {
    for (;;) {
      const record = this.#queue.shift();
      if (record === undefined) {
        return 0;
      }
      this.#queuedBytes -= record.length;
      if (record.length <= into.length) {
        into.set(record);
        return record.length;
      }
      this.#oversized += 1;
    }
  }

  close(): void {
    this.#onData = undefined;
    this.#port.close();
  }

  #take(record: Uint8Array): void {
    if (this.#queuedBytes + record.length > this.#capacityBytes) {
      this.#overruns += 1;
      const report: ReaderReport = { overruns: this.#overruns };
      this.#port.postMessage(report);
      return;
    }
    this.#queue.push(record);
    this.#queuedBytes += record.length;
    this.#onData?.();
  }
}
