import { describe, expect, test } from "vitest";
import { checkImpairmentProfile } from "../../../src/engine/measurement/check-impairment-profile.ts";
import { CLEAN_PROFILE, type ImpairmentProfile } from "../../../src/engine/measurement/impairment.ts";
import { findNetworkProfile, NETWORK_PROFILES } from "../../../src/engine/measurement/network-profiles.ts";
import { seededRandom } from "../../../src/engine/media/random.ts";
import {
  createFeedbackReport,
  FEEDBACK_BYTES,
  writeFeedbackReport,
} from "../../../src/engine/packet/feedback-report.ts";
import { EchoChannel } from "../../../src/engine/threading/echo-channel.ts";

/** A channel under virtual time: one voice datagram every 20 ms, numbered by its last byte pair. */
class VirtualEcho {
  now = 0;
  readonly arrivals: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  readonly channel: EchoChannel;
  readonly #tasks: { readonly at: number; readonly run: () => void }[] = [];

  constructor(profile: ImpairmentProfile, seed = 1) {
    this.channel = new EchoChannel({
      profile,
      random: seededRandom(seed),
      now: () => this.now,
      schedule: (run, delayMs) => this.#tasks.push({ at: this.now + delayMs, run }),
      onDatagram: (bytes) => this.arrivals.push({ at: this.now, bytes }),
    });
  }

  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.#tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks.splice(this.#tasks.indexOf(due), 1);
      this.now = Math.max(this.now, due.at);
      due.run();
    }
    this.now = end;
  }

  speak(packets: number, length = 100): void {
    for (let packet = 0; packet < packets; packet++) {
      const bytes = new Uint8Array(length).fill(packet & 0xff);
      bytes[0] = 0x80;
      bytes[1] = 111;
      this.channel.send(bytes);
      this.advance(20);
    }
  }
}

const named = (name: string): ImpairmentProfile => {
  const profile = findNetworkProfile(name);
  if (profile === undefined) throw new Error(`There is no profile ${name}`);
  return profile;
};

describe("an echo channel", () => {
  test("brings a copy of everything back after its delay", () => {
    const echo = new VirtualEcho({ ...CLEAN_PROFILE, delayMs: 50 });
    const bytes = new Uint8Array([0x80, 111, 1, 2]);
    echo.channel.send(bytes);
    bytes.fill(0);
    echo.advance(49);
    expect(echo.arrivals).toEqual([]);
    echo.advance(1);
    expect(echo.arrivals).toEqual([{ at: 50, bytes: new Uint8Array([0x80, 111, 1, 2]) }]);
  });

  test("loses what its profile says, the same packets for the same seed", () => {
    const runs = [7, 7, 8].map((seed) => {
      const echo = new VirtualEcho(named("burst20"), seed);
      echo.speak(5_000);
      echo.advance(1_000);
      expect(echo.channel.counters.lost / 5_000, `seed ${seed}`).toBeCloseTo(0.2, 1);
      expect(echo.arrivals.length).toBe(echo.channel.counters.delivered);
      return echo.arrivals.map(({ at }) => at);
    });
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
  });

  test("does not count feedback among voice, nor queue it behind voice", () => {
    const echo = new VirtualEcho(named("rate40"));
    const report = new Uint8Array(FEEDBACK_BYTES);
    writeFeedbackReport(report, createFeedbackReport());
    // 50 packets a second of 400 bytes are 200 kbit/s: five times what the bottleneck carries.
    echo.speak(500, 400);
    const { offered, queueDrops } = echo.channel.counters;
    expect(offered).toBe(500);
    expect(queueDrops).toBeGreaterThan(300);
    const before = echo.now;
    echo.channel.send(report);
    echo.advance(60);
    const arrived = echo.arrivals.find(({ bytes }) => bytes.length === FEEDBACK_BYTES);
    expect((arrived?.at ?? Number.NaN) - before).toBeLessThan(60);
    expect(echo.channel.counters.offered).toBe(500);
  });

  test("changes its network from one packet to the next, and delivers nothing once it is closed", () => {
    const echo = new VirtualEcho(CLEAN_PROFILE);
    echo.speak(10);
    echo.channel.setProfile({ ...CLEAN_PROFILE, loss: { type: "random", fraction: 0.999_999 } });
    echo.speak(10);
    expect(echo.arrivals).toHaveLength(10);
    echo.channel.setProfile({ ...CLEAN_PROFILE, delayMs: 100 });
    echo.speak(1);
    echo.channel.close();
    echo.advance(1_000);
    expect(echo.arrivals).toHaveLength(10);
    expect(echo.channel.isOpen).toBe(false);
  });
});

describe("a network that somebody makes up", () => {
  test("is refused with the reason when it cannot be", () => {
    const wrong: readonly (readonly [Partial<ImpairmentProfile>, string])[] = [
      [{ delayMs: -1 }, "a delay is"],
      [{ jitterMs: Number.NaN }, "jitter is"],
      [{ loss: { type: "random", fraction: 1 } }, "loss is a share"],
      [{ loss: { type: "bursts", fraction: 0.1, meanBurst: 0.5 } }, "bursts are"],
      [{ rate: { bitsPerSecond: 0, queuePackets: 10 } }, "a bottleneck carries"],
      [{ rate: { bitsPerSecond: 64_000, queuePackets: 0 } }, "a queue holds"],
      [{ outage: { everyMs: 100, durationMs: 100, type: "lost" } }, "an outage of 100 ms does not fit"],
      [{ duplicates: 2 }, "duplicates are"],
      [{ reordering: { fraction: 0.1, extraMs: -5 } }, "packets are held back"],
    ];
    for (const [part, problem] of wrong) {
      expect(() => checkImpairmentProfile({ ...CLEAN_PROFILE, name: "mine", ...part })).toThrow(problem);
    }
  });

  test("may be any of the named ones", () => {
    for (const profile of NETWORK_PROFILES) expect(() => checkImpairmentProfile(profile)).not.toThrow();
  });
});
