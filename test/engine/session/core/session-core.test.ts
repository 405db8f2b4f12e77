import { createHash, createHmac, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BulkPacer } from "../../../../src/engine/session/core/bulk-pacer.ts";
import { encodeControlMessage, parseControlMessage } from "../../../../src/engine/session/core/control-message.ts";
import { displayName } from "../../../../src/engine/session/core/display-name.ts";
import {
  encodeFileChunk,
  FILE_CHUNK_PAYLOAD_BYTES,
  parseFileChunk,
} from "../../../../src/engine/session/core/file-chunk.ts";
import { Handshake, type HandshakeStep } from "../../../../src/engine/session/core/handshake.ts";
import { toHex } from "../../../../src/engine/session/core/hex.ts";
import { hkdfSha256, hmacSha256 } from "../../../../src/engine/session/core/hmac.ts";
import { Liveness } from "../../../../src/engine/session/core/liveness.ts";
import { RoomKeys } from "../../../../src/engine/session/core/room-keys.ts";
import { Roster } from "../../../../src/engine/session/core/roster.ts";
import { safeFileName } from "../../../../src/engine/session/core/safe-file-name.ts";
import { safeMediaType } from "../../../../src/engine/session/core/safe-media-type.ts";
import { Sha256 } from "../../../../src/engine/session/core/sha256.ts";
import { utf8Bytes } from "../../../../src/engine/session/core/utf8.ts";

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

describe("hashing without the platform", () => {
  it("agrees with the platform's SHA-256, whatever pieces the data comes in", () => {
    fc.assert(
      fc.property(fc.array(bytes(200), { maxLength: 8 }), (pieces) => {
        const hash = new Sha256();
        const reference = createHash("sha256");
        for (const piece of pieces) {
          hash.update(piece);
          reference.update(piece);
        }
        expect(toHex(hash.digest())).toBe(reference.digest("hex"));
      }),
    );
  });

  it("agrees with the platform's HMAC, HKDF and UTF-8", () => {
    fc.assert(
      fc.property(bytes(100), bytes(100), fc.string({ unit: "binary" }), (key, data, text) => {
        expect(toHex(hmacSha256(key, data))).toBe(createHmac("sha256", key).update(data).digest("hex"));
        const derived = Buffer.from(hkdfSync("sha256", key, data, "info", 32)).toString("hex");
        expect(toHex(hkdfSha256(key, data, utf8Bytes("info")))).toBe(derived);
        expect(utf8Bytes(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)));
      }),
    );
  });
});

describe("control messages", () => {
  it("are read or refused, and never throw, whatever arrives", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 20 }), bytes(50)), (data) => {
        const parsed = parseControlMessage(data);
        expect("message" in parsed || "drop" in parsed).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("survive mutation of a valid message without throwing", () => {
    const valid = encodeControlMessage({
      type: "welcome",
      name: "Ada",
      identity: "i",
      order: 1,
      presence: { isMuted: false, isDeafened: false },
      streams: [{ ssrc: 1, kind: "microphone", label: "mic", channels: 1 }],
      roster: [{ id: "a", order: 0 }],
      policy: { isLocked: false, isAdmissionRequired: false },
      capabilities: [],
    });
    expect("message" in parseControlMessage(valid)).toBe(true);
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.string({ maxLength: 4 }), (at, text) => {
        parseControlMessage(valid.slice(0, at) + text + valid.slice(at + 1));
      }),
    );
  });
});

