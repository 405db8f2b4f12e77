import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { createFeedbackReport } from "../../../src/engine/packet/feedback-report.ts";
import { LinkClock, wireClock } from "../../../src/engine/transport/link-clock.ts";

/** A minute of voice both ways between two clocks, `skewMs` apart, over paths with queues of up to `jitterMs`. */
function converse(options: {
  readonly skewMs: number;
  readonly thereMs: number;
  readonly backMs: number;
  readonly jitterMs: number;
  readonly startMs?: number;
  readonly seed?: number;
}): LinkClock {
  const { skewMs, thereMs, backMs, jitterMs, startMs = 0, seed = 1 } = options;
  const random = seededRandom(seed);
  const clock = new LinkClock();
  const report = createFeedbackReport();
  for (let round = 0; round < 250; round++) {
    const sent = startMs + round * 225 + random();
    const arrived = sent + thereMs + random() * jitterMs;
    const reported = arrived + 20 * random();
    const back = reported + backMs + random() * jitterMs;
    report.echoTimeMs = wireClock(sent);
    report.echoHoldMs = Math.round(reported - arrived);
    report.reportTimeMs = wireClock(reported + skewMs);
    clock.report(report, back);
    for (let packet = 0; packet < 11; packet++) {
      const spoken = sent + packet * 20;
      clock.packet(9, wireClock(spoken + skewMs), spoken + backMs + random() * jitterMs);
    }
  }
  return clock;
}

describe("compared clocks", () => {
  test.each([0, 12_345.6, -98_765_432.1, 2 ** 31 - 5, -(2 ** 31) + 5, 4_000_000_000])(
    "tell the way of packets within 2 ms whatever stands between the clocks: %d ms",
    (skewMs) => {
      const clock = converse({ skewMs, thereMs: 40, backMs: 40, jitterMs: 0 });
      expect(clock.oneWayMs(9)).toBeGreaterThan(38);
      expect(clock.oneWayMs(9)).toBeLessThan(42);
    },
  );

  test("see a queue in one direction that half a round trip would hide", () => {
    for (const seed of [1, 2, 3]) {
      const clock = converse({ skewMs: 777, thereMs: 30, backMs: 30, jitterMs: 60, seed });
      expect(clock.oneWayMs(9), `seed ${seed}`).toBeGreaterThan(45);
      expect(clock.oneWayMs(9), `seed ${seed}`).toBeLessThan(75);
    }
  });

  test("put half of a lasting difference between the directions into each way, as nothing can tell better", () => {
    const clock = converse({ skewMs: 5, thereMs: 20, backMs: 60, jitterMs: 0 });
    expect(clock.oneWayMs(9)).toBeGreaterThan(38);
    expect(clock.oneWayMs(9)).toBeLessThan(42);
  });

  test("go on where the millisecond counter wraps", () => {
    const clock = converse({ skewMs: 0, thereMs: 40, backMs: 40, jitterMs: 0, startMs: 2 ** 32 - 30_000 });
    expect(clock.oneWayMs(9)).toBeGreaterThan(38);
    expect(clock.oneWayMs(9)).toBeLessThan(42);
  });

  test("say nothing before an exchange, of an unknown stream, or of what a peer makes up", () => {
    const clock = new LinkClock();
    clock.packet(9, 100, 140);
    expect(clock.oneWayMs(9)).toBeUndefined();
    const report = createFeedbackReport();
    for (const [echoTimeMs, echoHoldMs, reportTimeMs] of [
      [0, 0xffff, 5],
      [0, 0, 0],
      [900_000_000, 0, 5],
    ] as const) {
      clock.report(Object.assign(report, { echoTimeMs, echoHoldMs, reportTimeMs }), 200);
      expect(clock.offsetMs).toBeUndefined();
    }
    const known = converse({ skewMs: 0, thereMs: 1, backMs: 1, jitterMs: 0 });
    expect(known.oneWayMs(8)).toBeUndefined();
    known.packet(9, 2 ** 31, 60_000);
    expect(known.oneWayMs(9)).toBeUndefined();
  });
});
