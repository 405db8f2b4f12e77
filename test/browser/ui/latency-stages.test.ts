import { expect } from "chai";
import type { EngineStatistics, PeerStatistics } from "../../../src/engine/index.ts";
import { incomingPath, outgoingPath, totalMs } from "../../../src/ui/screens/diagnostics/latency-stages.ts";

const engine = {
  output: { contextRate: 48_000, quantumFrames: 128, baseLatency: 0.003, outputLatency: 0.008, underruns: undefined },
  localStreams: [
    {
      ssrc: 7,
      framesSent: 100,
      frameMs: 20,
      encoderLookaheadMs: 6.5,
      chainLatencyMs: 11,
      contextRate: 48_000,
      quantumFrames: 128,
    },
  ],
} as unknown as EngineStatistics;

const peer = {
  streams: [{ packetsReceived: 50, currentDelayMs: 31 }],
  roundTripTimeMs: 40,
  link: { outgoing: [{ ssrc: 7, remote: { playoutDelayMs: 25 } }] },
} as unknown as PeerStatistics;

describe("the latency bar", () => {
  it("adds what this side knows of the way out", () => {
    const path = outgoingPath(engine, peer);
    expect(path?.stages.map(({ name }) => name)).to.deep.equal([
      "capture",
      "processing",
      "encode",
      "network",
      "jitter buffer",
    ]);
    expect(path === undefined ? 0 : totalMs(path)).to.be.closeTo(128 / 48 + 11 + 26.5 + 20 + 25, 1e-9);
  });

  it("adds what this side knows of the way in", () => {
    const path = incomingPath(engine, peer);
    expect(path === undefined ? 0 : totalMs(path)).to.be.closeTo(20 + 31 + 128 / 48 + 11, 1e-9);
  });

  it("shows nothing before anything has been sent or received", () => {
    expect(incomingPath(engine, { ...peer, streams: [] })).to.equal(undefined);
    expect(outgoingPath({ ...engine, localStreams: [] }, peer)).to.equal(undefined);
  });
});
