import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { LoopbackLink } from "../../../src/engine/transport/loopback-link.ts";
import { LoopbackNetwork } from "../../../src/engine/transport/loopback-transport.ts";
import { joinMember, type TestMember, type TestMemberOptions } from "../../support/loopback-members.ts";

const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("a member that loses its way to the others", () => {
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

  const connectionOf = (member: TestMember, id: string): string | undefined =>
    member.session.mesh.members.get(id)?.connection;

  it("counts as reconnecting after three seconds, and as connected as soon as it is heard again", async () => {
    const a = await join("a");
    const b = await join("b");
    b.transport.setCutOff(true);
    await advance(1500);
    expect(connectionOf(a, "b")).toBe("connected");
    await advance(3000);
    expect(connectionOf(a, "b")).toBe("reconnecting");
    expect(b.session.state).toBe("reconnecting");
    b.transport.setCutOff(false);
    await advance(1500);
    expect(connectionOf(a, "b")).toBe("connected");
    expect(b.session.state).toBe("joined");
    expect(a.log).not.toContain("b lost");
  });

  it("asks for a new path as long as it is silent", async () => {
    const a = await join("a");
    const b = await join("b");
    const link = a.session.mesh.members.get("b")?.channel?.link;
    if (link === undefined) {
      throw new Error("a and b are not linked");
    }
    const restarted = vi.spyOn(link, "restartIce");
    b.transport.setCutOff(true);
    await advance(5500);
    expect(restarted.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it("is linked anew before it counts as reconnecting, when its path is dead and the signalling server is not", async () => {
    const a = await join("a");
    const b = await join("b");
    const link = a.session.mesh.members.get("b")?.channel?.link;
    if (!(link instanceof LoopbackLink)) throw new Error("a and b are not linked");
    const restarted = vi.spyOn(link, "restartIce").mockResolvedValue();
    link.sever();
    await advance(2000);
    expect(restarted).toHaveBeenCalled();
    expect(a.session.mesh.members.get("b")?.channel?.link).toBe(link);
    await advance(950);
    expect(a.session.mesh.members.get("b")?.channel?.link).not.toBe(link);
    expect(connectionOf(a, "b")).toBe("connected");
    expect([...a.log, ...b.log].filter((line) => line.includes("lost"))).toEqual([]);
  });

  it("keeps its link when it is heard again while a new one is under way", async () => {
    const a = await join("a");
    const b = await join("b");
    const link = a.session.mesh.members.get("b")?.channel?.link;
    const attempts: AbortSignal[] = [];
    const dial = (id: string, { signal }: { signal?: AbortSignal } = {}): Promise<never> =>
      new Promise((_resolve, reject) => {
        // A member that hears nobody looks for the room as well, by another id.
        if (signal === undefined || !["a", "b"].includes(id)) return;
        attempts.push(signal);
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const dialled = [a, b].map(({ transport }) => vi.spyOn(transport, "connect").mockImplementation(dial));
    b.transport.setCutOff(true);
    await advance(4000);
    expect(attempts.map(({ aborted }) => aborted)).toEqual([false, false]);
    b.transport.setCutOff(false);
    await advance(1100);
    expect(attempts.map(({ aborted }) => aborted)).toEqual([true, true]);
    for (const spy of dialled) spy.mockRestore();
    await advance(8000);
    expect(a.session.mesh.members.get("b")?.channel?.link).toBe(link);
    expect(connectionOf(a, "b")).toBe("connected");
  });

  it("is linked anew when its connection is closed under it", async () => {
    const a = await join("a");
    const b = await join("b");
    b.session.mesh.members.get("a")?.channel?.link.close();
    await advance(4000);
    expect(a.log).toContain("relinked b");
    expect(a.sees()).toEqual(["b"]);
    expect(b.sees()).toEqual(["a"]);
  });

  it("keeps one and the same link when both sides dial at the same time", async () => {
    const a = await join("a");
    const b = await join("b");
    const [ofA, ofB] = [a.session.mesh.members.get("b"), b.session.mesh.members.get("a")];
    a.session.mesh.members.get("b")?.channel?.link.close();
    for (const member of [ofA, ofB]) {
      if (member !== undefined) {
        member.redialAtMs = 0;
      }
    }
    await advance(3000);
    expect(a.sees()).toEqual(["b"]);
    expect(b.sees()).toEqual(["a"]);
    expect(ofA?.channel?.link.isInitiator).toBe(!ofB?.channel?.link.isInitiator);
  });

  it("is given up after thirty seconds, and gets its place back when it returns", async () => {
    const a = await join("a");
    const b = await join("b");
    const c = await join("c");
    b.transport.setCutOff(true);
    await advance(32_000);
    expect(a.log).toContain("b lost");
    expect(a.sees()).toEqual(["c"]);
    b.transport.setCutOff(false);
    await advance(8000);
    expect(a.sees()).toEqual(["b", "c"]);
    expect(c.sees()).toEqual(["a", "b"]);
    expect(b.sees()).toEqual(["a", "c"]);
    expect(a.session.roster.hostId).toBe("a");
    expect(c.session.roster.orderOf("b")).toBe(1);
  });

  it("stays in the call while the signalling server is away, and newcomers find the room afterwards", async () => {
    const a = await join("a");
    const b = await join("b");
    for (const member of [a, b]) {
      member.transport.setOffline(true);
    }
    await advance(20_000);
    expect(a.sees()).toEqual(["b"]);
    expect(a.log).not.toContain("b lost");
    for (const member of [a, b]) {
      member.transport.setOffline(false);
    }
    expect((await join("c")).sees()).toEqual(["a", "b"]);
  });

  it("does not hold its own sleep against the others", async () => {
    const a = await join("a");
    const b = await join("b");
    // The machine sleeps: no timer runs for a minute, and then all at once.
    const asleep = performance.now() + 60_000;
    vi.spyOn(performance, "now").mockReturnValue(asleep);
    await advance(400);
    vi.mocked(performance.now).mockRestore();
    vi.setSystemTime(Date.now() + 60_000);
    await advance(1000);
    expect(a.log).not.toContain("b lost");
    expect(b.sees()).toEqual(["a"]);
  });

  it("is known again by its identity when its page is loaded anew, and its former self is gone at once", async () => {
    const a = await join("a");
    const b = await join("b", { identity: "same-page" });
    b.transport.vanish();
    await advance(1000);
    const again = await join("b2", { identity: "same-page" });
    await advance(1000);
    expect(a.log).toContain("b lost");
    expect(a.session.mesh.members.get("b2")?.identity).toBe("same-page");
    expect(again.sees()).toEqual(["a"]);
  });

  it("brings two halves of a room together that have formed apart", async () => {
    const a = await join("a");
    // Its network is gone, and the server has not noticed: the meeting point is held by nobody who answers.
    a.transport.setOffline(true);
    const b = await join("b");
    expect(b.sees()).toEqual([]);
    a.transport.setOffline(false);
    await advance(25_000);
    expect(a.sees()).toEqual(["b"]);
    expect(b.sees()).toEqual(["a"]);
  });

  /** What the server knows of `b`, told as late as the server may tell it. */
  const slowServer = (a: TestMember, holds: (id: string) => boolean): void => {
    vi.spyOn(a.transport, "presence").mockImplementation(async (id) => {
      await new Promise((resolve) => setTimeout(resolve, 750));
      return holds(id) ? "unknown" : "absent";
    });
  };

  it("is gone within two and a half seconds when its process is killed, at whatever moment between two heartbeats", async () => {
    const a = await join("a");
    slowServer(a, (id) => network.has(id));
    for (let index = 0; index < 10; index++) {
      const id = `victim${index}`;
      const victim = await joinMember({ network, id }, advance);
      await advance(2000 + 100 * index);
      victim.transport.vanish();
      await advance(2500);
      expect(a.log).toContain(`${id} lost`);
      void victim.session.leave();
    }
  });

  it.each([11, 12, 13, 14])(
    "is not thrown out when its page is busy for seconds, again and again (seed %i)",
    async (seed) => {
      const random = seededRandom(seed);
      const a = await join("a");
      const b = await join("b");
      slowServer(a, (id) => network.has(id));
      for (let index = 0; index < 40; index++) {
        // A page that is busy says nothing and answers nothing; the server still holds its id.
        const links = [...b.session.mesh.members.values()].map(({ channel }) => channel?.link);
        for (const link of links) if (link instanceof LoopbackLink) link.sever();
        await advance(random() * 20_000);
        for (const link of links) if (link instanceof LoopbackLink) link.mend();
        await advance(random() * 4000);
      }
      expect(a.log).not.toContain("b lost");
      await advance(8000);
      expect(a.sees()).toEqual(["b"]);
    },
  );

  it("is not thrown out when the server has restarted, has not its id back yet, and its page is busy", async () => {
    const a = await join("a");
    const b = await join("b");
    let isBack = false;
    slowServer(a, () => isBack);
    a.transport.setOffline(true);
    await advance(500);
    a.transport.setOffline(false);
    b.transport.setCutOff(true);
    await advance(4500);
    isBack = true;
    b.transport.setCutOff(false);
    await advance(3000);
    expect(a.log).not.toContain("b lost");
    expect(a.sees()).toEqual(["b"]);
  });
});
