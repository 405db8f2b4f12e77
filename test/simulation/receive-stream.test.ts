import { describe, expect, it } from "vitest";
import { CodecModule } from "../../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../../src/engine/media/random.ts";
import { writeRedPayload } from "../../src/engine/packet/red-payload.ts";
import { RED_PAYLOAD_TYPE } from "../../src/engine/packet/rtp-packet.ts";
import { neuralModule } from "../support/core-module.ts";
import { findClicks } from "../support/find-clicks.ts";
import { encodeFrames, rtpDatagram, VirtualReceiver } from "../support/virtual-receiver.ts";

const SPEECH = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 12, seed: 4 });
const FRAMES = encodeFrames(SPEECH, 600, { settings: { fec: true, expectedLossPercent: 10 } });

/** Delivers frames `[from, to)` sent every 20 ms from `start`, each `delay(i)` ms later; null is lost. */
function deliverFrames(
  receiver: VirtualReceiver,
  options: {
    readonly from?: number;
    readonly to: number;
    readonly start?: number;
    readonly delay: (index: number) => number | null;
    readonly sequence?: number;
    readonly timestamp?: number;
    readonly ssrc?: number;
    readonly step?: number;
    readonly payloads?: readonly Uint8Array[];
  },
): void {
  const { from = 0, to, start = 0, sequence = 0, timestamp = 0, ssrc = 7, step = 20, payloads = FRAMES } = options;
  for (let index = from; index < to; index++) {
    const delay = options.delay(index);
    const payload = payloads[index % payloads.length];
    if (delay === null || payload === undefined) continue;
    const datagram = rtpDatagram({
      payload,
      ssrc,
      sequenceNumber: (sequence + index) & 0xffff,
      timestamp: (timestamp + index * 960) >>> 0,
    });
    receiver.deliver(start + (index - from) * step + delay, datagram);
  }
}

/** Frames with one older frame in every packet, 40 ms under way; `skippedPackets` is what each says was not sent before it. */
function deliverRedundant(
  receiver: VirtualReceiver,
  count: number,
  isLost: (index: number) => boolean,
  skippedPackets = 0,
): void {
  for (let index = 1; index < count; index++) {
    const primary = FRAMES[index];
    const older = FRAMES[index - 1];
    if (primary === undefined || older === undefined || isLost(index)) continue;
    const payload = new Uint8Array(1200);
    const end = writeRedPayload(payload, 0, [{ bytes: older, length: older.length, timestampOffset: 960 }], 1, {
      bytes: primary,
      offset: 0,
      length: primary.length,
    });
    const fields = { sequenceNumber: index, timestamp: index * 960, payloadType: RED_PAYLOAD_TYPE, skippedPackets };
    receiver.deliver(index * 20 + 40, rtpDatagram({ ...fields, payload: payload.slice(0, end) }));
  }
}

function power(signal: Float32Array): number {
  return signal.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, signal.length);
}

