import { describe, expect, it } from "vitest";
import type { EncoderTarget } from "../../../src/engine/congestion/encoder-target.ts";
import { DEFAULT_PREFERENCES } from "../../../src/engine/congestion/encoder-target.ts";
import { seededRandom } from "../../../src/engine/media/random.ts";
import { isFeedbackDatagram } from "../../../src/engine/packet/feedback-report.ts";
import { RtpPacketView } from "../../../src/engine/packet/rtp-packet.ts";
import { NO_PINS } from "../../../src/engine/settings/no-pins.ts";
import { DATAGRAM_RECORD_HEADER_BYTES } from "../../../src/engine/shared-memory/datagram-record.ts";
import { FRAME_RECORD_HEADER_BYTES, writeFrameRecordHeader } from "../../../src/engine/shared-memory/frame-record.ts";
import { VoiceRouter } from "../../../src/engine/transport/voice-router.ts";
import { ManualChannel } from "../../support/manual-channel.ts";

const SSRC = 77;
const NEAR = 1;
const FAR = 2;

/** A router with its effects kept. */
function createRouter(): { readonly router: VoiceRouter; readonly targets: EncoderTarget[] } {
  const targets: EncoderTarget[] = [];
  const router = new VoiceRouter({
    now: 0,
    random: seededRandom(1),
    effects: { encoderTarget: (_, target) => targets.push(target), decision: () => undefined },
  });
  return { router, targets };
}

/** The record of a 20 ms frame whose payload is `payload`. */
function frameRecord(index: number, payload: readonly number[], isTalkspurtStart = false): Uint8Array {
  const record = new Uint8Array(FRAME_RECORD_HEADER_BYTES + payload.length);
  record.set(payload, FRAME_RECORD_HEADER_BYTES);
  writeFrameRecordHeader(record, {
    rtpTimestamp: (0xffff_f000 + index * 960) >>> 0,
    frameSamples: 960,
    isTalkspurtStart,
    hasVoiceActivity: true,
    isDtx: payload.length <= 2,
    audioLevel: 23,
    dredSamples: 0,
    heldBackSamples: 0,
    isPause: false,
  });
  return record;
}

function parse(datagram: Uint8Array): RtpPacketView {
  const view = new RtpPacketView();
  expect(view.parse(datagram, datagram.length)).toBeUndefined();
  return view;
}

