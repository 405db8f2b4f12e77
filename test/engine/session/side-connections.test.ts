import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SideConnectionName } from "../../../src/engine/session/core/control-message.ts";
import type { Member } from "../../../src/engine/session/member.ts";
import { SIDE_CAPABILITY, SideConnections } from "../../../src/engine/session/side-connections.ts";
import { LoopbackNetwork } from "../../../src/engine/transport/loopback-transport.ts";
import type { SideConnection } from "../../../src/engine/transport/side-connection.ts";
import { joinMember, type TestMember } from "../../support/loopback-members.ts";

const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

type Made = { readonly name: SideConnectionName; readonly connection: SideConnection };
type SideMember = TestMember & { readonly sides: SideConnections; readonly made: readonly Made[] };

describe("further connections between two members", () => {
  let network = new LoopbackNetwork();
  const members: SideMember[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
    network = new LoopbackNetwork();
  });

  afterEach(async () => {
    const leaving = members.splice(0).map(({ session, sides }) => {
      sides.close();
      return session.leave();
    });
    await advance(1000);
    await Promise.all(leaving);
    vi.useRealTimers();
  });

  const join = async (id: string): Promise<SideMember> => {
    const made: Made[] = [];
    const sides = new SideConnections((_, name, connection) => made.push({ name, connection }));
    const member = await joinMember(
      {
        network,
        id,
        onCreated: (session) => {
          session.addEventListener("linked", ({ member: other, link }) => sides.linked(other, link));
          session.addEventListener("gone", ({ member: other }) => sides.gone(other.id));
          session.addEventListener("message", ({ member: other, message }) => sides.receive(other, message));
        },
      },
      advance,
    );
    const joined = { ...member, sides, made };
    members.push(joined);
    return joined;
  };

  /** What `member` knows of the only other one. */
  const other = ({ session }: SideMember): Member => {
    const [first] = session.mesh.members.values();
    if (first === undefined) throw new Error("There is nobody else");
    return first;
  };

  /** Sends on one end, and says whether it came out of the other. */
  const carries = async (from: Made | undefined, to: Made | undefined): Promise<boolean> => {
    let hasCome = false;
    to?.connection.channel.addEventListener("message", () => {
      hasCome = true;
    });
    from?.connection.channel.send(new Uint8Array([1]));
    await advance(50);
    return hasCome;
  };

  it.each(["first", "second"])("are made when the %s of the two wants one, each end told in its turn", async (who) => {
    const [ada, ben] = [await join("a"), await join("b")];
    const wanting = who === "first" ? ada : ben;
    expect(wanting.sides.want(other(wanting), "voice-1")).toBe(true);
    await advance(100);
    expect(ada.made.map(({ name }) => name)).toEqual(["voice-1"]);
    expect(ben.made.map(({ name }) => name)).toEqual(["voice-1"]);
    expect(await carries(ada.made[0], ben.made[0])).toBe(true);
    expect(await carries(ben.made[0], ada.made[0])).toBe(true);
  });

  it("are made once, however often and by whomever they are wanted", async () => {
    const [ada, ben] = [await join("a"), await join("b")];
    for (let i = 0; i < 20; i++) {
      ada.sides.want(other(ada), "files");
      ben.sides.want(other(ben), "files");
      await advance(300);
    }
    expect(ada.made.length).toBe(1);
    expect(ben.made.length).toBe(1);
  });

  it("end on both sides when one ends, and are made anew after a while when still wanted", async () => {
    const [ada, ben] = [await join("a"), await join("b")];
    ada.sides.want(other(ada), "voice-1");
    await advance(100);
    ben.made[0]?.connection.close();
    await advance(100);
    expect(ada.made[0]?.connection.closed.aborted).toBe(true);
    ada.sides.want(other(ada), "voice-1");
    await advance(100);
    expect(ada.made.length).toBe(1);
    await advance(10_000);
    ada.sides.want(other(ada), "voice-1");
    await advance(100);
    expect(ada.made.length).toBe(2);
    expect(await carries(ada.made[1], ben.made[1])).toBe(true);
  });

  it("close with their member", async () => {
    const [ada, ben] = [await join("a"), await join("b")];
    ada.sides.want(other(ada), "voice-1");
    await advance(100);
    await Promise.all([ben.session.leave(), advance(1000)]);
    expect(ada.made[0]?.connection.closed.aborted).toBe(true);
  });

  it("are not asked of a member that does not know them", async () => {
    const [ada] = [await join("a"), await join("b")];
    const member = other(ada);
    member.capabilities = member.capabilities.filter((name) => name !== SIDE_CAPABILITY);
    expect(ada.sides.want(member, "voice-1")).toBe(false);
    await advance(500);
    expect(ada.made).toEqual([]);
  });

  it("are not made by the dozen for a member that offers without end, nor by signals out of the blue", async () => {
    const [ada, ben] = [await join("a"), await join("b")];
    const called = other(ada).channel?.link.isInitiator === true ? ben : ada;
    const caller = called === ben ? ada : ben;
    const offer = { kind: "description", type: "offer", sdp: "loopback 999" } as const;
    for (let attempt = 1; attempt <= 100; attempt++) {
      other(caller).send({ type: "side-signal", name: "voice-2", attempt, signal: offer });
      await advance(20);
    }
    expect(called.made.length).toBeLessThanOrEqual(2);
    const candidate = { kind: "candidate", candidate: "x", mid: "0", line: 0 } as const;
    const before = caller.made.length;
    for (const signal of [offer, candidate, { ...offer, type: "answer" } as const]) {
      other(called).send({ type: "side-signal", name: "voice-3", attempt: 7, signal });
    }
    other(called).send({ type: "side-closed", name: "voice-3", attempt: 7 });
    await advance(100);
    // Only whoever opened the link offers.
    expect(caller.made.length).toBe(before);
  });
});
