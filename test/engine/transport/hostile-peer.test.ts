import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_PREFERENCES, type EncoderTarget } from "../../../src/engine/congestion/encoder-target.ts";
import { seededRandom } from "../../../src/engine/media/random.ts";
import {
  createFeedbackReport,
  FEEDBACK_BYTES,
  type FeedbackReport,
  writeFeedbackReport,
} from "../../../src/engine/packet/feedback-report.ts";
import { OPUS_PAYLOAD_TYPE, writeRtpPacket } from "../../../src/engine/packet/rtp-packet.ts";
import { FRAME_RECORD_HEADER_BYTES, writeFrameRecordHeader } from "../../../src/engine/shared-memory/frame-record.ts";
import { VoiceRouter } from "../../../src/engine/transport/voice-router.ts";
import { ManualChannel } from "../../support/manual-channel.ts";

const SSRC = 77;
const REMOTE_SSRC = 78;
const HOSTILE = 1;
const HONEST = 2;

class Attacked {
  readonly targets: EncoderTarget[] = [];
  readonly channel = new ManualChannel();
  readonly router: VoiceRouter;
  accepted = 0;
  now = 0;
  #frames = 0;

  constructor() {
    this.router = new VoiceRouter({
      now: 0,
      random: seededRandom(3),
      effects: { encoderTarget: (_, target) => this.targets.push(target), decision: () => undefined },
    });
    this.router.setNeural(true);
    this.router.addLink(HOSTILE, this.channel, 0);
    this.router.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    const writer = { write: () => ++this.accepted > 0, overruns: 0 };
    this.router.addRemoteStream(HOSTILE, REMOTE_SSRC, writer, 0);
  }

  /** Sends one 20 ms frame and lets the clock run as far. */
  talk(): void {
    const record = new Uint8Array(FRAME_RECORD_HEADER_BYTES + 80).fill(7);
    writeFrameRecordHeader(record, {
      rtpTimestamp: (this.#frames++ * 960) >>> 0,
      frameSamples: 960,
      isTalkspurtStart: false,
      hasVoiceActivity: true,
      isDtx: false,
      audioLevel: 30,
      dredSamples: 0,
      heldBackSamples: 0,
      isPause: false,
    });
    this.router.frame(SSRC, record, record.length, this.now);
    this.now += 20;
    this.router.tick(this.now);
  }

  expectSaneTargets(): void {
    for (const target of this.targets) {
      expect(target.bitrate).toBeGreaterThanOrEqual(10_000);
      expect(target.bitrate).toBeLessThanOrEqual(DEFAULT_PREFERENCES.bitrate);
      expect([10, 20, 40, 60]).toContain(target.frameDuration);
      expect(target.expectedLossPercent).toBeGreaterThanOrEqual(0);
      expect(target.expectedLossPercent).toBeLessThanOrEqual(30);
      expect(target.dredDuration).toBeGreaterThanOrEqual(0);
      expect(target.dredDuration).toBeLessThanOrEqual(100);
    }
    const link = this.router.statistics(0)[0]?.outgoing[0];
    for (const value of [link?.fractionLost, link?.meanBurstLength, link?.pathRate, link?.queueDelayMs]) {
      expect(Number.isFinite(value)).toBe(true);
    }
    expect(link?.target.redundancyDistances.length).toBeLessThanOrEqual(3);
    for (const datagram of this.channel.sent) expect(datagram.length).toBeLessThanOrEqual(1200);
  }
}

const uint16 = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 1, 0xfffe, 0xffff));
const uint32 = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 0xffff_ffff));

/** A well-formed report with any content; mostly about the stream there is. */
const anyReport = fc
  .record({
    ssrc: fc.oneof({ weight: 9, arbitrary: fc.constant(SSRC) }, { weight: 1, arbitrary: uint32 }),
    highestSequence: uint16,
    packetsReceived: uint32,
    bytesReceived: uint32,
    packetsLate: uint16,
    fractionLost: fc.constantFrom(0, 0.5, 1),
    delayTrend: fc.constantFrom(-128, -1, 0, 1.5, 127),
    minRelativeDelayMs: uint16,
    meanRelativeDelayMs: uint16,
    echoTimeMs: uint32,
    echoHoldMs: uint16,
    intervalMs: uint16,
    playoutDelayMs: uint16,
    playoutTargetMs: uint16,
    concealedMs: uint32,
  })
  .chain((fields) =>
    fc
      .array(uint32, { minLength: 4, maxLength: 4 })
      .map((words): FeedbackReport => ({ ...createFeedbackReport(), ...fields, received: Uint32Array.from(words) })),
  );

function reportBytes(report: FeedbackReport): Uint8Array {
  const bytes = new Uint8Array(FEEDBACK_BYTES);
  writeFeedbackReport(bytes, report);
  return bytes;
}