describe("the handshake", () => {
  const PRINTS = { a: "AA:AA", b: "BB:BB" };

  /** Runs both ends against each other until one of them is through. */
  const run = (keys: readonly [string, string], prints: { readonly a: string; readonly b: string } = PRINTS) => {
    const make = (peerId: string, isInitiator: boolean, key: string, own: string, other: string): Handshake =>
      new Handshake({
        key: utf8Bytes(key),
        peerId,
        purpose: "member",
        isInitiator,
        nonce: new Uint8Array(16).fill(isInitiator ? 1 : 2),
        fingerprints: { local: own, remote: other },
      });
    const a = make("a", true, keys[0], PRINTS.a, prints.b);
    const b = make("b", false, keys[1], PRINTS.b, prints.a);
    const ends: Record<string, HandshakeStep> = {};
    const queue = [
      { to: "b", message: a.start() },
      { to: "a", message: b.start() },
    ];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { to, message } = next;
      const step = (to === "a" ? a : b).receive(message);
      if (step.type === "pending") {
        queue.push(...step.replies.map((reply) => ({ to: to === "a" ? "b" : "a", message: reply })));
      } else {
        ends[to] ??= step;
      }
    }
    return ends;
  };

  it("proves both sides to each other and gives both the same digits", () => {
    const { a, b } = run(["key", "key"]);
    expect(a).toMatchObject({ type: "proven", remoteId: "b" });
    expect(b).toMatchObject({ type: "proven", remoteId: "a" });
    expect(a?.type === "proven" && b?.type === "proven" && a.sas === b.sas).toBe(true);
  });

  it("tells a wrong key from a swapped certificate, on both sides", () => {
    expect(run(["key", "other"])).toMatchObject({ a: { reason: "wrong-secret" }, b: { reason: "wrong-secret" } });
    expect(run(["key", "key"], { a: "CC:CC", b: "DD:DD" })).toMatchObject({
      a: { reason: "intercepted" },
      b: { reason: "intercepted" },
    });
  });

  it("refuses a version that is too new, and anything out of order", () => {
    const make = (): Handshake =>
      new Handshake({
        key: utf8Bytes("key"),
        peerId: "a",
        purpose: "member",
        isInitiator: true,
        nonce: new Uint8Array(16),
        fingerprints: { local: "A", remote: "B" },
      });
    const hello = {
      type: "hello",
      version: 9,
      oldestVersion: 9,
      peerId: "b",
      purpose: "member",
      commitment: "0".repeat(64),
    } as const;
    expect(make().receive(hello)).toMatchObject({ type: "failed", reason: "version" });
    expect(make().receive({ type: "reveal", nonce: "0".repeat(32) })).toMatchObject({ reason: "protocol" });
    expect(make().receive({ type: "chat", id: "1", text: "hi" })).toMatchObject({ reason: "protocol" });
  });
});

describe("the keys of a room", () => {
  it("differ by name and by secret, and open rooms have their door at the first meeting point", () => {
    const ids = [RoomKeys.derive("a", "x"), RoomKeys.derive("a", "y"), RoomKeys.derive("b", "x")].map((keys) =>
      keys.beaconId(0),
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(RoomKeys.derive("a").beaconId(0)).toBe(RoomKeys.derive("a", "x").doorId());
    expect(() => RoomKeys.derive(" ")).toThrow(RangeError);
  });
});

describe("the roster", () => {
  it("seats nobody before those who were there", () => {
    const roster = new Roster("me");
    roster.beSeated(3, [{ id: "host", order: 0 }]);
    roster.add({ id: "liar", order: 0 });
    expect(roster.seats.map(({ id }) => id)).toEqual(["host", "me", "liar"]);
  });

  it("gives a former member its place back, and holds no more than its size however many come", () => {
    const roster = new Roster("me");
    roster.beSeated(3, [{ id: "host", order: 0 }]);
    roster.remove("host");
    expect(roster.hostId).toBe("me");
    roster.add({ id: "host", order: 9 });
    expect(roster.hostId).toBe("host");
    for (let index = 0; index < 10_000; index += 1) {
      roster.add({ id: `x${index}`, order: index });
    }
    expect(roster.size).toBe(64);
  });
});

describe("liveness", () => {
  it("never asks for anything before it is due, whatever the rhythm of its ticks", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 60 }), (gaps) => {
        const liveness = new Liveness(0);
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          for (const action of liveness.tick(now)) {
            if (action === "restart") expect(now).toBeGreaterThanOrEqual(1500);
            if (action === "interrupted") expect(now).toBeGreaterThanOrEqual(3000);
            if (action === "redial") expect(now).toBeGreaterThanOrEqual(2500);
            if (action === "lost") expect(now).toBeGreaterThanOrEqual(30_000);
          }
        }
      }),
    );
  });

  it("counts silence from when something came, not from when it is told of", () => {
    const liveness = new Liveness(0);
    for (let now = 500; now <= 4000; now += 500) {
      liveness.tick(now);
      // Voice that came up to half a second ago, told of late and out of order.
      expect(liveness.heard(now - 400)).toBe(false);
      expect(liveness.heard(now - 900)).toBe(false);
      expect(liveness.silenceMs(now)).toBe(400);
    }
    const actions: string[] = [];
    for (let now = 4500; now <= 7000; now += 500) actions.push(...liveness.tick(now));
    expect(actions).toContain("interrupted");
    expect(liveness.heard(6900)).toBe(true);
  });
});

