import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { watchPackets } from "../../../src/engine/shared-memory/packet-watch.ts";
import {
  createPacketRing,
  SharedPacketReader,
  SharedPacketWriter,
} from "../../../src/engine/shared-memory/shared-packet-ring.ts";

const RECORD = Uint8Array.of(1, 2, 3);

/** A ring with a watcher that takes at most `atOnce` records a call. */
function watchedRing(atOnce: number) {
  const buffer = createPacketRing(1024);
  const writer = new SharedPacketWriter(buffer);
  const reader = new SharedPacketReader(buffer);
  const into = new Uint8Array(16);
  const seen = { calls: 0, records: 0 };
  const start = () =>
    watchPackets(reader, () => {
      seen.calls++;
      for (let i = 0; i < atOnce && reader.read(into) > 0; i++) seen.records++;
    });
  return { writer, seen, start };
}

/** Lets everything that is due happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await setImmediate();
}

describe("watching a packet ring", () => {
  it("tells of what was written before it began, and of every record after", async () => {
    const { writer, seen, start } = watchedRing(10);
    writer.write(RECORD, 3);
    const stop = start();
    await settle();
    expect(seen.records).toBe(1);
    writer.write(RECORD, 3);
    writer.write(RECORD, 3);
    await settle();
    expect(seen.records).toBe(3);
    stop();
  });

  it("leaves the thread to others when the watcher does not empty the ring", async () => {
    const { writer, seen, start } = watchedRing(1);
    for (let i = 0; i < 3; i++) writer.write(RECORD, 3);
    const stop = start();
    await settle();
    expect(seen).toEqual({ calls: 1, records: 1 });
    writer.write(RECORD, 3);
    await settle();
    expect(seen).toEqual({ calls: 2, records: 2 });
    stop();
  });

  it("calls nobody after it was stopped", async () => {
    const { writer, seen, start } = watchedRing(10);
    start()();
    writer.write(RECORD, 3);
    await settle();
    expect(seen.calls).toBe(0);
  });
});
