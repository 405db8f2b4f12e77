import { describe, expect, it } from "vitest";
import type { OfflinePacket } from "../../src/engine/capture/offline-capture.ts";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../../src/engine/media/random.ts";
import { SilenceThinner } from "../../src/engine/transport/silence-thinner.ts";
import { createNoise, mix } from "../support/noise.ts";
import { runChain } from "../support/offline-chain.ts";
import { rtpDatagram, VirtualReceiver } from "../support/virtual-receiver.ts";

const RATE = 48_000;
const SECONDS = 40;
const PRE_ROLL_MS = 100;
/** Phrases with pauses of about a second, in a quiet room. */
const speech = createSpeechLikeSignal({ sampleRate: RATE, seconds: SECONDS, seed: 4, pauseShare: 0.4 });
const room = mix(speech, createNoise("pink", SECONDS, -70, 3));
const { packets } = runChain([room], [{ encoder: { complexity: 0 }, capture: { suppressor: { kind: "speex" } } }]);

/** Lets what voice activation sends through a path with jitter and loss; the state of the receiver every 100 ms. */
function call(path: { readonly jitterMs: number; readonly loss: number; readonly seed: number }) {
  const random = seededRandom(path.seed);
  const receiver = new VirtualReceiver({ keepsOutput: false });
  const thinner = new SilenceThinner();
  let sequenceNumber = 0;
  for (const packet of packets) {
    const sentAt = packet.sentAt / 48;
    if (!thinner.admit(packet.payload.length, sentAt)) continue;
    if (random() >= path.loss)
      receiver.deliver(sentAt + 30 + random() * path.jitterMs, datagram(packet, sequenceNumber));
    sequenceNumber++;
  }
  const samples: { readonly time: number; readonly target: number; readonly delay: number }[] = [];
  for (let time = 100; time <= SECONDS * 1000; time += 100) {
    receiver.runTo(time);
    const { targetDelayMs: target, currentDelayMs: delay } = receiver.statistics;
    samples.push({ time, target, delay });
  }
  return { samples, sent: sequenceNumber, statistics: receiver.statistics };
}

function datagram(packet: OfflinePacket, sequenceNumber: number): Uint8Array {
  return rtpDatagram({
    payload: packet.payload,
    sequenceNumber,
    timestamp: packet.rtpTimestamp,
    marker: packet.isTalkspurtStart,
    heldBackSamples: packet.heldBackSamples,
    isPause: packet.isPause,
  });
}

/** Time from the start of each talkspurt, counted from when its first frame is heard, until the delay is `boundMs` or less. */
function catchUpTimes(samples: ReturnType<typeof call>["samples"], boundMs: number): number[] {
  const starts = packets.filter(({ isTalkspurtStart, sentAt }) => isTalkspurtStart && sentAt > 2 * RATE);
  return starts.map(({ sentAt }) => {
    const at = sentAt / 48 + 100;
    const settled = samples.find(({ time, delay }) => time > at && delay <= boundMs);
    return (settled?.time ?? Number.POSITIVE_INFINITY) - at;
  });
}

describe("a call with voice activation", () => {
  it("talks in several phrases, each after a pre-roll", () => {
    const bursts = packets.filter(({ isTalkspurtStart }) => isTalkspurtStart);
    expect(bursts.length).toBeGreaterThanOrEqual(8);
    for (const { heldBackSamples } of bursts.slice(1)) {
      expect(heldBackSamples / 48).toBeGreaterThanOrEqual(PRE_ROLL_MS - 20);
      expect(heldBackSamples / 48).toBeLessThanOrEqual(PRE_ROLL_MS + 20);
    }
  });

  it("takes pre-roll for what it is and keeps the delay that the path asks for", () => {
    const { samples, statistics } = call({ jitterMs: 5, loss: 0, seed: 1 });
    const targets = samples.filter(({ time }) => time > 3000).map(({ target }) => target);
    expect(Math.max(...targets)).toBeLessThanOrEqual(30);
    expect(Math.max(...catchUpTimes(samples, 45))).toBeLessThanOrEqual(800);
    expect(statistics.packetsDiscarded).toBe(0);
    expect(statistics.concealedSamples / RATE).toBeLessThan(0.05);
  });

  it("does the same on a path that loses packets", () => {
    const { samples, statistics } = call({ jitterMs: 5, loss: 0.05, seed: 2 });
    const targets = samples.filter(({ time }) => time > 3000).map(({ target }) => target);
    expect(Math.max(...targets)).toBeLessThanOrEqual(40);
    expect(statistics.packetsDiscarded).toBe(0);
    expect(statistics.interruptionCount).toBe(0);
  });

  it("sends little while nobody talks", () => {
    const { sent } = call({ jitterMs: 0, loss: 0, seed: 3 });
    const talking = packets.filter(({ hasVoiceActivity }) => hasVoiceActivity).length;
    expect(talking).toBeLessThan(0.8 * packets.length);
    expect(sent - talking).toBeLessThan(0.4 * (packets.length - talking));
  });
});
