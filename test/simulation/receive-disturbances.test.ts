import { describe, expect, it } from "vitest";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../../src/engine/media/random.ts";
import { findClicks } from "../support/find-clicks.ts";
import { encodeFrames, rtpDatagram, VirtualReceiver } from "../support/virtual-receiver.ts";

/** A talker who never pauses, so that silence in the output is a fault. */
const SPEECH = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 10, seed: 9, pauseShare: 0 });
const FRAMES = encodeFrames(SPEECH, 500);
/** Cheap to decode, for half hours of virtual time. */
const CHEAP_FRAMES = encodeFrames(SPEECH, 480, { settings: { bitrate: 8_000, bandwidth: "narrow", complexity: 0 } });
/** 60 ms each and cheap to decode, for hours of virtual time. */
const LONG_FRAMES = encodeFrames(SPEECH, 160, {
  frameSamples: 2880,
  settings: { bitrate: 8_000, bandwidth: "narrow", complexity: 0 },
});

type Run = {
  readonly receiver: VirtualReceiver;
  /** First frame and frame after the last. */
  readonly from: number;
  readonly to: number;
  /** When frame `from` is sent, ms. */
  readonly start: number;
  /** Sequence number and timestamp of frame 0. */
  readonly sequence?: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly ppm?: number;
  readonly arrival?: (sent: number, index: number) => number;
  /** Frames of this many ms from this list; 20 ms by default. */
  readonly frameMs?: number;
  readonly frames?: readonly Uint8Array[];
};

function send({
  receiver,
  from,
  to,
  start,
  sequence = 0,
  timestamp = 0,
  ssrc = 7,
  ppm = 0,
  frameMs = 20,
  frames = FRAMES,
  ...rest
}: Run): void {
  const arrival = rest.arrival ?? ((sent: number) => sent + 40);
  for (let index = from; index < to; index++) {
    const payload = frames[index % frames.length];
    if (payload === undefined) continue;
    const sent = start + ((index - from) * frameMs) / (1 + ppm * 1e-6);
    const datagram = rtpDatagram({
      payload,
      ssrc,
      sequenceNumber: (sequence + index) & 0xffff,
      timestamp: (timestamp + index * frameMs * 48) >>> 0,
    });
    receiver.deliver(arrival(sent, index), datagram);
  }
}

/** Time from `from` until speech is heard for 20 ms on end, ms. */
function silenceAfter(heard: Float32Array, from: number): number {
  for (let at = from * 48; at + 960 < heard.length; at += 48) {
    let sum = 0;
    for (let i = at; i < at + 960; i++) sum += (heard[i] ?? 0) ** 2;
    if (sum / 960 > 1e-4) return at / 48 - from;
  }
  return Number.POSITIVE_INFINITY;
}

/** Media position of what is heard at the end of a run, by the last frame that was played. */
function lag(receiver: VirtualReceiver): number {
  return receiver.statistics.currentDelayMs;
}