describe("a hostile peer", () => {
  it("cannot drive the encoder out of its limits with any feedback, however absurd or frequent", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyReport, { maxLength: 4 }), { minLength: 20, maxLength: 120 }),
        fc.boolean(),
        (rounds, isAligned) => {
          const attacked = new Attacked();
          for (const reports of rounds) {
            for (let i = 0; i < 5; i++) attacked.talk();
            const newest = attacked.channel.sent.at(-1);
            const sequence = newest === undefined ? 0 : ((newest[2] ?? 0) << 8) | (newest[3] ?? 0);
            for (const report of reports) {
              // Numbers that fit what was sent get past the first check: the worse attack.
              if (isAligned) report.highestSequence = sequence;
              attacked.router.datagram(HOSTILE, reportBytes(report), attacked.now);
            }
          }
          attacked.expectSaneTargets();
        },
      ),
      { numRuns: 60, verbose: 1 },
    );
  });

  it("cannot use a clock that steps: reports that fit, while our own time jumps both ways, keep every target in its limits", () => {
    const step = fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.constantFrom(0, -86_400_000, 86_400_000));
    fc.assert(
      fc.property(fc.array(fc.tuple(step, anyReport), { minLength: 10, maxLength: 60 }), (rounds) => {
        const attacked = new Attacked();
        for (const [ms, report] of rounds) {
          for (let i = 0; i < 5; i++) attacked.talk();
          attacked.now += ms;
          const newest = attacked.channel.sent.filter((datagram) => (datagram[1] ?? 0) < 192).at(-1);
          report.highestSequence = newest === undefined ? 0 : ((newest[2] ?? 0) << 8) | (newest[3] ?? 0);
          attacked.router.datagram(HOSTILE, reportBytes(report), attacked.now);
        }
        attacked.expectSaneTargets();
      }),
      { numRuns: 60, verbose: 1 },
    );
  });

  it("gains nothing by praise: the rate of a path that seems endless stays within what the user chose", () => {
    const attacked = new Attacked();
    const report = createFeedbackReport();
    report.ssrc = SSRC;
    report.received.fill(0xffff_ffff);
    for (let i = 0; i < 200; i++) {
      // Bad enough at first that the sender looks for more, then as if nothing took any time.
      const isBad = i < 20;
      for (let frame = 0; frame < 11; frame++) attacked.talk();
      const newest = attacked.channel.sent.filter((datagram) => (datagram[1] ?? 0) < 192).at(-1);
      report.highestSequence = newest === undefined ? 0 : ((newest[2] ?? 0) << 8) | (newest[3] ?? 0);
      report.minRelativeDelayMs = isBad ? 50 * i : 0;
      report.meanRelativeDelayMs = isBad ? 50 * i : 0;
      report.delayTrend = isBad ? 20 : -128;
      report.intervalMs = 0xffff;
      attacked.router.datagram(HOSTILE, reportBytes(report), attacked.now);
    }
    attacked.expectSaneTargets();
    expect(attacked.router.statistics(0)[0]?.outgoing[0]?.pathRate).toBeLessThanOrEqual(1_000_000);
  });

  it("is let go when it stops: the call returns to full rate after the worst feedback ends", () => {
    const attacked = new Attacked();
    const report = createFeedbackReport();
    report.ssrc = SSRC;
    const answer = (isHostile: boolean): void => {
      for (let i = 0; i < 11; i++) attacked.talk();
      const newest = attacked.channel.sent.filter((datagram) => (datagram[1] ?? 0) < 192).at(-1);
      report.highestSequence = newest === undefined ? 0 : ((newest[2] ?? 0) << 8) | (newest[3] ?? 0);
      report.received.fill(isHostile ? 0x1111_1111 : 0xffff_ffff);
      // Ever longer: a queue that stays as it is would be taken for a longer route.
      report.minRelativeDelayMs = isHostile ? attacked.now : 0;
      report.meanRelativeDelayMs = isHostile ? attacked.now : 1;
      report.delayTrend = isHostile ? 127 : 0;
      attacked.router.datagram(HOSTILE, reportBytes(report), attacked.now);
    };
    for (let i = 0; i < 60; i++) answer(true);
    expect(attacked.targets.at(-1)).toMatchObject({ frameDuration: 60 });
    expect(attacked.targets.at(-1)?.bitrate).toBeLessThanOrEqual(14_000);
    for (let i = 0; i < 600; i++) answer(false);
    expect(attacked.targets.at(-1)).toMatchObject({ frameDuration: 10, bitrate: DEFAULT_PREFERENCES.bitrate });
  });

  it("cannot get past the router with random or mutated datagrams, and never makes it throw", () => {
    const packet = new Uint8Array(200);
    const length = writeRtpPacket(packet, {
      marker: false,
      payloadType: OPUS_PAYLOAD_TYPE,
      sequenceNumber: 5,
      timestamp: 960,
      ssrc: REMOTE_SSRC,
      audioLevel: 20,
      voiceActivity: true,
      captureTimeMs: 1,
      heldBackSamples: 0,
      isPause: false,
      payload: new Uint8Array(100),
      payloadOffset: 0,
      payloadLength: 100,
    });
    const valid = [packet.slice(0, length), reportBytes({ ...createFeedbackReport(), ssrc: SSRC })];
    const mutated = fc
      .record({
        base: fc.constantFrom(...valid),
        flips: fc.array(fc.record({ at: fc.nat(199), value: fc.nat(255) }), { maxLength: 8 }),
        cut: fc.nat(200),
      })
      .map(({ base, flips, cut }) => {
        const bytes = base.slice(0, Math.max(0, base.length - (cut > 100 ? cut - 100 : 0)));
        for (const { at, value } of flips) bytes[at] = value;
        return bytes;
      });
    const random = fc.uint8Array({ maxLength: 1500 });
    fc.assert(
      fc.property(fc.array(fc.oneof(mutated, random), { minLength: 1, maxLength: 60 }), (datagrams) => {
        const attacked = new Attacked();
        for (const datagram of datagrams) {
          attacked.talk();
          attacked.router.datagram(HOSTILE, datagram, attacked.now);
        }
        attacked.expectSaneTargets();
        const drops = Object.values(attacked.router.statistics(0)[0]?.drops ?? {}).reduce(
          (sum, count) => sum + count,
          0,
        );
        expect(attacked.accepted + drops).toBeLessThanOrEqual(datagrams.length);
      }),
      { numRuns: 150, verbose: 1 },
    );
  });

  it("cannot send more than a talker could, and costs other peers nothing", () => {
    const attacked = new Attacked();
    let honest = 0;
    attacked.router.addLink(HONEST, new ManualChannel(), 0);
    attacked.router.addRemoteStream(HONEST, REMOTE_SSRC, { write: () => ++honest > 0, overruns: 0 }, 0);
    const datagram = (sequenceNumber: number): Uint8Array => {
      const bytes = new Uint8Array(120);
      const size = writeRtpPacket(bytes, {
        marker: false,
        payloadType: OPUS_PAYLOAD_TYPE,
        sequenceNumber,
        timestamp: sequenceNumber * 960,
        ssrc: REMOTE_SSRC,
        audioLevel: 20,
        voiceActivity: true,
        captureTimeMs: 1,
        heldBackSamples: 0,
        isPause: false,
        payload: new Uint8Array(60),
        payloadOffset: 0,
        payloadLength: 60,
      });
      return bytes.slice(0, size);
    };
    for (let ms = 0; ms < 10_000; ms++) {
      for (let i = 0; i < 10; i++) attacked.router.datagram(HOSTILE, datagram((ms * 10 + i) & 0xffff), ms);
      if (ms % 20 === 0) attacked.router.datagram(HONEST, datagram(ms / 20), ms);
    }
    expect(attacked.accepted).toBeLessThan(27_000);
    expect(honest).toBe(500);
    expect(attacked.router.statistics(0)[0]?.drops["rate-limited"]).toBeGreaterThan(70_000);
  });

  it("cannot slow down a group of four by claiming the worst path", () => {
    const attacked = new Attacked();
    for (const link of [HONEST, 3, 4]) attacked.router.addLink(link, new ManualChannel(), 0);
    const report = createFeedbackReport();
    report.ssrc = SSRC;
    report.delayTrend = 127;
    for (let i = 0; i < 500; i++) {
      attacked.talk();
      const newest = attacked.channel.sent.at(-1);
      report.highestSequence = ((newest?.[2] ?? 0) << 8) | (newest?.[3] ?? 0);
      report.received.fill(0xffff_ffff);
      report.minRelativeDelayMs = attacked.now;
      report.meanRelativeDelayMs = attacked.now;
      if (i % 11 === 0) attacked.router.datagram(HOSTILE, reportBytes(report), attacked.now);
    }
    const statistics = attacked.router.statistics(0);
    expect(statistics[0]?.outgoing[0]?.target.frameDuration).toBe(60);
    expect(statistics[0]?.outgoing[0]?.encoder).toMatchObject({ frameDuration: 20, bitrate: 32_000 });
    expect(statistics[0]?.outgoing[0]?.gateDrops.thinned).toBeGreaterThan(30);
    expect(statistics[1]?.outgoing[0]?.packetsSent).toBe(500);
  });
});
