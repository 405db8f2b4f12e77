import { describe, expect, it, vi } from "vitest";
import { createPacketPipe, pipeTransfer } from "../../../src/engine/shared-memory/create-packet-pipe.ts";
import { openPacketReader, openPacketWriter } from "../../../src/engine/shared-memory/open-packet-pipe.ts";
import type { PacketPipe, PacketReader } from "../../../src/engine/shared-memory/packet-pipe.ts";
import { watchPackets } from "../../../src/engine/shared-memory/packet-watch.ts";

/** Waits until `count` records were announced to a watcher that reads nothing. */
function arrivals(reader: PacketReader, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    const stop = watchPackets(reader, () => {
      seen += 1;
      if (seen === count) {
        stop();
        resolve();
      }
    });
  });
}

function open(pipe: PacketPipe): { writer: ReturnType<typeof openPacketWriter>; reader: PacketReader } {
  return { writer: openPacketWriter(pipe.writer), reader: openPacketReader(pipe.reader) };
}

describe("packet pipe over message ports", () => {
  it("returns records in order and leaves the writer's bytes alone", async () => {
    const { writer, reader } = open(createPacketPipe({ shared: false }));
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const arrived = arrivals(reader, 2);
    expect(writer.write(bytes, 3)).toBe(true);
    bytes[0] = 9;
    writer.write(bytes, 4);
    await arrived;
    const into = new Uint8Array(8);
    expect(reader.read(into)).toBe(3);
    expect([...into.slice(0, 3)]).toEqual([1, 2, 3]);
    expect(reader.read(into)).toBe(4);
    expect([...into.slice(0, 4)]).toEqual([9, 2, 3, 4]);
    expect(reader.read(into)).toBe(0);
    writer.close();
    reader.close();
  });

  it("keeps no more than its capacity and tells the writer what it dropped", async () => {
    const { writer, reader } = open(createPacketPipe({ shared: false, capacityBytes: 64 }));
    const arrived = arrivals(reader, 2);
    for (let index = 0; index < 4; index += 1) {
      writer.write(new Uint8Array(32).fill(index), 32);
    }
    await arrived;
    await vi.waitFor(() => expect(writer.overruns).toBe(2));
    expect(reader.overruns).toBe(2);
    const into = new Uint8Array(32);
    expect([reader.read(into), into[0], reader.read(into), into[0], reader.read(into)]).toEqual([32, 0, 32, 1, 0]);
    writer.close();
    reader.close();
  });

  it("lists its ports for transfer, and shared memory needs none", () => {
    const ports = createPacketPipe({ shared: false });
    expect(pipeTransfer(ports.writer)).toHaveLength(1);
    expect(pipeTransfer(createPacketPipe({ shared: true }).reader)).toEqual([]);
    for (const end of [ports.writer, ports.reader]) {
      for (const port of pipeTransfer(end)) {
        port.close();
      }
    }
  });
});