describe("a receive stream under a disturbance", () => {
  it.each([
    ["a restarted sender with another SSRC", { ssrc: 99, sequence: 500, timestamp: 77_777 }],
    ["a restarted sender with the same SSRC", { sequence: 40_000, timestamp: 3_000_000_000 }],
    ["timestamps that jump forward by an hour", { timestamp: 48_000 * 3_600 }],
    ["timestamps that jump back by ten seconds", { timestamp: 0x1_0000_0000 - 480_000 }],
  ])("is live again within 500 ms of %s, without a click", (_, again) => {
    const receiver = new VirtualReceiver();
    send({ receiver, from: 0, to: 200, start: 0 });
    send({ receiver, from: 200, to: 450, start: 4_000, ...again });
    receiver.runTo(9_000);
    const heard = receiver.heard;
    expect(silenceAfter(heard, 4_100)).toBeLessThan(500);
    expect(receiver.statistics.resyncCount).toBe(1);
    expect(lag(receiver)).toBeLessThan(60);
    expect(findClicks(heard)).toEqual([]);
  });

  it("is live again within 500 ms after the sender slept for five seconds", () => {
    const receiver = new VirtualReceiver();
    send({ receiver, from: 0, to: 200, start: 0 });
    // Its clock stood still: timestamps go on where they were.
    send({ receiver, from: 200, to: 400, start: 9_000 });
    receiver.runTo(12_900);
    expect(silenceAfter(receiver.heard, 9_040)).toBeLessThan(500);
    expect(lag(receiver)).toBeLessThan(60);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("is live again within 500 ms after the receiver slept for five seconds", () => {
    const receiver = new VirtualReceiver();
    send({ receiver, from: 0, to: 200, start: 0 });
    // The playout clock stood still while five seconds of packets piled up; the ring kept the first second of them.
    send({ receiver, from: 200, to: 250, start: 4_000, arrival: () => 4_040 });
    send({ receiver, from: 450, to: 700, start: 4_060 });
    receiver.runTo(8_900);
    expect(silenceAfter(receiver.heard, 4_100)).toBeLessThan(500);
    expect(lag(receiver)).toBeLessThan(80);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("plays nothing stale after a stall of one second and the burst at its end", () => {
    const receiver = new VirtualReceiver();
    const stalled = (sent: number): number =>
      sent >= 4_000 && sent < 5_000 ? 5_000 + (sent - 4_000) / 200 : sent + 40;
    send({ receiver, from: 0, to: 450, start: 0, arrival: (sent) => Math.max(stalled(sent), sent + 40) });
    receiver.runTo(5_500);
    expect(silenceAfter(receiver.heard, 5_000)).toBeLessThan(500);
    expect(lag(receiver)).toBeLessThan(80);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it.each([1, 2, 3])("provides for stalls whose frames come out of order when they end (seed %i)", (seed) => {
    const random = seededRandom(seed);
    const receiver = new VirtualReceiver();
    // Nothing for half a second in every five, then everything within 10 ms, in any order.
    const arrival = (sent: number): number =>
      (sent % 5_000 >= 4_500 ? 5_000 * Math.ceil(sent / 5_000) : sent) + 20 + 10 * random();
    send({ receiver, from: 0, to: 1_500, start: 0, arrival });
    receiver.runTo(12_000);
    const { concealedSamples } = receiver.statistics;
    receiver.runTo(29_000);
    expect(receiver.statistics.concealedSamples).toBe(concealedSamples);
    expect(lag(receiver)).toBeLessThan(560);
  });

  it.each([0.5, 0])(
    "provides for a stall of 300 ms by preference %d: for seven seconds or not at all",
    (preference) => {
      const receiver = new VirtualReceiver({ settings: { preference } });
      const arrival = (sent: number): number =>
        sent >= 4_000 && sent < 4_300 ? 4_340 + (sent - 4_000) / 200 : sent + 40;
      send({ receiver, from: 0, to: 900, start: 0, arrival });
      receiver.runTo(7_500);
      const held = lag(receiver);
      receiver.runTo(14_300);
      if (preference > 0) expect(held).toBeGreaterThan(250);
      else expect(held).toBeLessThan(60);
      expect(lag(receiver)).toBeLessThan(25);
    },
  );

  it("plays through the wrap of sequence numbers and timestamps", () => {
    const receiver = new VirtualReceiver();
    const random = seededRandom(3);
    const arrival = (sent: number): number => sent + 30 + 25 * random();
    send({ receiver, from: 0, to: 480, start: 0, sequence: 0xff00, timestamp: 0x1_0000_0000 - 200_000, arrival });
    receiver.runTo(9_500);
    expect(receiver.statistics.concealedSamples).toBe(0);
    expect(receiver.statistics.packetsLost).toBe(0);
    expect(receiver.statistics.resyncCount).toBe(0);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it.each([200, -200])(
    "follows a sender's clock of %d ppm for thirty minutes",
    (ppm) => {
      const receiver = new VirtualReceiver({ keepsOutput: false, quantum: 128 });
      const random = seededRandom(5);
      const delays: number[] = [];
      // Delivered minute by minute, so that the schedule stays small.
      for (let minute = 0; minute < 30; minute++) {
        const start = (minute * 60_000) / (1 + ppm * 1e-6);
        const arrival = (sent: number): number => sent + 40 + 20 * random();
        send({
          receiver,
          frames: CHEAP_FRAMES,
          from: minute * 3_000,
          to: (minute + 1) * 3_000,
          start,
          ppm,
          arrival,
        });
        receiver.runTo(minute * 60_000 + 50_000);
        if (minute > 0) delays.push(lag(receiver));
      }
      const { statistics } = receiver;
      expect(statistics.concealedSamples / statistics.totalSamplesReceived).toBeLessThan(0.001);
      expect(statistics.resyncCount).toBe(0);
      expect(Math.abs(statistics.driftPpm - ppm)).toBeLessThan(20);
      expect(Math.max(...delays) - Math.min(...delays)).toBeLessThan(10);
    },
    300_000,
  );

  it("plays an hour without a gap", () => {
    const receiver = new VirtualReceiver({ keepsOutput: false, quantum: 480 });
    const random = seededRandom(1);
    for (let minute = 0; minute < 60; minute++) {
      const arrival = (sent: number): number => sent + 20 + 10 * random();
      send({
        receiver,
        frames: LONG_FRAMES,
        frameMs: 60,
        from: minute * 1_000,
        to: (minute + 1) * 1_000,
        start: minute * 60_000,
        arrival,
      });
      receiver.runTo((minute + 1) * 60_000);
    }
    const { statistics } = receiver;
    expect(statistics.concealedSamples).toBe(0);
    expect(statistics.packetsLost).toBe(0);
    expect(statistics.totalSamplesReceived).toBeGreaterThan(3_599 * 48_000);
    expect(statistics.resyncCount).toBe(0);
  }, 300_000);
});
