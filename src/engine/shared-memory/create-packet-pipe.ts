import type { PacketPipe, PacketPipeEnd } from "./packet-pipe.ts";
import { createPacketRing } from "./shared-packet-ring.ts";

/** Bytes in a pipe unless told otherwise: over a second of 10 ms packets at any bitrate Opus has. */
const DEFAULT_CAPACITY_BYTES = 1 << 16;

/**
 * Makes a pipe, on shared memory or over a MessageChannel. `capacityBytes` is a power of two from 64 to 2^30 (65,536
 * unless given); a record takes its length plus 4 bytes, rounded up to 4. Throws RangeError for another capacity.
 */
export function createPacketPipe(options: { readonly capacityBytes?: number; readonly shared: boolean }): PacketPipe {
  const capacityBytes = options.capacityBytes ?? DEFAULT_CAPACITY_BYTES;
  if (options.shared) {
    const end: PacketPipeEnd = { kind: "shared", buffer: createPacketRing(capacityBytes) };
    return { writer: end, reader: end };
  }
  const { port1, port2 } = new MessageChannel();
  return {
    writer: { kind: "port", port: port1, capacityBytes },
    reader: { kind: "port", port: port2, capacityBytes },
  };
}

/** What has to be listed as transferred when an end is posted to another thread. */
export function pipeTransfer(end: PacketPipeEnd): MessagePort[] {
  return end.kind === "port" ? [end.port] : [];
}
