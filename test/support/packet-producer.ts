import { workerData } from "node:worker_threads";
import { openPacketWriter } from "../../src/engine/shared-memory/open-packet-pipe.ts";
import type { PacketPipeEnd } from "../../src/engine/shared-memory/packet-pipe.ts";

/*
 * Entry point of a thread that writes `records` numbered records of 8 to 407 bytes into the pipe it was given, as fast
 * as the reader takes them.
 */
const { end, records } = workerData as { readonly end: PacketPipeEnd; readonly records: number };
const writer = openPacketWriter(end);
const bytes = new Uint8Array(512);
const words = new Uint32Array(bytes.buffer);
for (let index = 0; index < records; index += 1) {
  const length = 8 + (index % 400);
  words[0] = index;
  bytes[length - 1] = index & 0xff;
  while (!writer.write(bytes, length)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
  bytes[length - 1] = 0;
}
