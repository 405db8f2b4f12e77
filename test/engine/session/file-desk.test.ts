import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFileChunk } from "../../../src/engine/session/core/file-chunk.ts";
import type { IncomingFile } from "../../../src/engine/session/files/incoming-file.ts";
import { LoopbackNetwork } from "../../../src/engine/transport/loopback-transport.ts";
import { type FileMember, joinWithFiles } from "../../support/file-members.ts";
import { HostileClient } from "../../support/hostile-client.ts";

const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Reading a blob takes real turns of the event loop besides virtual time. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 5000; turn += 1) {
    if (condition()) {
      return;
    }
    await advance(5);
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`It never happened that ${what}`);
}

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) {
    bytes[index] = (index * 2654435761) >>> 13;
  }
  return bytes;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("file transfer between members", () => {
  let network = new LoopbackNetwork();
  const members: FileMember[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
    network = new LoopbackNetwork();
  });

  afterEach(async () => {
    const leaving = members.splice(0).map(({ session, desk }) => {
      desk.close();
      return session.leave();
    });
    await advance(1000);
    await Promise.all(leaving);
    vi.useRealTimers();
  });

  const join = async (id: string, maxIncomingBytes?: number, hasNoSides = false): Promise<FileMember> => {
    const quota = maxIncomingBytes === undefined ? {} : { maxIncomingBytes };
    const member = await joinWithFiles({ network, id, hasNoSides, ...quota }, advance);
    members.push(member);
    return member;
  };

  const everybody = ({ session }: FileMember) => [...session.mesh.members.values()];

  const offered = async (member: FileMember): Promise<IncomingFile> => {
    await until(() => member.offers.length > 0, "a file was offered");
    const file = member.offers.at(-1);
    if (file === undefined) {
      throw new Error("No file was offered");
    }
    return file;
  };

  it("carries a file whole, with its name, kind and metadata", async () => {
    const a = await join("a");
    const b = await join("b");
    const bytes = bytesOf(3_000_001);
    const blob = new File([bytes], "../../notes/Größe.ogg", { type: "audio/ogg" });
    const outgoing = a.desk.offer(blob, everybody(a), { kind: "voice-note", metadata: { seconds: 3 } });
    const file = await offered(b);
    expect(file.description).toMatchObject({
      name: "Größe.ogg",
      size: bytes.length,
      mediaType: "audio/ogg",
      kind: "voice-note",
      metadata: { seconds: 3 },
    });
    file.accept();
    await until(() => file.state === "done", "the file was complete");
    const received = new Uint8Array(await (await file.blob).arrayBuffer());
    expect(sha256(received)).toBe(sha256(bytes));
    await until(() => outgoing.isFinished, "the sender knew");
    expect(outgoing.transfers).toMatchObject([{ peerId: "b", state: "done", sent: bytes.length }]);
  });

  it("sends to several members at their own pace", async () => {
    const a = await join("a");
    const b = await join("b");
    const c = await join("c");
    const outgoing = a.desk.offer(new Blob([bytesOf(100_000)]), everybody(a));
    (await offered(b)).accept();
    (await offered(c)).decline();
    await until(() => outgoing.isFinished, "both had ended");
    expect(outgoing.transfers.map(({ state }) => state).sort()).toEqual(["declined", "done"]);
  });

  it("carries an empty file", async () => {
    const a = await join("a");
    const b = await join("b");
    a.desk.offer(new Blob([]), everybody(a));
    const file = await offered(b);
    file.accept();
    await until(() => file.state === "done", "the file was complete");
    expect((await file.blob).size).toBe(0);
  });

  /** Counts the bytes that come out of the channels for files. */
  const countOn = (connections: FileMember["sides"]): (() => number) => {
    let bytes = 0;
    for (const { channel } of connections) {
      channel.addEventListener("message", ({ data }) => {
        bytes += (data as ArrayBuffer).byteLength;
      });
    }
    return () => bytes;
  };

  it("carries its bytes on a connection of their own, made for the first file and kept for the next", async () => {
    const a = await join("a");
    const b = await join("b");
    a.desk.offer(new Blob([bytesOf(10_000)]), everybody(a));
    (await offered(b)).accept();
    await until(() => b.offers[0]?.state === "done", "the first file was complete");
    expect(a.sides.length).toBe(1);
    const carried = countOn(b.sides);
    a.desk.offer(new Blob([bytesOf(500_000)]), everybody(a));
    await until(() => b.offers.length === 2, "the second file was offered");
    b.offers[1]?.accept();
    await until(() => b.offers[1]?.state === "done", "the second file was complete");
    expect(a.sides.length).toBe(1);
    expect(carried()).toBeGreaterThan(500_000);
  });

  it("goes on over the link of the voice when the connection for files ends on the way", async () => {
    const a = await join("a");
    const b = await join("b");
    const bytes = bytesOf(3_000_000);
    a.desk.reportVoice("b", { isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 });
    const outgoing = a.desk.offer(new Blob([bytes]), everybody(a));
    const file = await offered(b);
    file.accept();
    await until(() => file.received > 300_000, "a part had arrived");
    a.sides[0]?.close();
    a.desk.reportVoice("b", { isVoiceFlowing: false, queueDelayMs: 0, keptBack: 0 });
    await until(() => file.state === "done", "the file was complete");
    expect(sha256(new Uint8Array(await (await file.blob).arrayBuffer()))).toBe(sha256(bytes));
    await until(() => outgoing.isFinished, "the sender knew");
    expect(outgoing.transfers).toMatchObject([{ state: "done" }]);
  });

  it("travels with the voice where no further connection can be had", async () => {
    const a = await join("a", undefined, true);
    const b = await join("b");
    const bytes = bytesOf(200_000);
    a.desk.offer(new Blob([bytes]), everybody(a));
    const file = await offered(b);
    file.accept();
    await until(() => file.state === "done", "the file was complete");
    expect(a.sides).toEqual([]);
    expect(sha256(new Uint8Array(await (await file.blob).arrayBuffer()))).toBe(sha256(bytes));
  });

  it("begins at a hundred kilobytes a second when voice has just begun to flow beside it", async () => {
    const a = await join("a");
    const b = await join("b");
    a.desk.reportVoice("b", { isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 });
    a.desk.offer(new Blob([bytesOf(4_000_000)]), everybody(a));
    const file = await offered(b);
    file.accept();
    await until(() => file.received > 0, "it had begun");
    const before = file.received;
    await advance(1000);
    // Blocks of the file are read in real time; what was read already goes out in virtual time.
    expect(file.received - before).toBeLessThanOrEqual(250 * 1024);
    await until(() => file.received >= 1_000_000, "a part had arrived");
    a.desk.reportVoice("b", { isVoiceFlowing: false, queueDelayMs: 0, keptBack: 0 });
    await until(() => file.state === "done", "the file was complete");
  });

  it("goes on where it stopped after a pause", async () => {
    const a = await join("a");
    const b = await join("b");
    const bytes = bytesOf(3_000_000);
    a.desk.reportVoice("b", { isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 });
    a.desk.offer(new Blob([bytes]), everybody(a));
    const file = await offered(b);
    file.accept();
    await until(() => file.received > 1_000_000, "a part had arrived");
    file.pause();
    await advance(1000);
    const stoppedAt = file.received;
    expect(stoppedAt).toBeLessThan(bytes.length);
    await advance(5000);
    expect(file.received).toBe(stoppedAt);
    file.resume();
    await until(() => file.state === "done", "the file was complete");
    expect(sha256(new Uint8Array(await (await file.blob).arrayBuffer()))).toBe(sha256(bytes));
  });

  it("goes on by itself over a new link after the old one broke", async () => {
    const a = await join("a");
    const b = await join("b");
    const bytes = bytesOf(3_000_000);
    a.desk.reportVoice("b", { isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 });
    const outgoing = a.desk.offer(new Blob([bytes]), everybody(a));
    const file = await offered(b);
    file.accept();
    await until(() => file.received > 1_000_000, "a part had arrived");
    const before = file.received;
    a.session.mesh.members.get("b")?.channel?.link.close();
    await until(() => file.state === "interrupted", "the receiver noticed");
    expect(outgoing.transfers[0]?.state).toBe("interrupted");
    await until(() => file.state === "done", "the file was complete");
    expect(before).toBeGreaterThan(0);
    expect(sha256(new Uint8Array(await (await file.blob).arrayBuffer()))).toBe(sha256(bytes));
  });

  it("stops on both sides when either cancels", async () => {
    const a = await join("a");
    const b = await join("b");
    a.desk.reportVoice("b", { isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 });
    const outgoing = a.desk.offer(new Blob([bytesOf(3_000_000)]), everybody(a));
    const file = await offered(b);
    file.accept();
    await until(() => file.received > 100_000, "a part had arrived");
    outgoing.cancel();
    await until(() => file.state === "cancelled", "the receiver knew");
    await expect(file.blob).rejects.toMatchObject({ code: "closed" });
    const second = a.desk.offer(new Blob([bytesOf(3_000_000)]), everybody(a));
    await until(() => b.offers.length === 2, "a second file was offered");
    b.offers[1]?.accept();
    await until(() => (b.offers[1]?.received ?? 0) > 100_000, "a part had arrived");
    b.offers[1]?.cancel();
    await until(() => second.isFinished, "the sender knew");
    expect(second.transfers[0]?.state).toBe("cancelled");
  });

  it("turns away by itself what is over the quota", async () => {
    const a = await join("a");
    const b = await join("b", 1_000_000);
    const outgoing = a.desk.offer(new Blob([bytesOf(1_000_001)]), everybody(a));
    await until(() => outgoing.isFinished, "the sender knew");
    expect(outgoing.transfers[0]?.state).toBe("failed");
    expect(b.offers).toEqual([]);
  });

  describe("from a hostile sender", () => {
    const ID = "00112233445566aa";

    const offer = async (
      size: number,
      name = "x",
    ): Promise<{ file: IncomingFile; bulk: RTCDataChannel; send: (message: object) => void }> => {
      const b = await join("b");
      const mallory = new HostileClient(network, "m");
      const channel = await mallory.enter("b");
      const bulk = channel.link.createBulkChannel();
      await advance(100);
      const send = (message: object): void => channel.link.send(JSON.stringify(message));
      send({ type: "file-offer", id: ID, name, size, mediaType: "text/html", kind: "file" });
      const file = await offered(b);
      file.accept();
      await advance(50);
      return { file, bulk, send };
    };

    it("ends a transfer that brings more than was declared", async () => {
      const { file, bulk } = await offer(1000);
      bulk.send(encodeFileChunk({ id: ID, offset: 0, payload: bytesOf(2000) }));
      await advance(50);
      expect(file).toMatchObject({ state: "failed", failure: "protocol", received: 0 });
    });

    it("ends a transfer whose hash does not fit", async () => {
      const { file, bulk, send } = await offer(1000);
      bulk.send(encodeFileChunk({ id: ID, offset: 0, payload: bytesOf(1000) }));
      send({ type: "file-done", id: ID, sha256: "0".repeat(64) });
      await advance(50);
      expect(file).toMatchObject({ state: "failed", failure: "mismatch" });
    });

    it("drops pieces that are malformed, out of place or of no transfer", async () => {
      const { file, bulk } = await offer(1000);
      bulk.send(new Uint8Array(3));
      bulk.send(new Uint8Array(100_000));
      bulk.send(encodeFileChunk({ id: "ffffffffffffffff", offset: 0, payload: bytesOf(10) }));
      bulk.send(encodeFileChunk({ id: ID, offset: 500, payload: bytesOf(10) }));
      await advance(50);
      expect(file).toMatchObject({ state: "transferring", received: 0 });
    });

    it("ends a transfer that never gets to the point", async () => {
      const { file, bulk } = await offer(1000);
      const stray = encodeFileChunk({ id: ID, offset: 900, payload: bytesOf(16_000) });
      for (let index = 0; index < 2200; index += 1) {
        bulk.send(stray);
      }
      await advance(50);
      expect(file).toMatchObject({ state: "failed", failure: "protocol" });
    });

    it("gives no path, no hidden name and no type that could run", async () => {
      const { file } = await offer(10, "..\\..\\/etc/\u202epasswd\u0000.");
      expect(file.description).toMatchObject({ name: "passwd", mediaType: "application/octet-stream" });
    });

    it("has at most sixteen offers open", async () => {
      const b = await join("b");
      const mallory = new HostileClient(network, "m");
      const channel = await mallory.enter("b");
      await advance(100);
      for (let index = 0; index < 100; index += 1) {
        const id = index.toString(16).padStart(16, "0");
        channel.send({ type: "file-offer", id, name: "x", size: 1, mediaType: "", kind: "file" });
      }
      await advance(100);
      expect(b.offers).toHaveLength(16);
    });
  });
});
