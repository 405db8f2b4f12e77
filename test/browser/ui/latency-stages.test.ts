import { expect } from "chai";
import type { EngineStatistics, MemberDelays, PeerStatistics } from "../../../src/engine/index.ts";
import { incomingPath, outgoingPath, totalMs } from "../../../src/ui/screens/diagnostics/latency-stages.ts";

const OURS: MemberDelays = { captureMs: 2.7, processingMs: 11, encodeMs: 26.5, decodeMs: 1.5, outputMs: 11 };
const THEIRS: MemberDelays = { captureMs: 10, processingMs: 0, encodeMs: 12.5, decodeMs: 2, outputMs: 40 };

const engine = { delays: OURS, localStreams: [{ ssrc: 7, framesSent: 100 }] } as unknown as EngineStatistics;

const peer = {
  streams: [{ ssrc: 9, packetsReceived: 50, currentDelayMs: 31 }],
  roundTripTimeMs: 40,
  link: { outgoing: [{ ssrc: 7, remote: { playoutDelayMs: 25 } }], incoming: [{ ssrc: 9, oneWayMs: undefined }] },
} as unknown as PeerStatistics;

const ALL = ["capture", "processing", "encode", "network", "jitter buffer", "decode", "output"];

const namesOf = (path: ReturnType<typeof incomingPath>): readonly string[] =>
  path?.stages.map(({ name }) => name) ?? [];

const sumOf = (path: ReturnType<typeof incomingPath>): number => (path === undefined ? Number.NaN : totalMs(path));

describe("the latency bar", () => {
  it("adds what this side knows of the way out, and names what it does not", () => {
    const path = outgoingPath(engine, peer);
    expect(namesOf(path)).to.deep.equal(ALL.slice(0, 5));
    expect(sumOf(path)).to.be.closeTo(2.7 + 11 + 26.5 + 20 + 25, 1e-9);
    expect(path?.unknown).to.equal("decoding and output on their side");
  });

  it("adds what this side knows of the way in, and names what it does not", () => {
    const path = incomingPath(engine, peer);
    expect(namesOf(path)).to.deep.equal(ALL.slice(3));
    expect(sumOf(path)).to.be.closeTo(20 + 31 + 1.5 + 11, 1e-9);
    expect(path?.unknown).to.contain("microphone");
  });

  it("reaches from mouth to ear when the other side has told its part and the clocks are compared", () => {
    const link = { ...peer.link, incoming: [{ ssrc: 9, oneWayMs: 28 }] };
    const known = { ...peer, delays: THEIRS, link } as unknown as PeerStatistics;
    const [incoming, outgoing] = [incomingPath(engine, known), outgoingPath(engine, known)];
    expect([namesOf(incoming), namesOf(outgoing)]).to.deep.equal([ALL, ALL]);
    expect(sumOf(incoming)).to.be.closeTo(10 + 0 + 12.5 + 28 + 31 + 1.5 + 11, 1e-9);
    expect(sumOf(outgoing)).to.be.closeTo(2.7 + 11 + 26.5 + 12 + 25 + 2 + 40, 1e-9);
    expect([incoming?.unknown, outgoing?.unknown]).to.deep.equal(["", ""]);
  });

  it("shows nothing before anything has been sent or received", () => {
    expect(incomingPath(engine, { ...peer, streams: [] })).to.equal(undefined);
    expect(outgoingPath({ ...engine, localStreams: [] }, peer)).to.equal(undefined);
  });
});