describe("when another path is looked for", () => {
  /** When `liveness` asks for a restart in the time given, ticked every `stepMs`, `each` called before each tick. */
  const restarts = (stepMs: number, untilMs: number, each: (liveness: Liveness, now: number) => void): number[] => {
    const liveness = new Liveness(0);
    const found: number[] = [];
    for (let now = 0; now <= untilMs; now += stepMs) {
      each(liveness, now);
      if (liveness.tick(now).includes("restart")) found.push(now);
    }
    return found;
  };

  it("is before the link counts as interrupted, and every two seconds from then on", () => {
    expect(restarts(100, 6000, () => undefined)).toEqual([1500, 3500, 5500]);
  });

  it("is never while voice and answers come, even to a page that looks once a second", () => {
    expect(restarts(100, 30_000, (liveness, now) => now % 1000 === 900 && liveness.linkHeard(now))).toEqual([]);
    expect(restarts(1999, 60_000, (liveness, now) => liveness.linkHeard(now - 1900))).toEqual([]);
  });

  it("comes when only the link itself is silent, every five seconds", () => {
    expect(restarts(100, 16_000, (liveness, now) => liveness.heard(now - 20))).toEqual([5000, 10_000, 15_000]);
  });

  it("is not after a gap in one's own ticks, until a new question went unanswered", () => {
    const liveness = new Liveness(0);
    liveness.tick(1000);
    expect(liveness.tick(9000)).not.toContain("restart");
    expect(liveness.tick(9400)).not.toContain("restart");
    expect(liveness.tick(9600)).toContain("restart");
  });
});

describe("what peers choose for others to see", () => {
  it("is one line of visible characters, whatever they send", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const name = displayName(text);
        expect(name).not.toBe("");
        expect(Array.from(name).length).toBeLessThanOrEqual(48);
        expect(name).not.toMatch(/\p{C}|\p{Zl}|\p{Zp}/u);
      }),
    );
  });

  it("is a file name without a path that can be saved anywhere", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const name = safeFileName(text);
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}]/u);
        expect(name).not.toMatch(/^\.|^$/);
        expect(Array.from(name).length).toBeLessThanOrEqual(96);
      }),
    );
    expect(safeFileName("C:\\windows\\con.txt")).toBe("_con.txt");
    expect(safeFileName("report.final.pdf")).toBe("report.final.pdf");
  });

  it("is no media type that runs anything", () => {
    for (const type of ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "", "x"]) {
      expect(safeMediaType(type)).toBe("application/octet-stream");
    }
    expect(safeMediaType("Audio/Ogg; codecs=opus")).toBe("audio/ogg");
  });
});

