import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { LoopbackNetwork } from "../../../src/engine/transport/loopback-transport.ts";
import { joinMember, type TestMember } from "../../support/loopback-members.ts";

const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Members at the same time. */
const MOST = 6;

const STEPS = 25;

/** After this long without trouble a room is whole again: a member that was given up, and a spare meeting point, ms. */
const CALM_MS = 60_000;

describe("a room under random misfortune", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const seeds = Array.from({ length: 20 }, (_, index) => 1000 + index);

  it.each(seeds)("is whole again a minute after the last of it (seed %i)", async (seed) => {
    const random = seededRandom(seed);
    const network = new LoopbackNetwork();
    const members = new Map<string, TestMember>();
    let next = 0;
    const pick = (): TestMember | undefined => [...members.values()][Math.floor(random() * members.size)];
    const join = async (): Promise<void> => {
      const id = `m${next}`;
      next += 1;
      members.set(id, await joinMember({ network, id }, advance));
    };
    await join();
    for (let step = 0; step < STEPS; step += 1) {
      const dice = random();
      const member = pick();
      if (dice < 0.4 && members.size < MOST) {
        await join();
      } else if (member !== undefined && members.size > 1) {
        if (dice < 0.55) {
          members.delete(member.transport.localId);
          void member.session.leave();
        } else if (dice < 0.65) {
          members.delete(member.transport.localId);
          member.transport.vanish();
          void member.session.leave();
        } else if (dice < 0.8) {
          member.transport.setCutOff(random() < 0.6);
        } else if (dice < 0.9) {
          member.transport.setOffline(random() < 0.6);
        } else {
          const [other] = member.session.mesh.members.values();
          other?.channel?.link.close();
        }
      }
      await advance(random() * 12_000);
    }
    for (const member of members.values()) {
      member.transport.setCutOff(false);
    }
    await advance(CALM_MS);
    await join();
    const ids = [...members.keys()].sort();
    const seen = [...members.values()].map((member) => [member.transport.localId, ...member.sees()].sort());
    expect(seen).toEqual(ids.map(() => ids));
    // Halves that were apart may keep a host each, but nobody waits for one that is gone.
    const hosts = [...members.values()].map(({ session }) => session.roster.hostId);
    expect(hosts.filter((id) => !members.has(id))).toEqual([]);
    const leaving = [...members.values()].map(({ session }) => session.leave());
    await advance(1000);
    await Promise.all(leaving);
  });
});
