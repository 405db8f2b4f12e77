import { describe, expect, it } from "vitest";
import { recordedDatagrams } from "../../bench/replay-recorded.ts";
import { arrivalTraceFile } from "../../src/engine/arrival-trace.ts";

const packet = (index: number, arrivalMs: number) => ({
  sequenceNumber: (65_534 + index) & 0xffff,
  timestamp: (4_294_967_000 + index * 960) >>> 0,
  arrivalMs,
  length: 80,
});

describe("the trace of arrivals", () => {
  it("orders packets across the wrap of sequence number and timestamp, with null for the lost one", () => {
    const file = arrivalTraceFile([packet(0, 1000), packet(1, 1021), packet(4, 1082), packet(3, 1083)]);
    expect(file).toEqual({
      frameDuration: 20,
      packets: [
        { sent: 0, arrival: 0 },
        { sent: 20, arrival: 21 },
        { sent: 40, arrival: null },
        { sent: 60, arrival: 83 },
        { sent: 80, arrival: 82 },
      ],
    });
  });

  it("gives the fastest packet no delay, whichever it was", () => {
    const file = arrivalTraceFile([packet(0, 1030), packet(1, 1020), packet(2, 1045)]);
    expect(file?.packets.map(({ sent, arrival }) => (arrival ?? 0) - sent)).toEqual([30, 0, 5]);
  });

  it("is nothing before two packets have come", () => {
    expect(arrivalTraceFile([packet(0, 5)])).toBeUndefined();
  });

  it("holds the datagrams in the order they came where payloads were asked for, as the replay reads them", () => {
    const withSound = [1, 0].map((index) => ({
      ...packet(index, 1000 + 5 * index),
      datagram: Uint8Array.of(128, index, 255),
    }));
    const file = arrivalTraceFile([...withSound].reverse());
    expect(recordedDatagrams(file)).toEqual([
      { time: 0, datagram: Uint8Array.of(128, 0, 255) },
      { time: 5, datagram: Uint8Array.of(128, 1, 255) },
    ]);
    expect(arrivalTraceFile([packet(0, 0), packet(1, 20)])).not.toHaveProperty("datagrams");
  });
});