describe("a receive stream", () => {
  it("plays a path of constant delay without concealment, within a frame's fraction of that delay", () => {
    const receiver = new VirtualReceiver();
    deliverFrames(receiver, { to: 500, delay: () => 40 });
    receiver.runTo(10_000);
    const { statistics } = receiver;
    expect(statistics.concealedSamples).toBe(0);
    expect(statistics.packetsLost).toBe(0);
    expect(statistics.currentDelayMs).toBeLessThan(12);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("puts out what the sender put in", () => {
    const receiver = new VirtualReceiver();
    deliverFrames(receiver, { to: 400, delay: () => 40 });
    const heard = receiver.runTo(7_900).subarray(48_000);
    expect(power(heard)).toBeGreaterThan(0.7 * power(SPEECH.subarray(48_000, 48_000 + heard.length)));
    expect(power(heard)).toBeLessThan(1.3 * power(SPEECH.subarray(48_000, 48_000 + heard.length)));
  });

  it("recovers a lost frame from the in-band FEC of the next, once", () => {
    const receiver = new VirtualReceiver({ settings: { mode: "manual", targetMs: 60 } });
    deliverFrames(receiver, { to: 500, delay: (index) => (index % 10 === 5 ? null : 40) });
    receiver.runTo(10_000);
    const { statistics } = receiver;
    expect(statistics.recoveredByFec).toBeGreaterThan(25);
    expect(statistics.recoveredByFec + statistics.concealedSamples / 960).toBeLessThanOrEqual(51);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("follows a jump of the path's delay up at once and down within ten seconds", () => {
    const receiver = new VirtualReceiver();
    const random = seededRandom(11);
    const jitter = (): number => 10 * random();
    deliverFrames(receiver, {
      to: 1_500,
      delay: (index) => (index >= 500 && index < 700 ? 110 : 40) + jitter(),
    });
    receiver.runTo(9_900);
    const before = receiver.statistics.currentDelayMs;
    receiver.runTo(13_000);
    // The least transit has risen with the path: the buffer on top of it stays small.
    receiver.runTo(24_000);
    expect(Math.abs(receiver.statistics.currentDelayMs - before)).toBeLessThan(10);
    expect(receiver.statistics.interruptionCount).toBe(0);
  });

  it("keeps a manual delay, never lowers an automatic one that may only rise, and obeys the bounds", () => {
    const manual = new VirtualReceiver({ settings: { mode: "manual", targetMs: 150 } });
    const up = new VirtualReceiver({ settings: { mode: "auto-up" } });
    const bounded = new VirtualReceiver({ settings: { minMs: 90, maxMs: 100 } });
    for (const receiver of [manual, up, bounded]) {
      deliverFrames(receiver, { to: 900, delay: (index) => (index < 400 ? 40 + (index % 7) * 10 : 40) });
      receiver.runTo(17_500);
    }
    expect(Math.abs(manual.statistics.currentDelayMs - 150)).toBeLessThan(15);
    expect(up.statistics.currentDelayMs).toBeGreaterThan(35);
    expect(bounded.statistics.currentDelayMs).toBeGreaterThan(80);
    expect(bounded.statistics.currentDelayMs).toBeLessThan(115);
  });

  it("plays two frames that travel in one packet, and does not miss the packet that was never sent", () => {
    const receiver = new VirtualReceiver();
    deliverRedundant(receiver, 400, (index) => index % 2 === 0, 1);
    receiver.runTo(8_000);
    const { statistics } = receiver;
    expect(statistics.packetsLost).toBe(0);
    expect(statistics.recoveredByRed).toBeGreaterThan(190);
    expect(statistics.concealedSamples).toBe(0);
    expect(statistics.currentDelayMs).toBeLessThan(45);
  });

  it("takes a new manual target while it plays", () => {
    const receiver = new VirtualReceiver({ settings: { mode: "manual", targetMs: 40 } });
    deliverFrames(receiver, { to: 900, delay: () => 40 });
    receiver.runTo(5_000);
    expect(receiver.statistics.currentDelayMs).toBeLessThan(55);
    receiver.stream.configure({ mode: "manual", targetMs: 200, minMs: 0, maxMs: 500, preference: 0.5 });
    receiver.runTo(12_000);
    expect(Math.abs(receiver.statistics.currentDelayMs - 200)).toBeLessThan(15);
    expect(receiver.statistics.concealedSamples).toBe(0);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("counts DTX as comfort noise, not as loss, and comes back without a click", () => {
    const receiver = new VirtualReceiver();
    const silence = Uint8Array.of(FRAMES[0]?.[0] ?? 0);
    const payloads = FRAMES.map((payload, index) => (index >= 200 && index < 300 ? silence : payload));
    deliverFrames(receiver, {
      to: 500,
      payloads,
      // While silent only one packet in twenty is sent, as browsers do.
      delay: (index) => (index > 200 && index < 300 && index % 20 !== 0 ? null : 40),
    });
    receiver.runTo(9_900);
    expect(receiver.statistics.comfortNoiseSamples).toBeGreaterThan(48 * 1_500);
    expect(receiver.statistics.interruptionCount).toBe(0);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("plays a gap in the timestamps without a gap in the numbers as silence of that length", () => {
    const receiver = new VirtualReceiver();
    deliverFrames(receiver, { to: 200, delay: () => 40 });
    deliverFrames(receiver, {
      from: 200,
      to: 500,
      start: 5_000,
      timestamp: 50 * 960,
      delay: () => 40,
    });
    receiver.runTo(10_500);
    expect(receiver.statistics.packetsLost).toBe(0);
    expect(receiver.statistics.resyncCount).toBe(0);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("exchanges the codec while it plays without a click and goes on with neural concealment", () => {
    const receiver = new VirtualReceiver();
    deliverFrames(receiver, { to: 500, delay: (index) => (index > 250 && index % 12 === 0 ? null : 40) });
    receiver.runTo(3_000);
    receiver.stream.useCodec(CodecModule.instantiate(neuralModule()));
    receiver.runTo(9_900);
    expect(receiver.stream.neuralFrames).toBeGreaterThan(0);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("conceals classically when the network is not allowed, and counts it", () => {
    const receiver = new VirtualReceiver({ isNeural: true });
    receiver.stream.allowNeural(false);
    deliverFrames(receiver, { to: 300, delay: (index) => (index % 9 < 2 ? null : 40) });
    receiver.runTo(5_900);
    expect(receiver.statistics.budgetShortfalls).toBeGreaterThan(10);
    expect(receiver.stream.neuralFrames).toBe(0);
  });

  it("plays a lost frame from the redundant copy in a later packet", () => {
    const receiver = new VirtualReceiver({ settings: { mode: "manual", targetMs: 60 } });
    deliverRedundant(receiver, 300, (index) => index % 4 === 2);
    receiver.runTo(5_900);
    expect(receiver.statistics.recoveredByRed).toBeGreaterThan(70);
    expect(receiver.statistics.concealedSamples).toBe(0);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("recovers a burst of lost frames from deep redundancy", () => {
    const payloads = encodeFrames(SPEECH, 300, {
      isNeural: true,
      settings: { dredDuration: 30, expectedLossPercent: 20, bitrate: 48_000 },
    });
    const receiver = new VirtualReceiver({ isNeural: true, settings: { mode: "manual", targetMs: 120 } });
    deliverFrames(receiver, { to: 300, payloads, delay: (index) => (index % 20 >= 16 ? null : 40) });
    receiver.runTo(5_900);
    expect(receiver.statistics.recoveredByDred).toBeGreaterThan(30);
    expect(findClicks(receiver.heard)).toEqual([]);
  });

  it("plays a packet that comes twice once", () => {
    const receiver = new VirtualReceiver({ settings: { mode: "manual", targetMs: 60 } });
    deliverFrames(receiver, { to: 300, delay: () => 40 });
    for (let index = 0; index < 300; index += 3) {
      const payload = FRAMES[index];
      if (payload === undefined) continue;
      receiver.deliver(index * 20 + 45, rtpDatagram({ payload, sequenceNumber: index, timestamp: index * 960 }));
    }
    receiver.runTo(6_000);
    expect(receiver.statistics.packetsDuplicated).toBe(100);
    expect(receiver.statistics.concealedSamples).toBe(0);
    expect(receiver.statistics.removedSamplesForAcceleration).toBeLessThan(48 * 120);
  });
});
