import type { TelemetryReaderEnd, TelemetryWriterEnd } from "./telemetry-block.ts";

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
