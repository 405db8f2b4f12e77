import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sdpFingerprint } from "../../../src/engine/transport/sdp-fingerprint.ts";
import { SignalFilter } from "../../../src/engine/transport/signal-filter.ts";
import { isAcceptableSignal, MAX_SIGNAL_BYTES } from "../../../src/engine/transport/signal-message.ts";

const FINGERPRINT = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0").toUpperCase()).join(
  ":",
);

const offer = (src: string, connectionId: string) => ({
  type: "OFFER",
  src,
  dst: "me",
  payload: { type: "data", connectionId, serialization: "raw", sdp: { type: "offer", sdp: "v=0" } },
});

const candidate = (src: string, connectionId: string, index = 0) => ({
  type: "CANDIDATE",
  src,
  dst: "me",
  payload: { type: "data", connectionId, candidate: { candidate: `candidate:${index}` } },
});

describe("the filter in front of PeerJS", () => {
  it("judges whatever arrives without throwing", () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        const verdict = new SignalFilter(() => false, 0).judge(message, 0);
        expect(["pass", "drop", "private", "unknown-id"]).toContain(verdict.type);
      }),
      { numRuns: 500 },
    );
  });

  it("passes an offer together with the candidates that overtook it", () => {
    const filter = new SignalFilter(() => false, 0);
    expect(filter.judge(candidate("a", "c1"), 0).type).toBe("drop");
    const verdict = filter.judge(offer("a", "c1"), 0);
    expect(verdict).toMatchObject({ type: "pass", messages: [offer("a", "c1"), candidate("a", "c1")] });
    expect(filter.dropped).toBe(0);
  });

  it("drops an offer for a connection that exists: PeerJS would close it on the server's word", () => {
    const filter = new SignalFilter((src, id) => src === "a" && id === "c1", 0);
    expect(filter.judge(offer("a", "c1"), 0).type).toBe("drop");
    expect(filter.judge(candidate("a", "c1"), 0).type).toBe("pass");
  });

  it("lets a flood of offers through at a bounded rate, and keeps a bounded number of early candidates", () => {
    const filter = new SignalFilter(() => false, 0);
    let passed = 0;
    for (let index = 0; index < 10_000; index += 1) {
      passed += filter.judge(offer(`a${index}`, `c${index}`), 0).type === "pass" ? 1 : 0;
      filter.judge(candidate("b", `d${index}`, index), 0);
    }
    expect(passed).toBeLessThan(200);
    expect(filter.dropped).toBeGreaterThan(19_000);
  });

  it("never lets anybody say that the other side has left", () => {
    const filter = new SignalFilter(() => true, 0);
    expect(filter.judge({ type: "LEAVE", src: "a", dst: "me" }, 0).type).toBe("drop");
  });

  it("says which id nobody holds", () => {
    const filter = new SignalFilter(() => false, 0);
    expect(filter.judge({ type: "EXPIRE", src: "gone", dst: "me" }, 0)).toEqual({ type: "unknown-id", id: "gone" });
    expect(filter.judge({ type: "EXPIRE", src: 7 }, 0).type).toBe("drop");
  });
});

describe("what the server relays", () => {
  it("is offers, answers and candidates of raw data connections between well-formed ids", () => {
    expect(isAcceptableSignal(JSON.stringify(offer("a", "c1")))).toBe(true);
    expect(isAcceptableSignal('{"type":"HEARTBEAT"}')).toBe(true);
    for (const type of ["OPEN", "LEAVE", "EXPIRE", "ERROR", "__proto__"]) {
      expect(isAcceptableSignal(JSON.stringify({ ...offer("a", "c1"), type }))).toBe(false);
    }
    expect(isAcceptableSignal(JSON.stringify({ ...offer("a", "c1"), dst: "../x" }))).toBe(false);
    expect(isAcceptableSignal(JSON.stringify({ ...offer("a", "c1"), dst: "x".repeat(200) }))).toBe(false);
    expect(isAcceptableSignal(`{"type":"HEARTBEAT","x":"${"y".repeat(MAX_SIGNAL_BYTES)}"}`)).toBe(false);
    expect(isAcceptableSignal("{")).toBe(false);
  });
});

describe("the fingerprint of a session description", () => {
  it("is the one SHA-256 fingerprint, however often it is given", () => {
    const line = `a=fingerprint:sha-256 ${FINGERPRINT}\r\n`;
    expect(sdpFingerprint(`v=0\r\n${line}m=application\r\n${line}`)).toBe(FINGERPRINT);
    expect(sdpFingerprint(`v=0\r\na=fingerprint:SHA-256 ${FINGERPRINT.toLowerCase()}\r\n`)).toBe(FINGERPRINT);
  });

  it("is none when there are two, when another hash is used, or when it is malformed", () => {
    const other = FINGERPRINT.replace("00", "FF");
    const line = (hash: string, value: string): string => `a=fingerprint:${hash} ${value}\r\n`;
    expect(sdpFingerprint("v=0\r\n")).toBeUndefined();
    expect(sdpFingerprint(line("sha-256", FINGERPRINT) + line("sha-256", other))).toBeUndefined();
    expect(sdpFingerprint(line("sha-256", FINGERPRINT) + line("sha-1", "AA:BB"))).toBeUndefined();
    expect(sdpFingerprint(line("sha-256", "AA:BB"))).toBeUndefined();
    expect(sdpFingerprint(line("md5", FINGERPRINT))).toBeUndefined();
  });
});