describe("the voice router", () => {
  it("carries a frame as it is, with level, voice activity and the start of a talkspurt", () => {
    const speaker = createRouter().router;
    const listener = createRouter().router;
    const channel = new ManualChannel();
    speaker.addLink(NEAR, channel, 0);
    speaker.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    const records: Uint8Array[] = [];
    listener.addLink(FAR, new ManualChannel(), 0);
    const write = (bytes: Uint8Array, length: number): boolean => records.push(bytes.slice(0, length)) > 0;
    listener.addRemoteStream(FAR, SSRC, { write, overruns: 0 }, 0);
    speaker.frame(SSRC, frameRecord(0, [0x78, 1, 2, 3], true), FRAME_RECORD_HEADER_BYTES + 4, 10);
    for (const datagram of channel.sent) listener.datagram(FAR, datagram, 15);
    const [record] = records;
    const packet = parse(record?.subarray(DATAGRAM_RECORD_HEADER_BYTES) ?? new Uint8Array(0));
    expect(packet).toMatchObject({ ssrc: SSRC, marker: true, audioLevel: 23, voiceActivity: true });
    expect([...packet.bytes.subarray(packet.payloadOffset)]).toEqual([0x78, 1, 2, 3]);
    expect(new DataView(record?.buffer ?? new ArrayBuffer(8)).getFloat64(0, true)).toBe(15);
  });

  it("sends every frame to every link and to those added later", () => {
    const { router } = createRouter();
    const channels = [new ManualChannel(), new ManualChannel()];
    router.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    channels.forEach((channel, index) => {
      router.addLink(index, channel, 0);
      router.frame(SSRC, frameRecord(index, [1, 2, 3]), FRAME_RECORD_HEADER_BYTES + 3, index * 20);
    });
    expect(channels.map(({ sent }) => sent.length)).toEqual([2, 1]);
  });

  it("uses a sequence number for a frame that it keeps back, and keeps the start of a talkspurt for the next", () => {
    const { router } = createRouter();
    const channel = new ManualChannel();
    router.addLink(NEAR, channel, 0);
    router.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    router.frame(SSRC, frameRecord(0, [1, 2, 3]), FRAME_RECORD_HEADER_BYTES + 3, 0);
    channel.bufferedAmount = 5000;
    router.frame(SSRC, frameRecord(1, [1, 2, 3], true), FRAME_RECORD_HEADER_BYTES + 3, 20);
    channel.bufferedAmount = 0;
    router.frame(SSRC, frameRecord(2, [1, 2, 3]), FRAME_RECORD_HEADER_BYTES + 3, 40);
    const packets = channel.sent.map(parse);
    expect(packets.map(({ marker }) => marker)).toEqual([false, true]);
    expect(((packets[1]?.sequenceNumber ?? 0) - (packets[0]?.sequenceNumber ?? 0)) & 0xffff).toBe(2);
    expect(router.statistics(0)[0]?.outgoing[0]?.gateDrops).toMatchObject({ backlog: 1, stale: 0 });
  });

  it("counts a channel that closes under it and goes on with the others", () => {
    const { router } = createRouter();
    const failing = new ManualChannel();
    const working = new ManualChannel();
    failing.isFailing = true;
    router.addLink(NEAR, failing, 0);
    router.addLink(FAR, working, 0);
    router.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    router.frame(SSRC, frameRecord(0, [1, 2, 3]), FRAME_RECORD_HEADER_BYTES + 3, 0);
    expect(working.sent).toHaveLength(1);
    expect(router.statistics(0)[0]?.outgoing[0]?.gateDrops.closed).toBe(1);
  });

  it("repeats older frames as pinned, never silence", () => {
    const { router } = createRouter();
    const channel = new ManualChannel();
    router.setPins({ ...NO_PINS, redundancy: 2 });
    router.addLink(NEAR, channel, 0);
    router.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    const payloads = [[9, 9, 1], [9], [9, 9, 3]];
    payloads.forEach((payload, index) => {
      const record = frameRecord(index, payload);
      router.frame(SSRC, record, record.length, index * 20);
    });
    const lengths = channel.sent.map((datagram) => parse(datagram).payloadLength);
    // Two header bytes of redundancy more: the frame two back is repeated, the silence one back is not.
    expect(lengths).toEqual([3, 1, 4 + 1 + 3 + 3]);
  });

  it("reports to the sender about four times a second while packets come, once a second otherwise", () => {
    const { router } = createRouter();
    const channel = new ManualChannel();
    router.addLink(NEAR, channel, 0);
    router.addRemoteStream(NEAR, SSRC, { write: () => true, overruns: 0 }, 0);
    const speaker = createRouter().router;
    const wire = new ManualChannel();
    speaker.addLink(FAR, wire, 0);
    speaker.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    for (let now = 0; now < 5000; now += 10) {
      if (now % 20 === 0) {
        const record = frameRecord(now / 20, [1, 2, 3]);
        speaker.frame(SSRC, record, record.length, now);
      }
      for (const datagram of wire.sent.splice(0)) router.datagram(NEAR, datagram, now);
      if (now >= router.nextTimeout()) router.tick(now);
    }
    const active = channel.sent.filter((datagram) => isFeedbackDatagram(datagram, datagram.length)).length;
    expect(active).toBeGreaterThanOrEqual(18);
    expect(active).toBeLessThanOrEqual(25);
    channel.sent.length = 0;
    for (let now = 5000; now < 15_000; now += 10) if (now >= router.nextTimeout()) router.tick(now);
    expect(channel.sent.length).toBeGreaterThanOrEqual(9);
    expect(channel.sent.length).toBeLessThanOrEqual(12);
  });

  it("does nothing for links and streams that it does not know", () => {
    const { router } = createRouter();
    const record = frameRecord(0, [1, 2, 3]);
    router.removeLink(9);
    router.removeRemoteStream(9, 9);
    router.removeLocalStream(9);
    router.setPreferences(9, DEFAULT_PREFERENCES);
    router.frame(9, record, record.length, 0);
    router.datagram(9, record, 0);
    router.tick(1000);
    expect(router.statistics(0)).toEqual([]);
  });

  it("reports behind a packet or two that wait in the channel, but not behind a long queue", () => {
    const { router } = createRouter();
    const channel = new ManualChannel();
    router.addLink(NEAR, channel, 0);
    router.addRemoteStream(NEAR, SSRC, { write: () => true, overruns: 0 }, 0);
    const speaker = createRouter().router;
    const voice = new ManualChannel();
    speaker.addLink(FAR, voice, 0);
    speaker.addLocalStream(SSRC, DEFAULT_PREFERENCES, 0);
    const reportsWhile = (bufferedAmount: number, from: number): number => {
      channel.bufferedAmount = bufferedAmount;
      const before = channel.sent.length;
      for (let now = from; now < from + 2000; now += 20) {
        speaker.frame(SSRC, frameRecord(now / 20, [0x78, 1, 2, 3]), FRAME_RECORD_HEADER_BYTES + 4, now);
        const newest = voice.sent.at(-1);
        if (newest !== undefined) router.datagram(NEAR, newest, now);
        router.tick(now);
      }
      return channel.sent.length - before;
    };
    expect(reportsWhile(400, 0)).toBeGreaterThan(5);
    expect(reportsWhile(20_000, 2000)).toBe(0);
  });
});
