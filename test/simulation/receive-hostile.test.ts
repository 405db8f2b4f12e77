import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodecModule } from "../../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../../src/engine/media/random.ts";
import type { ReceiveStatistics } from "../../src/engine/playout/receive-statistics.ts";
import { ReceiveStream } from "../../src/engine/playout/receive-stream.ts";
import { defaultSettings } from "../../src/engine/settings/default-settings.ts";
import { coreModule, neuralModule } from "../support/core-module.ts";
import { encodeFrames, rtpDatagram } from "../support/virtual-receiver.ts";

const SPEECH = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 4, seed: 2 });
const FRAMES = [
  ...encodeFrames(SPEECH, 60, { settings: { fec: true, expectedLossPercent: 20 } }),
  ...encodeFrames(SPEECH, 60, { frameSamples: 120, settings: { application: "lowdelay" } }),
  ...encodeFrames(SPEECH, 20, { frameSamples: 2880 }),
  Uint8Array.of(0x08),
  Uint8Array.of(0x08, 0),
];
const QUANTUM = 128;
const COUNTERS = [
  "packetsReceived",
  "packetsDiscarded",
  "packetsDuplicated",
  "packetsInvalid",
  "totalSamplesReceived",
  "concealedSamples",
  "silentConcealedSamples",
  "concealmentEvents",
  "insertedSamplesForDeceleration",
  "removedSamplesForAcceleration",
  "jitterBufferDelay",
  "jitterBufferEmittedCount",
  "interruptionCount",
  "resyncCount",
] as const satisfies readonly (keyof ReceiveStatistics)[];

/** Pulls quanta and checks what must hold of every one of them. */
class Checked {
  readonly stream: ReceiveStream;
  readonly #left = new Float32Array(QUANTUM);
  readonly #right = new Float32Array(QUANTUM);
  readonly #before = new Map<string, number>();
  now = 0;
  peak = 0;

  constructor(channels: 1 | 2, isNeural = false) {
    this.stream = new ReceiveStream({
      codec: CodecModule.instantiate(isNeural ? neuralModule() : coreModule()),
      channels,
      settings: defaultSettings.jitterBuffer,
    });
  }

  insert(datagram: Uint8Array): void {
    this.stream.insert(datagram, datagram.length, this.now);
  }

  pull(): void {
    this.#left.fill(Number.NaN);
    this.stream.pull(this.#left, this.#right, 0, QUANTUM);
    this.now += QUANTUM;
    for (let i = 0; i < QUANTUM; i++) {
      const magnitude = Math.max(Math.abs(this.#left[i] ?? Number.NaN), Math.abs(this.#right[i] ?? Number.NaN));
      if (!(magnitude < 4)) throw new Error(`sample ${this.now + i} is ${this.#left[i]}`);
      this.peak = Math.max(this.peak, magnitude);
    }
    const { statistics } = this.stream;
    for (const name of COUNTERS) {
      const value = statistics[name];
      if (!(value >= (this.#before.get(name) ?? 0))) throw new Error(`${name} fell to ${value}`);
      this.#before.set(name, value);
    }
    if (!(statistics.currentDelayMs < 2_500)) throw new Error(`delay ${statistics.currentDelayMs} ms`);
    if (statistics.totalSamplesReceived > this.now * 1.002 + 960) throw new Error("more was played than time passed");
  }
}

describe("a receive stream fed by an enemy", () => {
  it("survives random and mutated datagrams in any order: finite output, monotonic counters, bounded delay", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const checked = new Checked(seed % 2 === 0 ? 1 : 2, seed % 6 === 0);
      try {
        for (let quantum = 0; quantum < 3_000; quantum++) {
          const burst = random() < 0.02 ? 40 : random() < 0.3 ? 1 : 0;
          for (let i = 0; i < burst; i++) checked.insert(mutant(random, quantum));
          checked.pull();
        }
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  }, 300_000);

  it("holds its invariants for any sequence of losses, delays, jumps and frame lengths", () => {
    const step = fc.record({
      frame: fc.integer({ min: 0, max: FRAMES.length - 1 }),
      sequenceStep: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, fc.integer({ min: -300, max: 3_000 })),
      timeStep: fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(960, 120, 2880) },
        fc.integer({ min: -200_000, max: 0x7fff_ffff }),
      ),
      quanta: fc.oneof({ weight: 10, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.integer({ min: 0, max: 400 })),
      ssrc: fc.oneof({ weight: 30, arbitrary: fc.constant(7) }, fc.constantFrom(8, 9)),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const checked = new Checked(1);
        let sequence = 65_500;
        let timestamp = 0xffff_0000;
        for (const { frame, sequenceStep, timeStep, quanta, ssrc } of steps) {
          sequence = (sequence + sequenceStep) & 0xffff;
          timestamp = (timestamp + timeStep) >>> 0;
          const payload = FRAMES[frame] ?? Uint8Array.of(0x08);
          checked.insert(rtpDatagram({ payload, sequenceNumber: sequence, timestamp, ssrc }));
          for (let i = 0; i < quanta; i++) checked.pull();
        }
        for (let i = 0; i < 50; i++) checked.pull();
      }),
      { numRuns: 60 },
    );
  }, 300_000);

  it("plays an honest sender again within a second after an attack", () => {
    const random = seededRandom(21);
    const checked = new Checked(1);
    for (let quantum = 0; quantum < 2_000; quantum++) {
      checked.insert(mutant(random, quantum));
      checked.pull();
    }
    const start = checked.now;
    let concealedAt = 0;
    for (let index = 0; index < 200; index++) {
      const payload = FRAMES[index % 60] ?? Uint8Array.of(0x08);
      checked.insert(rtpDatagram({ payload, sequenceNumber: index, timestamp: index * 960, ssrc: 1234 }));
      while (checked.now < start + (index + 1) * 960) checked.pull();
      if (index === 50) concealedAt = checked.stream.statistics.concealedSamples;
    }
    expect(checked.stream.statistics.concealedSamples - concealedAt).toBe(0);
    expect(checked.stream.statistics.currentDelayMs).toBeLessThan(60);
  });
});

/** A packet that is random, or valid but for some damage, or a valid one at a wild place. */
function mutant(random: () => number, quantum: number): Uint8Array {
  const kind = random();
  if (kind < 0.2) return Uint8Array.from({ length: Math.floor(random() * 1_400) }, () => random() * 256);
  const payload = FRAMES[Math.floor(random() * FRAMES.length)] ?? Uint8Array.of(0);
  const isWild = random() < 0.1;
  const datagram = rtpDatagram({
    payload,
    payloadType: random() < 0.2 ? 63 : 111,
    sequenceNumber: isWild ? Math.floor(random() * 0x1_0000) : Math.floor(quantum / 7) & 0xffff,
    timestamp: isWild ? Math.floor(random() * 0x1_0000_0000) : Math.floor(quantum / 7) * 960,
    ssrc: random() < 0.99 ? 7 : 8,
  });
  const damage = Math.floor(random() * 4);
  for (let i = 0; i < damage; i++) datagram[Math.floor(random() * datagram.length)] = random() * 256;
  return random() < 0.1 ? datagram.slice(0, Math.floor(random() * datagram.length)) : datagram;
}
