import { describe, expect, it } from "vitest";
import type { ImpairmentProfile, LossModel } from "../../../src/engine/measurement/impairment.ts";
import { VirtualCall } from "../../support/virtual-call.ts";

const seeds = [1, 2, 3];
/** Frame duration where the path carries everything, ms: half of what the user chose. */
const SHORT = 10;

function path(loss: LossModel = { type: "none" }, delayMs = 30): ImpairmentProfile {
  return { name: "step", delayMs, jitterMs: 3, loss };
}

function bottleneck(bitsPerSecond: number): ImpairmentProfile {
  return { ...path(), rate: { bitsPerSecond, queuePackets: 30 } };
}

/** A call over `before` for 20 s and over `after` for `seconds` more. */
function stepCall(before: ImpairmentProfile, after: ImpairmentProfile, seed: number, seconds = 40): VirtualCall {
  const call = new VirtualCall({ profile: before, seed });
  call.run(20_000);
  call.setProfile(after);
  call.run(seconds * 1000);
  return call;
}

/** Share `share` of the sorted values lies below the result. */
function at(values: readonly number[], share: number): number {
  return values[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}

/** Times at which the link's own `quantity` was changed after `from`, in ms since the start of the call. */
function changes(call: VirtualCall, quantity: string, from: number): number[] {
  return call.decisions
    .filter((entry) => entry.linkId !== undefined && entry.quantity === quantity && entry.at > from)
    .map((entry) => entry.at);
}

describe("adaptation of a call, in virtual time", () => {
  it.each(seeds)("fits into a path that narrows to 60 kbit/s within 5 s and keeps its delay low (seed %i)", (seed) => {
    const call = stepCall(bottleneck(300_000), bottleneck(60_000), seed);
    const delays = call.delays(25_000, 59_000);
    expect(at(delays, 0.5)).toBeLessThan(90);
    expect(at(delays, 0.95)).toBeLessThan(200);
    expect(call.missingFrames(25_000, 59_000, 300)).toBeLessThan(0.01);
    const sent = call.samples.filter(({ time }) => time > 25_000);
    expect(Math.max(...sent.map(({ pathRate }) => pathRate))).toBeLessThan(100_000);
  });

  it.each(seeds)("does not swing between frame durations on a narrow path (seed %i)", (seed) => {
    const call = stepCall(bottleneck(300_000), bottleneck(60_000), seed, 100);
    expect(changes(call, "frame-duration", 25_000).length).toBeLessThanOrEqual(2);
    expect(changes(call, "bitrate", 30_000).length).toBeLessThanOrEqual(6);
  });

  it.each(seeds)("stays under 40 kbit/s on the narrowest path of the bench (seed %i)", (seed) => {
    const call = stepCall(bottleneck(300_000), bottleneck(40_000), seed, 60);
    const before = call.forward.counters;
    const bytes = before.bytesDelivered;
    const dropped = before.queueDrops;
    call.run(20_000);
    expect(((call.forward.counters.bytesDelivered - bytes) * 8) / 20).toBeLessThan(40_000);
    expect(call.forward.counters.queueDrops - dropped).toBe(0);
  });

  it.each(seeds)("returns to short frames and full bitrate when a path widens again (seed %i)", (seed) => {
    const call = stepCall(bottleneck(300_000), bottleneck(60_000), seed, 30);
    call.setProfile(bottleneck(300_000));
    call.run(40_000);
    expect(call.samples.at(-1)?.encoder).toMatchObject({ frameDuration: SHORT, bitrate: 32_000 });
  });

  it.each(seeds)(
    "is back at short frames within 10 s of a path widening, and did not swing before (seed %i)",
    (seed) => {
      const call = stepCall(bottleneck(300_000), bottleneck(60_000), seed, 30);
      expect(call.samples.at(-1)?.encoder.frameDuration).toBe(60);
      call.setProfile(bottleneck(300_000));
      call.run(10_000);
      expect(call.samples.at(-1)?.encoder).toMatchObject({ bitrate: 32_000 });
      expect(call.samples.at(-1)?.encoder.frameDuration).toBeLessThanOrEqual(20);
      const steps = call.decisions.filter(
        ({ linkId, quantity }) => linkId !== undefined && quantity === "frame-duration",
      );
      for (const { to, from } of steps.filter(({ at: time }) => time > 50_000)) expect(to).toBeLessThan(from);
      expect(call.decisions.some(({ reason }) => reason.includes("a longer packet went through"))).toBe(true);
    },
  );

  it.each(seeds)("protects against 10 % random loss within 5 s and then loses next to nothing (seed %i)", (seed) => {
    const call = stepCall(path(), path({ type: "random", fraction: 0.1 }), seed);
    expect(call.missingFrames(25_000, 59_000, 120)).toBeLessThan(0.01);
    expect(call.samples.at(-1)?.target.redundancyDistances).toEqual([1, 2]);
    expect(changes(call, "redundancy", 25_000).length).toBeLessThanOrEqual(1);
  });

  it.each(seeds)("loses a third of what the path loses in bursts of two, with copies near by (seed %i)", (seed) => {
    const call = stepCall(path(), path({ type: "bursts", fraction: 0.1, meanBurst: 2 }), seed);
    expect(call.missingFrames(27_000, 59_000, 140)).toBeLessThan(0.034);
    expect(call.samples.at(-1)?.target.redundancyDistances).toEqual([1, 2]);
  });

  it.each(seeds)("reaches three frames back behind long bursts (seed %i)", (seed) => {
    const call = stepCall(path(), path({ type: "bursts", fraction: 0.25, meanBurst: 3 }), seed);
    expect(call.missingFrames(27_000, 59_000, 160)).toBeLessThan(0.18);
    const reach = call.samples.filter(({ time }) => time > 27_000).map(({ target }) => target.redundancyDistances);
    expect(reach.filter((distances) => distances.at(-1) === 3).length).toBeGreaterThan(reach.length / 2);
  });

  it.each(seeds)("takes protection back within 5 s of the loss ending (seed %i)", (seed) => {
    const call = stepCall(path({ type: "random", fraction: 0.1 }), path(), seed, 5);
    expect(call.samples.at(-1)?.target).toMatchObject({ redundancyDistances: [], fec: false, bitrate: 32_000 });
  });

  it.each(seeds)("does not slow down for random loss, however high (seed %i)", (seed) => {
    const call = stepCall(path(), path({ type: "random", fraction: 0.2 }), seed);
    expect(call.samples.at(-1)?.encoder.frameDuration).toBe(SHORT);
    expect(call.samples.at(-1)?.pathRate).toBeGreaterThan(90_000);
  });

  it.each(seeds)("takes a longer route for what it is and keeps its rate (seed %i)", (seed) => {
    const call = stepCall(path(), path({ type: "none" }, 180), seed);
    expect(call.samples.at(-1)?.encoder).toMatchObject({ frameDuration: SHORT, bitrate: 32_000 });
    expect(at(call.delays(25_000, 59_000), 0.95)).toBeLessThan(190);
  });

  it.each(seeds)("takes a cut back when a longer, lossy route had looked like a queue (seed %i)", (seed) => {
    const longer: ImpairmentProfile = {
      name: "longer",
      delayMs: 50,
      jitterMs: 10,
      loss: { type: "bursts", fraction: 0.1, meanBurst: 2 },
    };
    const call = stepCall(path({ type: "none" }, 2), longer, seed);
    const settled = call.samples.filter(({ time }) => time > 36_000);
    for (const { encoder } of settled) expect(encoder).toMatchObject({ frameDuration: SHORT, bitrate: 32_000 });
  });

  it.each(seeds)("gives way while reports stay away, and goes on as before when the path is back (seed %i)", (seed) => {
    const call = stepCall(path(), path({ type: "random", fraction: 1 }), seed, 2);
    expect(call.decisions.at(-1)?.at).toBeGreaterThan(20_000);
    expect(
      call.decisions.some(({ quantity, reason }) => quantity === "path-rate" && reason.includes("no report")),
    ).toBe(true);
    call.setProfile(path());
    call.run(2000);
    expect(call.samples.at(-1)?.encoder).toMatchObject({ frameDuration: SHORT, bitrate: 32_000 });
    expect(call.missingFrames(23_000, 23_800, 300)).toBeLessThan(0.1);
  });

  it.each(seeds)("does not go slow for a peer that has gone silent for good (seed %i)", (seed) => {
    const call = stepCall(path(), path({ type: "random", fraction: 1 }), seed, 10);
    expect(call.samples.at(-1)?.encoder).toMatchObject({ frameDuration: SHORT, bitrate: 32_000 });
  });

  it.each(seeds)("never takes the loss of a full queue for random loss (seed %i)", (seed) => {
    const call = stepCall(bottleneck(300_000), bottleneck(30_000), seed, 30);
    expect(call.decisions.filter(({ reason }) => reason.includes("does not follow our rate"))).toEqual([]);
    for (const { pathRate } of call.samples.filter(({ time }) => time > 25_000)) expect(pathRate).toBeLessThan(60_000);
    expect(call.missingFrames(30_000, 49_000, 600)).toBeLessThan(0.05);
  });

  it.each(seeds)("leaves jitter without a queue alone (seed %i)", (seed) => {
    const jittery: ImpairmentProfile = { name: "jitter", delayMs: 100, jitterMs: 80, loss: { type: "none" } };
    const call = stepCall(path(), jittery, seed);
    expect(call.samples.at(-1)?.encoder).toMatchObject({ frameDuration: SHORT, bitrate: 32_000 });
  });

  it.each(seeds)("gives a reason in words and figures for every decision (seed %i)", (seed) => {
    const call = stepCall(path({ type: "bursts", fraction: 0.2, meanBurst: 3 }), bottleneck(50_000), seed);
    const decided = call.decisions.filter(({ linkId }) => linkId !== undefined);
    expect(decided.length).toBeGreaterThan(5);
    for (const { reason, from, to } of decided) {
      expect(reason).toMatch(/[a-z]{3}/);
      expect(from).not.toBe(to);
    }
    expect(decided.filter(({ reason }) => /\d/.test(reason)).length).toBeGreaterThan(decided.length / 2);
  });

  it.each(seeds)("is heard again within 500 ms of an outage with the newest frame (seed %i)", (seed) => {
    const outage: ImpairmentProfile = { ...path(), outage: { everyMs: 10_000, durationMs: 2000, type: "lost" } };
    const call = new VirtualCall({ profile: outage, seed });
    call.run(35_000);
    const start = call.clock.now - call.time;
    for (const end of [10_000, 20_000, 30_000]) {
      const back = call.received
        .filter((frame) => !frame.isRedundant)
        .map((frame) => ({ at: frame.arrivedAt - start - end, age: frame.arrivedAt - frame.madeAt }))
        .filter((frame) => frame.at >= 0 && frame.at < 2000);
      // What waited in the channel, a packet or two, cannot be called back; behind it everything is fresh.
      expect(back.filter(({ age }) => age > 100).length).toBeLessThanOrEqual(2);
      expect(back.find(({ age }) => age <= 100)?.at).toBeLessThan(500);
    }
  });
});
