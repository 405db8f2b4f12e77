/**
 * A writer's end of a block of numbers that one thread fills and others look at: shared memory when the page is
 * cross-origin isolated, else one MessagePort per reader over which copies are posted.
 */
export type TelemetryWriterEnd =
  | { readonly kind: "shared"; readonly buffer: SharedArrayBuffer }
  | { readonly kind: "ports"; readonly ports: readonly MessagePort[]; readonly length: number };

/** A reader's end of a telemetry block. */
export type TelemetryReaderEnd =
  | { readonly kind: "shared"; readonly buffer: SharedArrayBuffer }
  | { readonly kind: "port"; readonly port: MessagePort; readonly length: number };

/**
 * The producer of a block. Fill `values`, then call `publish`, at most 20 times a second. Readers of shared memory see
 * each number as soon as it is stored, so a reader may see numbers of two moments side by side.
 */
export class TelemetryWriter {
  /** The block. The same array for life. */
  readonly values: Float64Array;
  readonly #ports: readonly MessagePort[];

  constructor(end: TelemetryWriterEnd) {
    this.values = end.kind === "shared" ? new Float64Array(end.buffer) : new Float64Array(end.length);
    this.#ports = end.kind === "shared" ? [] : end.ports;
  }

  /** Without shared memory: posts a copy to every reader. */
  publish(): void {
    // By index: an iterator would be an object per call on the audio thread.
    for (let index = 0; index < this.#ports.length; index++) {
      this.#ports[index]?.postMessage(this.values);
    }
  }

  close(): void {
    for (const port of this.#ports) {
      port.close();
    }
  }
}

/** A consumer of a block. `values` holds the newest numbers at any time. */
export class TelemetryReader {
  /** The block. The same array for life. Do not write. */
  readonly values: Float64Array;
  readonly #port: MessagePort | undefined;

  constructor(end: TelemetryReaderEnd) {
    if (end.kind === "shared") {
      this.values = new Float64Array(end.buffer);
      return;
    }
    this.values = new Float64Array(end.length);
    this.#port = end.port;
    end.port.onmessage = ({ data }: MessageEvent<Float64Array>) => this.values.set(data);
  }

  /** The number at `index`, 0 outside the block. */
  at(index: number): number {
    return this.values[index] ?? 0;
  }

  close(): void {
    this.#port?.close();
  }
}
