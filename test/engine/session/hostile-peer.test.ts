import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ControlMessage } from "../../../src/engine/session/core/control-message.ts";
import { LoopbackLink } from "../../../src/engine/transport/loopback-link.ts";
import { LoopbackNetwork } from "../../../src/engine/transport/loopback-transport.ts";
import type { PeerLink } from "../../../src/engine/transport/transport.ts";
import { HostileClient } from "../../support/hostile-client.ts";
import { createMember, joinMember, type TestMember, type TestMemberOptions } from "../../support/loopback-members.ts";

const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Ends with what `promise` ends with, however long it takes in virtual time. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  let isDone = false;
  const finished = promise.finally(() => {
    isDone = true;
  });
  finished.catch(() => undefined);
  while (!isDone) {
    await advance(50);
  }
  return finished;
}

describe("a room with a hostile client", () => {
  let network = new LoopbackNetwork();
  const members: TestMember[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    network = new LoopbackNetwork();
  });

  afterEach(async () => {
    const leaving = members.splice(0).map(({ session }) => session.leave());
    await advance(1000);
    await Promise.all(leaving);
    vi.useRealTimers();
  });

  const join = async (id: string, options: Partial<TestMemberOptions> = {}): Promise<TestMember> => {
    const member = await joinMember({ network, id, ...options }, advance);
    members.push(member);
    return member;
  };

  it("hangs up on a handshake that never ends, and serves others meanwhile", async () => {
    const a = await join("a");
    const silent: PeerLink[] = [];
    for (let index = 0; index < 20; index += 1) {
      silent.push(await new HostileClient(network, `silent-${index}`).dial("a"));
    }
    const b = await join("b");
    expect(b.sees()).toEqual(["a"]);
    await advance(9000);
    expect(silent.map(({ state }) => state)).toEqual(silent.map(() => "closed"));
    expect(a.sees()).toEqual(["b"]);
  });

  it("lets newcomers in past a crowd at the door that knows the room's name alone", async () => {
    await join("a");
    const door = new HostileClient(network, "probe").keys.doorId();
    for (let index = 0; index < 100; index += 1) {
      await new HostileClient(network, `silent-${index}`).dial(door);
    }
    expect((await join("b")).sees()).toEqual(["a"]);
  });

  it("accepts no message before the proof", async () => {
    const a = await join("a");
    const mallory = new HostileClient(network, "m", "guess");
    const link = await mallory.dial("a");
    const heard: ControlMessage[] = [];
    a.session.addEventListener("message", ({ message }) => heard.push(message));
    link.send(JSON.stringify({ type: "chat", id: "1", text: "hello" }));
    await advance(1000);
    expect(heard).toEqual([]);
    expect(link.state).toBe("closed");
  });

  it("tells a client of another version so, and hears no more of it", async () => {
    const a = await join("a");
    const link = await new HostileClient(network, "future").dial("a");
    const said: string[] = [];
    link.addEventListener("message", ({ data }) => said.push(String(data)));
    const hello = { type: "hello", version: 7, oldestVersion: 7, peerId: "future", purpose: "member" };
    link.send(JSON.stringify({ ...hello, commitment: "0".repeat(64) }));
    await advance(1000);
    expect(said.map((text) => JSON.parse(text))).toContainEqual({ type: "refuse", reason: "version" });
    expect(a.log).toContain("turned away version");
    expect(link.state).toBe("closed");
  });

  it("refuses a proof that is sent back to its author", async () => {
    const a = await join("a");
    const mallory = new HostileClient(network, "m");
    const link = await mallory.dial("a");
    // Everything a says is repeated to a, under the mirror's own id.
    link.addEventListener("message", ({ data }) => link.send(String(data).replaceAll('"a"', '"m"')));
    await advance(1000);
    expect(a.session.mesh.members.size).toBe(0);
    expect(a.log.some((line) => line.startsWith("turned away"))).toBe(true);
  });

  it("refuses a member who proves itself under an id that is not its own", async () => {
    const a = await join("a");
    await join("b");
    const mallory = new HostileClient(network, "m");
    const channel = await mallory.prove("a", "member", "b").catch(() => undefined);
    await advance(1000);
    expect(channel?.link.state ?? "closed").toBe("closed");
    expect(a.sees()).toEqual(["b"]);
  });

  it("counts and drops what is no message: 10 MB, deep nesting, wrong types, polluted prototypes", async () => {
    const a = await join("a");
    const b = await join("b");
    const mallory = new HostileClient(network, "m");
    const channel = await mallory.enter("a");
    await advance(100);
    const raw = (text: string): void => channel.link.send(text);
    raw(`"${"x".repeat(10 * 1024 * 1024)}"`);
    raw(`${"[".repeat(5000)}${"]".repeat(5000)}`);
    raw("{");
    raw("null");
    raw("[]");
    raw('{"type":7}');
    raw('{"type":"chat","id":{},"text":[]}');
    raw('{"type":"stream-added","stream":{"ssrc":-1}}');
    raw('{"type":"from-the-future","field":1}');
    raw('{"type":"rename","name":"x","__proto__":{"polluted":true}}');
    raw('{"__proto__":{"type":"bye","reason":"left"}}');
    channel.link.send(new Uint8Array(100));
    await advance(500);
    const drops = a.session.mesh.members.get("m")?.channel?.drops ?? {};
    expect(drops).toMatchObject({ "too-long": 1, "too-deep": 1, "not-json": 1, "unknown-type": 1, binary: 1 });
    expect(drops.invalid).toBeGreaterThanOrEqual(5);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(a.sees()).toEqual(["b", "m"]);
    expect(b.sees()).toEqual(["a"]);
  });

  it("hangs up on a member that floods it with rubbish, and lets the others talk on", async () => {
    const a = await join("a");
    await join("b");
    const mallory = new HostileClient(network, "m");
    const channel = await mallory.enter("a");
    await advance(100);
    for (let index = 0; index < 10_000; index += 1) {
      channel.link.send("rubbish");
    }
    await advance(1000);
    expect(channel.link.state).toBe("closed");
    expect(a.sees()).toEqual(["b"]);
  });

  it("takes no more control messages a second than a member has reason to send", async () => {
    const a = await join("a");
    const mallory = new HostileClient(network, "m");
    const channel = await mallory.enter("a");
    await advance(100);
    let heard = 0;
    a.session.addEventListener("message", () => {
      heard += 1;
    });
    for (let index = 0; index < 700; index += 1) {
      channel.send({ type: "chat", id: String(index), text: "spam" });
    }
    await advance(500);
    expect(heard).toBeLessThanOrEqual(360);
  });

  it("stays bounded under a thousand joins without the secret", async () => {
    const a = await join("a");
    const b = await join("b");
    const door = new HostileClient(network, "probe").keys.doorId();
    for (let index = 0; index < 1000; index += 1) {
      const mallory = new HostileClient(network, `m-${index}`, `guess ${index}`);
      void mallory.prove(index % 2 === 0 ? "a" : door, index % 2 === 0 ? "member" : "lobby").catch(() => undefined);
      if (index % 50 === 0) {
        await advance(100);
      }
    }
    await advance(10_000);
    expect(a.sees()).toEqual(["b"]);
    expect(b.sees()).toEqual(["a"]);
    expect(a.session.roster.size).toBe(2);
  });

  it("stays at its capacity under a thousand joins with the secret", async () => {
    const a = await join("a", { capacity: 4 });
    for (let index = 0; index < 1000; index += 1) {
      void new HostileClient(network, `m-${index}`).enter("a").catch(() => undefined);
      if (index % 50 === 0) {
        await advance(100);
      }
    }
    await advance(2000);
    expect(a.session.mesh.members.size).toBeLessThanOrEqual(4);
    expect(a.session.roster.size).toBeLessThanOrEqual(64);
  });

  it("keeps its host when a newcomer claims to have been there before", async () => {
    const a = await join("a");
    await join("b");
    const mallory = new HostileClient(network, "m");
    const channel = await mallory.enter("a", { order: 0, roster: [{ id: "0", order: 0 }] });
    await advance(200);
    channel.send({ type: "policy", policy: { isLocked: true, isAdmissionRequired: false } });
    channel.send({ type: "remove", peerId: "a" });
    await advance(200);
    expect(a.session.roster.hostId).toBe("a");
    expect(a.session.gate.policy.isLocked).toBe(false);
    expect(a.session.state).toBe("joined");
  });

  it("lets nobody past a lock by dialling a member directly", async () => {
    const a = await join("a");
    const b = await join("b");
    a.session.setPolicy({ isLocked: true, isAdmissionRequired: false });
    await advance(100);
    const mallory = new HostileClient(network, "m");
    const channel = await mallory.enter("b");
    await advance(5000);
    expect(channel.link.state).toBe("closed");
    expect(b.sees()).toEqual(["a"]);
  });

  it("shows names without what could imitate or hide others, and chat as it was typed", async () => {
    const a = await join("a");
    const texts: string[] = [];
    a.session.addEventListener("message", ({ message }) => {
      if (message.type === "chat") {
        texts.push(message.text);
      }
    });
    const mallory = new HostileClient(network, "m");
    const channel = await mallory.enter("a", { name: "\u202eadA\u0000<img src=x onerror=alert(1)>\u200b" });
    await advance(100);
    expect(a.session.mesh.members.get("m")?.name).toBe("adA<img src=x onerror=alert(1)>");
    const text = "<script>alert(1)</script>";
    channel.send({ type: "chat", id: "1", text });
    channel.link.send(JSON.stringify({ type: "chat", id: "2", text: "x".repeat(4001) }));
    await advance(100);
    // Pages render it as a text node; the engine does not touch it.
    expect(texts).toEqual([text]);
  });

  it("finds its members at another meeting point when somebody squats on the first one", async () => {
    const mallory = new HostileClient(network, "m");
    await mallory.transport.claim(mallory.keys.beaconId(0));
    const a = await join("a");
    const b = await join("b");
    expect(a.sees()).toEqual(["b"]);
    expect(b.sees()).toEqual(["a"]);
  });

  it("catches a signalling server that puts itself in between, on both sides and before any voice", async () => {
    const a = createMember({ network, id: "a" });
    const b = createMember({ network, id: "b" });
    members.push(a, b);
    const entered = settle(a.session.enter());
    await advance(500);
    await entered;
    // Whatever b dials, somebody else answers, and dials a in its turn with a certificate of their own.
    const bridge = new HostileClient(network, "bridge");
    vi.spyOn(b.transport, "connect").mockImplementation(async (id) => {
      const [ofB, forB] = LoopbackLink.pair("b", id);
      Object.defineProperty(ofB, "fingerprints", { value: () => ({ local: "B", remote: "BRIDGE" }) });
      const towardsA = await bridge.transport.connect(id);
      forB.addEventListener("message", ({ data }) => towardsA.send(data));
      towardsA.addEventListener("message", ({ data }) => forB.send(data));
      return ofB;
    });
    const voice = vi.spyOn(LoopbackLink.prototype, "createVoiceChannel");
    await expect(settle(b.session.enter())).rejects.toMatchObject({ code: "intercepted" });
    expect(a.log).toContain("turned away intercepted");
    expect(voice).not.toHaveBeenCalled();
    expect(a.sees()).toEqual([]);
  });
});
