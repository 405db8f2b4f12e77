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

/** The ends of a new block: one writer, `readers` readers. */
export type TelemetryBlock = { readonly writer: TelemetryWriterEnd; readonly readers: readonly TelemetryReaderEnd[] };

/** Makes a block of `length` numbers, all 0. */
export function createTelemetryBlock(options: {
  readonly length: number;
  readonly shared: boolean;
  readonly readers: number;
}): TelemetryBlock {
  const { length, readers } = options;
  if (options.shared) {
    const end = { kind: "shared", buffer: new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT) } as const;
    return { writer: end, readers: Array.from({ length: readers }, () => end) };
  }
  const channels = Array.from({ length: readers }, () => new MessageChannel());
  return {
    writer: { kind: "ports", ports: channels.map((channel) => channel.port1), length },
    readers: channels.map((channel) => ({ kind: "port", port: channel.port2, length })),
  };
}

/** What has to be listed as transferred when an end is posted to another thread. */
export function telemetryTransfer(end: TelemetryWriterEnd | TelemetryReaderEnd): MessagePort[] {
  switch (end.kind) {
    case "shared":
      return [];
    case "port":
      return [end.port];
    case "ports":
      return [...end.ports];
  }
}

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
    for (const port of this.#ports) {
      port.postMessage(this.values);
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
