import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { networkOf } from "../../src/server/client-address.ts";
import { iceServers } from "../../src/server/ice-servers.ts";
import { jsonLog } from "../../src/server/log.ts";
import { type RunningServer, startServer } from "../../src/server/server.ts";

const TURN = { urls: ["turn:turn.example.org:3478"], secret: "north", ttlSeconds: 3600 };

describe("STUN and TURN servers from the embedded server", () => {
  let server: RunningServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it("carries credentials that coturn accepts until they expire", () => {
    const now = new Date("2026-01-01T00:00:00Z");
    const [stun, turn] = iceServers({ stunUrls: ["stun:stun.example.org"], turn: TURN }, now);
    expect(stun).toEqual({ urls: ["stun:stun.example.org"] });
    const [expiry] = String(turn?.username).split(":");
    expect(Number(expiry)).toBe(now.getTime() / 1000 + 3600);
    const expected = createHmac("sha1", "north").update(String(turn?.username)).digest("base64");
    expect(turn?.credential).toBe(expected);
  });

  it("gives every client a user name of its own", () => {
    const names = Array.from({ length: 50 }, () => iceServers({ stunUrls: [], turn: TURN }, new Date())[0]?.username);
    expect(new Set(names).size).toBe(50);
  });

  it("answers over HTTP, never from a cache, and only so often", async () => {
    server = await startServer({ port: 0, ice: { stunUrls: [], turn: TURN } });
    const url = `http://127.0.0.1:${server.port}/api/ice-servers`;
    const first = await fetch(url);
    expect(first.headers.get("cache-control")).toBe("no-store");
    expect(await first.json()).toMatchObject({ iceServers: [{ urls: TURN.urls }] });
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(url)).status));
    expect(statuses).toContain(200);
    expect(statuses).toContain(429);
  });

  it("logs what happens as one JSON object a line, without ids or secrets", async () => {
    const lines: string[] = [];
    server = await startServer({
      port: 0,
      ice: { stunUrls: [], turn: TURN },
      log: jsonLog((line) => lines.push(line)),
    });
    const { port } = server;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/peerjs/peerjs?key=peerjs&id=somebody&token=t0ken`);
    await new Promise((resolve) => socket.once("message", resolve));
    socket.close();
    await new Promise((resolve) => socket.once("close", resolve));
    await server.close();
    const events = lines.map((line) => JSON.parse(line) as { time: string; event: string });
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["listening", "client-connected", "closing"]),
    );
    for (const { time } of events) {
      expect(Number.isNaN(Date.parse(time))).toBe(false);
    }
    expect(lines.join("")).not.toMatch(/somebody|t0ken|north/);
  });
});

describe("the address that limits count for", () => {
  it("is the network of an IPv6 client, who has 2^64 addresses, and the address of an IPv4 client", () => {
    expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
    expect(networkOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
    expect(networkOf("2001:db8:1:2:aaaa::1")).toBe(networkOf("2001:DB8:1:2:bbbb:cccc:dddd:eeee"));
    expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(networkOf("2001:db8:1:3::1")).not.toBe(networkOf("2001:db8:1:2::1"));
    expect(networkOf("::1")).toBe("0:0:0:0::/64");
    expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  });
});
