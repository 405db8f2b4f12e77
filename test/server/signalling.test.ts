import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server/server.ts";

type Message = { readonly type: string; readonly src?: string; readonly payload?: unknown };

/** A signalling client that records what the server sends it. */
class Client {
  readonly received: Message[] = [];
  readonly socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  closeCode: number | undefined;

  constructor(server: RunningServer, id: string, token = "token") {
    const query = new URLSearchParams({ key: "peerjs", id, token });
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/peerjs/peerjs?${query}`);
    this.socket.on("message", (data) => {
      this.received.push(JSON.parse(String(data)) as Message);
      this.#wake();
    });
    this.socket.on("error", () => this.#wake());
    this.socket.on("close", (code) => {
      this.closeCode = code;
      this.#wake();
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  offer(dst: string, connectionId = "dc_1"): void {
    this.send({ type: "OFFER", dst, payload: { type: "data", connectionId, serialization: "raw", sdp: {} } });
  }

  /** Resolves when a message of `type` has come. */
  async next(type: string): Promise<Message> {
    for (;;) {
      const message = this.received.find((candidate) => candidate.type === type);
      if (message !== undefined) {
        return message;
      }
      await this.#change();
    }
  }

  async closed(): Promise<number> {
    while (this.closeCode === undefined) {
      await this.#change();
    }
    return this.closeCode;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting) {
      resolve();
    }
    this.#waiting.clear();
  }
}

describe("the signalling server", () => {
  const cleanUp: (() => Promise<void> | void)[] = [];

  async function start(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
    const server = await startServer({ port: 0, ...options });
    cleanUp.push(() => server.close());
    return server;
  }

  async function join(server: RunningServer, id: string, token?: string): Promise<Client> {
    const client = new Client(server, id, token);
    cleanUp.push(() => client.socket.terminate());
    await client.next("OPEN");
    return client;
  }

  afterEach(async () => {
    for (const action of cleanUp.splice(0).reverse()) {
      await action();
    }
  });

  it("carries an offer from one id to another and stamps the true sender on it", async () => {
    const server = await start();
    const [alice, bob] = [await join(server, "alice"), await join(server, "bob")];
    alice.send({
      type: "OFFER",
      src: "mallory",
      dst: "bob",
      payload: { type: "data", connectionId: "dc_1", serialization: "raw", sdp: { type: "offer", sdp: "v=0" } },
    });
    const offer = await bob.next("OFFER");
    expect(offer.src).toBe("alice");
    expect(offer.payload).toMatchObject({ connectionId: "dc_1", sdp: { sdp: "v=0" } });
  });

  it("keeps an id for the one who took it first", async () => {
    const server = await start();
    await join(server, "room");
    const second = new Client(server, "room", "another token");
    await second.next("ID-TAKEN");
    await second.closed();
  });

  it("frees an id at once when its holder's socket closes", async () => {
    const server = await start();
    const first = await join(server, "room");
    first.socket.terminate();
    await first.closed();
    await expect.poll(async () => (await fetch(`${server.url}/health`)).json()).toMatchObject({ clients: 0 });
    await join(server, "room", "another token");
  });

  it("opens again for a client that returns before its old socket was missed", async () => {
    const server = await start();
    const first = await join(server, "alice");
    const again = await join(server, "alice");
    const bob = await join(server, "bob");
    expect(await first.closed()).toBeGreaterThan(0);
    bob.offer("alice");
    expect((await again.next("OFFER")).src).toBe("bob");
  });

  it("tells the caller soon when nobody holds the called id", async () => {
    const server = await start();
    const alice = await join(server, "alice");
    alice.offer("nobody");
    expect(await alice.next("EXPIRE")).toMatchObject({ src: "nobody" });
  });

  it.each([
    ["a payload that is not an object", { type: "OFFER", dst: "bob", payload: null }],
    [
      "an unknown serialization",
      { type: "OFFER", dst: "bob", payload: { type: "data", connectionId: "c", serialization: "__proto__" } },
    ],
    ["a media call", { type: "OFFER", dst: "bob", payload: { type: "media", connectionId: "c" } }],
    ["a made-up LEAVE", { type: "LEAVE", dst: "bob" }],
    ["a made-up OPEN", { type: "OPEN", dst: "bob", payload: {} }],
    ["an id that is not one", { type: "CANDIDATE", dst: "../bob", payload: { type: "data", connectionId: "c" } }],
    ["an array", []],
    ["text that is not JSON", "{"],
    ["deep nesting", "[".repeat(10_000)],
  ])("passes on nothing of %s", async (_name, message) => {
    const server = await start();
    const [mallory, bob] = [await join(server, "mallory"), await join(server, "bob")];
    mallory.send(message);
    mallory.offer("bob", "dc_after");
    expect((await bob.next("OFFER")).payload).toMatchObject({ connectionId: "dc_after" });
    expect(bob.received.map(({ type }) => type)).toEqual(["OPEN", "OFFER"]);
  });

  it("closes a connection that sends a giant message, and stays up", async () => {
    const server = await start();
    const mallory = await join(server, "mallory");
    mallory.send(`"${"x".repeat(10_000_000)}"`);
    expect(await mallory.closed()).toBe(1009);
    await join(server, "alice");
  });

  it("lets a flood through only at the allowed rate and then cuts it off", async () => {
    const server = await start();
    const [mallory, bob] = [await join(server, "mallory"), await join(server, "bob")];
    for (let index = 0; index < 3000; index += 1) {
      mallory.offer("bob", `dc_${index}`);
    }
    expect(await mallory.closed()).toBe(1008);
    expect(bob.received.length).toBeLessThan(600);
  });

  it("limits the connections of one address without refusing it for good", async () => {
    const server = await start({ quota: { connections: 3, connectsPerSecond: 1000, connectBurst: 1000 } });
    const [first] = [await join(server, "a1"), await join(server, "a2"), await join(server, "a3")];
    const fourth = new Client(server, "a4");
    await fourth.closed();
    expect(fourth.received).toEqual([]);
    first.socket.close();
    await first.closed();
    await expect.poll(async () => (await fetch(`${server.url}/health`)).json()).toMatchObject({ clients: 2 });
    await join(server, "a5");
  });

  it("limits how fast one address may connect", async () => {
    const server = await start({ quota: { connections: 1000, connectsPerSecond: 0.001, connectBurst: 2 } });
    await join(server, "a1");
    await join(server, "a2");
    const third = new Client(server, "a3");
    await third.closed();
    expect(third.received).toEqual([]);
  });

  it("tells clients that it shuts down", async () => {
    const server = await start();
    const alice = await join(server, "alice");
    await server.close();
    expect(await alice.closed()).toBe(1001);
  });

  it("does not list who is connected", async () => {
    const server = await start();
    await join(server, "alice");
    expect((await fetch(`${server.url}/peerjs/peerjs/peers`)).status).toBe(401);
  });

  it("refuses upgrades anywhere else", async () => {
    const server = await start();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/elsewhere`);
    await expect(new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject))).rejects.toThrow();
  });
});
