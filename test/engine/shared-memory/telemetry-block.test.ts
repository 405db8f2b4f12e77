import { describe, expect, it, vi } from "vitest";
import { createTelemetryBlock, telemetryTransfer } from "../../../src/engine/shared-memory/create-telemetry-block.ts";
import { TelemetryReader, TelemetryWriter } from "../../../src/engine/shared-memory/telemetry-block.ts";

describe("telemetry block", () => {
  it("shows shared numbers to every reader at once", () => {
    const block = createTelemetryBlock({ length: 4, shared: true, readers: 2 });
    const writer = new TelemetryWriter(block.writer);
    const readers = block.readers.map((end) => new TelemetryReader(end));
    writer.values[2] = 42.5;
    expect(readers.map((reader) => reader.at(2))).toEqual([42.5, 42.5]);
    expect(readers[0]?.at(99)).toBe(0);
    expect(telemetryTransfer(block.writer)).toEqual([]);
  });

  it("shows published numbers to every reader over ports", async () => {
    const block = createTelemetryBlock({ length: 4, shared: false, readers: 2 });
    expect(telemetryTransfer(block.writer)).toHaveLength(2);
    const writer = new TelemetryWriter(block.writer);
    const readers = block.readers.map((end) => new TelemetryReader(end));
    writer.values[1] = -20;
    expect(readers.map((reader) => reader.at(1))).toEqual([0, 0]);
    writer.publish();
    await vi.waitFor(() => expect(readers.map((reader) => reader.at(1))).toEqual([-20, -20]));
    writer.close();
    for (const reader of readers) {
      reader.close();
    }
  });
});
