import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LoopbackNetwork } from "../../../src/engine/transport/loopback-transport.ts";
import { joinMember, type TestMember, type TestMemberOptions } from "../../support/loopback-members.ts";

const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("a room", () => {
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

  it("connects everybody with everybody", async () => {
    const a = await join("a");
    const b = await join("b");
    const c = await join("c");
    const d = await join("d");
    expect(a.sees()).toEqual(["b", "c", "d"]);
    expect(b.sees()).toEqual(["a", "c", "d"]);
    expect(c.sees()).toEqual(["a", "b", "d"]);
    expect(d.sees()).toEqual(["a", "b", "c"]);
    expect(d.log).not.toContain("error peer-unreachable");
  });

  it("turns a wrong secret away on both sides", async () => {
    const a = await join("a");
    await expect(join("b", { secret: "other" })).rejects.toMatchObject({ code: "wrong-secret" });
    expect(a.log).toContain("turned away wrong-secret");
    expect(a.sees()).toEqual([]);
  });

  it("survives the first member leaving: others still find the room", async () => {
    const a = await join("a");
    const b = await join("b");
    await join("c");
    void a.session.leave();
    await advance(3000);
    expect(b.log).toContain("a left");
    const d = await join("d");
    expect(d.sees()).toEqual(["b", "c"]);
  });

  it("shows the same short authentication string on both sides", async () => {
    const a = await join("a");
    const b = await join("b");
    const [ofA] = [...a.session.mesh.members.values()];
    const [ofB] = [...b.session.mesh.members.values()];
    expect(ofA?.sas).toMatch(/^\d{3} \d{3}$/);
    expect(ofA?.sas).toBe(ofB?.sas);
  });

  it("refuses newcomers when it is full", async () => {
    await join("a", { capacity: 2 });
    await join("b", { capacity: 2 });
    await expect(join("c", { capacity: 2 })).rejects.toMatchObject({ code: "room-full" });
  });

  it("lets the host lock it, and only the host", async () => {
    const a = await join("a");
    const b = await join("b");
    expect(() => b.session.setPolicy({ isLocked: true, isAdmissionRequired: false })).toThrow(TypeError);
    a.session.setPolicy({ isLocked: true, isAdmissionRequired: false });
    await advance(100);
    expect(b.session.gate.policy.isLocked).toBe(true);
    await expect(join("c")).rejects.toMatchObject({ code: "not-admitted" });
    a.session.setPolicy({ isLocked: false, isAdmissionRequired: false });
    await advance(100);
    expect((await join("d")).sees()).toEqual(["a", "b"]);
  });

  it("asks the host about newcomers when the host wants to be asked", async () => {
    const a = await join("a");
    await join("b");
    a.session.setPolicy({ isLocked: false, isAdmissionRequired: true });
    a.session.addEventListener("knock", ({ knock }) => a.session.decide(knock.id, knock.name !== "Mallory"));
    const c = await join("c", { name: "Carol" });
    expect(c.log).toContain("waiting");
    expect(c.sees()).toEqual(["a", "b"]);
    await expect(join("m", { name: "Mallory" })).rejects.toMatchObject({ code: "not-admitted" });
  });

  it("asks the host at another member's desk after the first one has left and come back", async () => {
    const a = await join("a");
    const b = await join("b");
    await join("c");
    void a.session.leave();
    await advance(3000);
    // b is the host now; whoever holds the meeting point asks b.
    expect(b.session.gate.isHost).toBe(true);
    b.session.setPolicy({ isLocked: false, isAdmissionRequired: true });
    b.session.addEventListener("knock", ({ knock }) => b.session.decide(knock.id, true));
    expect((await join("d")).sees()).toEqual(["b", "c"]);
  });

  it("lets the host remove a member, who hears of it and stays out", async () => {
    const a = await join("a");
    const b = await join("b");
    const c = await join("c");
    a.session.remove("c");
    await advance(1000);
    expect(c.log).toContain("ended not-admitted");
    expect(c.session.state).toBe("left");
    expect(b.log).toContain("c removed");
    expect(b.sees()).toEqual(["a"]);
  });

  it("ignores a removal that does not come from the host", async () => {
    const a = await join("a");
    const b = await join("b");
    const c = await join("c");
    b.session.broadcast({ type: "remove", peerId: "c" });
    await advance(1000);
    expect(c.session.state).toBe("joined");
    expect(a.sees()).toEqual(["b", "c"]);
  });

  it("drops a member whose page vanished within three seconds", async () => {
    const a = await join("a");
    const b = await join("b");
    b.transport.vanish();
    await advance(3000);
    expect(a.log).toContain("b lost");
    expect(a.sees()).toEqual([]);
  });

  it("tells of streams that come and go during the call", async () => {
    const a = await join("a", { streams: () => [{ ssrc: 1, kind: "microphone", label: "mic", channels: 1 }] });
    const b = await join("b");
    const ofA = b.session.mesh.members.get("a");
    expect([...(ofA?.streams.values() ?? [])].map(({ label }) => label)).toEqual(["mic"]);
    a.session.broadcast({ type: "stream-added", stream: { ssrc: 2, kind: "audio", label: "tab", channels: 2 } });
    await advance(50);
    expect(b.log).toContain("a stream tab");
    a.session.broadcast({ type: "stream-removed", ssrc: 1 });
    await advance(50);
    expect([...(ofA?.streams.keys() ?? [])]).toEqual([2]);
  });
});
