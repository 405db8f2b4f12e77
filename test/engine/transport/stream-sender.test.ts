import { describe, expect, it } from "vitest";
import { SendGate } from "../../../src/engine/congestion/send-gate.ts";
import { RedPayloadView } from "../../../src/engine/packet/red-payload.ts";
import { RED_PAYLOAD_TYPE, RtpPacketView } from "../../../src/engine/packet/rtp-packet.ts";
import { FrameHistory } from "../../../src/engine/transport/frame-history.ts";
import { type OutgoingFrame, StreamSender } from "../../../src/engine/transport/stream-sender.ts";
import { ManualChannel } from "../../support/manual-channel.ts";

const FRAME_MS = 60;
const FRAME_SAMPLES = FRAME_MS * 48;

/** A sender that is given frames whose first byte after Opus' own is their number. */
function createSender(framesPerPacket: number) {
  const sender = new StreamSender({ ssrc: 1, firstSequence: 100, gate: new SendGate() });
  sender.framesPerPacket = framesPerPacket;
  const history = new FrameHistory();
  const channel = new ManualChannel();
  const send = (index: number, { isSilent = false, ageMs = 0 } = {}) => {
    // Opus: SILK, wideband, 60 ms, one frame; silence has nothing behind that.
    const bytes = Uint8Array.from(isSilent ? [0x58] : [0x58, index, 7, 7]);
    const frame: OutgoingFrame = {
      bytes,
      offset: 0,
      length: bytes.length,
      timestamp: index * FRAME_SAMPLES,
      samples: FRAME_SAMPLES,
      isTalkspurtStart: false,
      hasVoiceActivity: !isSilent,
      audioLevel: 30,
      heldBackSamples: 0,
      isPause: false,
      ageMs,
    };
    const decision = sender.send(frame, history, channel, index * FRAME_MS);
    history.push(frame.timestamp, bytes, 0, bytes.length);
    return decision;
  };
  return { send, channel, sender };
}

/** Sequence number, numbers skipped before it, and the frames of a packet, oldest first; −1 is silence. */
function contents(datagram: Uint8Array): { sequence: number; skipped: number; frames: number[] } {
  const rtp = new RtpPacketView();
  expect(rtp.parse(datagram, datagram.length)).toBeUndefined();
  const { sequenceNumber: sequence, skippedPackets: skipped } = rtp;
  const frameAt = (offset: number, length: number): number => (length > 1 ? (datagram[offset + 1] ?? -1) : -1);
  if (rtp.payloadType !== RED_PAYLOAD_TYPE) {
    return { sequence, skipped, frames: [frameAt(rtp.payloadOffset, rtp.payloadLength)] };
  }
  const red = new RedPayloadView();
  expect(red.parse(datagram, rtp.payloadOffset, rtp.payloadLength)).toBe(true);
  const frames = Array.from({ length: red.count }, (_, i) => frameAt(red.blockOffset(i), red.blockLength(i)));
  return { sequence, skipped, frames };
}

describe("a stream's sender", () => {
  it("takes frames that a full channel kept back along with the next packet, as far as they are of use", () => {
    const { send, channel } = createSender(1);
    send(0);
    channel.bufferedAmount = 5000;
    expect([1, 2, 3].map((index) => send(index))).toEqual(["backlog", "backlog", "backlog"]);
    channel.bufferedAmount = 0;
    send(4);
    send(5);
    expect(channel.sent.map(contents)).toEqual([
      { sequence: 100, skipped: 0, frames: [0] },
      // Frame 1 lies 180 ms back: nobody waits for it.
      { sequence: 104, skipped: 3, frames: [2, 3, 4] },
      { sequence: 105, skipped: 0, frames: [5] },
    ]);
  });

  it("does not send later what was stale", () => {
    const { send, channel } = createSender(1);
    expect(send(0, { ageMs: 90 })).toBe("stale");
    send(1);
    expect(channel.sent.map(contents)).toEqual([{ sequence: 101, skipped: 1, frames: [1] }]);
  });

  it("lets two frames travel together, and none wait for silence to end", () => {
    const { send, channel, sender } = createSender(2);
    expect([0, 1, 2].map((index) => send(index))).toEqual(["bundled", "send", "bundled"]);
    expect(send(3, { isSilent: true })).toBe("send");
    expect(send(4, { isSilent: true })).toBe("send");
    expect(channel.sent.map(contents)).toEqual([
      { sequence: 101, skipped: 1, frames: [0, 1] },
      { sequence: 103, skipped: 1, frames: [2, -1] },
      { sequence: 104, skipped: 0, frames: [-1] },
    ]);
    expect(sender.gateDrops).toEqual({ stale: 0, backlog: 0, closed: 0, thinned: 0 });
  });
});