describe("file chunks", () => {
  it("come back as they were sent", () => {
    const offset = fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs));
    const payload = fc.uint8Array({ minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), offset, payload, (id, at, data) => {
        const chunk = parseFileChunk(encodeFileChunk({ id: toHex(id), offset: at, payload: data }));
        expect(chunk).toEqual({ id: toHex(id), offset: at, payload: data });
      }),
    );
    expect(() => encodeFileChunk({ id: "0", offset: 0, payload: new Uint8Array(1) })).toThrow(RangeError);
    const long = new Uint8Array(FILE_CHUNK_PAYLOAD_BYTES + 1);
    expect(() => encodeFileChunk({ id: "0".repeat(16), offset: 0, payload: long })).toThrow(RangeError);
  });

  it("are read or refused, whatever arrives", () => {
    fc.assert(
      fc.property(bytes(100), (data) => {
        parseFileChunk(data);
      }),
    );
  });
});

describe("the pace of files beside voice", () => {
  const calm = { isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 };
  /** Sends as much as `pacer` lets through for `seconds`, with two reports like `report` a second. */
  function transfer(pacer: BulkPacer, fromMs: number, seconds: number, report = calm): void {
    for (let now = fromMs; now < fromMs + 1000 * seconds; now += 5) {
      while (pacer.take(16_384, now));
      if (now % 500 === 0) pacer.report(report);
    }
  }

  it("rises while voice does not queue, falls when it does, and has no limit without voice", () => {
    const pacer = new BulkPacer(0);
    expect(pacer.rate).toBe(Number.POSITIVE_INFINITY);
    pacer.report(calm);
    const start = pacer.rate;
    transfer(pacer, 0, 6);
    const fast = pacer.rate;
    expect(fast).toBeGreaterThan(4 * start);
    pacer.take(1_000, 6000);
    pacer.report({ ...calm, queueDelayMs: 80 });
    expect(pacer.rate).toBeLessThan(0.7 * fast);
    pacer.report({ ...calm, isVoiceFlowing: false });
    expect(pacer.rate).toBe(Number.POSITIVE_INFINITY);
  });

  it("falls when voice is kept back, and comes near the rate at which that happened slowly", () => {
    const pacer = new BulkPacer(0);
    pacer.report(calm);
    transfer(pacer, 0, 6);
    const tooFast = pacer.rate;
    pacer.take(1_000, 6000);
    pacer.report({ ...calm, keptBack: 1 });
    expect(pacer.rate).toBeLessThan(0.7 * tooFast);
    transfer(pacer, 6000, 5);
    expect(pacer.rate).toBeGreaterThan(0.6 * tooFast);
    expect(pacer.rate).toBeLessThan(0.95 * tooFast);
  });

  it("leaves a rate behind at which voice had to wait once, and not again", () => {
    const pacer = new BulkPacer(0);
    pacer.report(calm);
    transfer(pacer, 0, 1);
    pacer.take(1_000, 1000);
    pacer.report({ ...calm, queueDelayMs: 80 });
    const slow = pacer.rate;
    transfer(pacer, 1000, 25);
    expect(pacer.rate).toBeGreaterThan(20 * slow);
  });

  it("is not held responsible for voice that waits while no file is under way", () => {
    const pacer = new BulkPacer(0);
    pacer.report(calm);
    const start = pacer.rate;
    for (let index = 0; index < 10; index++) pacer.report({ ...calm, queueDelayMs: 200, keptBack: 3 });
    expect(pacer.rate).toBe(start);
  });

  it("does not take a rate that nobody has tried for a good one", () => {
    const pacer = new BulkPacer(0);
    for (let index = 0; index < 100; index++) pacer.report(calm);
    const start = pacer.rate;
    pacer.take(1_000, 100_000);
    pacer.report(calm);
    expect(pacer.rate).toBe(start);
    expect(start).toBeLessThan(1_000_000);
  });

  it("lets through no more than its rate over any second", () => {
    const pacer = new BulkPacer(0);
    pacer.report({ isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 });
    let sent = 0;
    for (let now = 0; now < 10_000; now += 1) {
      while (pacer.take(16_384, now)) sent += 16_384;
    }
    expect(sent / 10).toBeLessThanOrEqual(pacer.rate * 1.02);
    expect(sent / 10).toBeGreaterThan(pacer.rate * 0.9);
  });
});
