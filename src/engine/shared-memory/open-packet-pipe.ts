import type { ClosablePacketWriter, PacketPipeEnd, PacketReader } from "./packet-pipe.ts";
import { PortPacketReader, PortPacketWriter } from "./port-packet-pipe.ts";
import { SharedPacketReader, SharedPacketWriter } from "./shared-packet-ring.ts";

/** Opens the producer's end in the thread that writes. */
export function openPacketWriter(end: PacketPipeEnd): ClosablePacketWriter {
  return end.kind === "shared" ? new SharedPacketWriter(end.buffer) : new PortPacketWriter(end.port, end.capacityBytes);
}

/** Opens the consumer's end in the thread that reads. */
export function openPacketReader(end: PacketPipeEnd): PacketReader {
  return end.kind === "shared" ? new SharedPacketReader(end.buffer) : new PortPacketReader(end.port, end.capacityBytes);
}
