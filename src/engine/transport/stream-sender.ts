import { isSilentOpusPacket } from "../codec/packet-inspection.ts";
import { LinkThinner } from "../congestion/link-thinner.ts";
import type { GateDecision, SendGate } from "../congestion/send-gate.ts";
import { SentPackets } from "../congestion/sent-packets.ts";
import { copyBytes } from "../media/byte-order.ts";
import { type Milliseconds, samplesToMilliseconds } from "../media/units.ts";
import { MAX_RED_BLOCKS, type RedundantFrame, redHeaderBytes, writeRedPayload } from "../packet/red-payload.ts";
import {
  MAX_DATAGRAM_BYTES,
  OPUS_PAYLOAD_TYPE,
  RED_PAYLOAD_TYPE,
  type RtpHeaderFields,
  writeRtpHeader,
} from "../packet/rtp-packet.ts";
import type { DatagramChannel } from "./datagram-channel.ts";
import { type FrameHistory, HISTORY_FRAMES } from "./frame-history.ts";

/** Bytes that IP, UDP, DTLS, SCTP and its DATA chunk put around a datagram (measured in Chromium: 28 + 37 + 28). */
export const LOWER_LAYER_BYTES = 93;

/** One encoded frame as the capture side hands it over. */
export interface OutgoingFrame {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly length: number;
  readonly timestamp: number;
  /** Duration in samples at 48 kHz. */
  readonly samples: number;
  readonly isTalkspurtStart: boolean;
  readonly hasVoiceActivity: boolean;
  readonly audioLevel: number;
  /** For how long it was held back for the sake of a pre-roll, samples. */
  readonly heldBackSamples: number;
  /** What follows is held back until a voice comes. */
  readonly isPause: boolean;
  /** Time since the frame could have been handed over, ms. */
  readonly ageMs: Milliseconds;
}

/** Frames kept back by the send gate, by reason, since the stream started. */
export interface GateCounters {
  stale: number;
  backlog: number;
  closed: number;
  /** Left out because the encoder, which other links govern, produces more than this path carries. */
  thinned: number;
}

/** A frame that was not sent travels with a later packet, unless it lies farther back than this, ms: its listener has gone on. */
const CATCH_UP_MS: Milliseconds = 130;
/** As far back as frames are remembered. */
const UNSENT_MASK = (1 << HISTORY_FRAMES) - 1;

/**
 * One local stream on one link: sequence numbers, redundancy, the send gate, and the record of what was sent. Every frame uses a
 * sequence number, also one that the gate keeps back; the next packet takes that along. Allocates nothing per frame.
 */
export class StreamSender {
  readonly ssrc: number;
  readonly sent = new SentPackets();
  readonly gateDrops: GateCounters = { stale: 0, backlog: 0, closed: 0, thinned: 0 };
  packetsSent = 0;
  bytesSent = 0;
  /** Length on the wire of the newest packet that was sent. */
  newestWireBytes = 0;
  /** Payload bytes of older frames inside redundant packets. */
  redundantBytesSent = 0;
  /** How many frames back each redundant copy lies, nearest first, up to three; empty = no redundancy. */
  redundancyDistances: readonly number[] = [];
  /** Frames that travel together: all but the last of them wait for it. */
  framesPerPacket = 1;
  /** Whether the encoder produces more than this link's path carries, and what that is in bit/s. */
  isThinned = false;
  pathRate = 0;
  readonly #thinner = new LinkThinner();
  readonly #gate: SendGate;
  readonly #datagram = new Uint8Array(MAX_DATAGRAM_BYTES);
  readonly #redundancy: RedundantFrame[] = [];
  readonly #primary: { bytes: Uint8Array; offset: number; length: number } = {
    bytes: new Uint8Array(0),
    offset: 0,
    length: 0,
  };
  readonly #header: RtpHeaderFields;
  /** One view per length: `subarray` in steady state would make garbage for every packet. */
  readonly #views: (Uint8Array<ArrayBuffer> | undefined)[] = [];
  #isMarkerPending = false;
  #redundantBytes = 0;
  /** Sequence numbers since the last packet that was sent. */
  #skipped = 0;
  /** Frames that wait to travel with the next one. */
  #bundled = 0;
  /** Bit n: the frame n + 1 back goes with the next packet. What was stale then is not sent later. */
  #unsent = 0;

  constructor(options: { readonly ssrc: number; readonly firstSequence: number; readonly gate: SendGate }) {
    this.ssrc = options.ssrc;
    this.#gate = options.gate;
    this.#header = {
      marker: false,
      payloadType: OPUS_PAYLOAD_TYPE,
      sequenceNumber: options.firstSequence & 0xffff,
      timestamp: 0,
      ssrc: options.ssrc,
      audioLevel: 0,
      voiceActivity: false,
      captureTimeMs: 0,
      heldBackSamples: 0,
      isPause: false,
      skippedPackets: 0,
    };
  }

  /** Sends the frame, which is not yet in `history`, or keeps it back for the reason returned. */
  send(frame: OutgoingFrame, history: FrameHistory, channel: DatagramChannel, now: Milliseconds): GateDecision {
    const length = this.#packetize(frame, history, now);
    let decision = this.#waits(frame) ? "bundled" : this.#decide(frame, length, channel, now);
    if (decision === "send" && !(length > 0 && this.#transmit(channel, length))) decision = "closed";
    const isSent = decision === "send";
    this.sent.record(this.#header.sequenceNumber, length + LOWER_LAYER_BYTES, now, !isSent);
    this.#header.sequenceNumber = (this.#header.sequenceNumber + 1) & 0xffff;
    // The start of a talkspurt must not vanish with a frame kept back.
    this.#isMarkerPending = this.#header.marker && !isSent;
    this.#skipped = isSent ? 0 : this.#skipped + 1;
    this.#bundled = decision === "bundled" ? this.#bundled + 1 : 0;
    const isOwed = decision === "bundled" || decision === "backlog" || decision === "thinned";
    this.#unsent = isSent ? 0 : ((this.#unsent << 1) | Number(isOwed)) & UNSENT_MASK;
    if (decision === "bundled") return decision;
    if (decision !== "send") {
      this.gateDrops[decision]++;
      return decision;
    }
    this.#gate.sent(length, now);
    this.packetsSent++;
    this.redundantBytesSent += this.#redundantBytes;
    this.bytesSent += length;
    this.newestWireBytes = length + LOWER_LAYER_BYTES;
    return decision;
  }

  /** Whether the frame waits for the next one. Silence does not: nothing may come after it for long. */
  #waits(frame: OutgoingFrame): boolean {
    return this.#bundled + 1 < this.framesPerPacket && !isSilentOpusPacket(frame.length) && !frame.isPause;
  }

  #decide(frame: OutgoingFrame, length: number, channel: DatagramChannel, now: Milliseconds): GateDecision {
    if (!channel.isOpen) return "closed";
    const decision = this.#gate.decide(length, frame.ageMs, channel.bufferedAmount, now);
    if (decision !== "send" || !this.isThinned) return decision;
    const frameMs = samplesToMilliseconds(frame.samples) * (1 + this.#bundled);
    return this.#thinner.admit(length + LOWER_LAYER_BYTES, frameMs, this.pathRate) ? "send" : "thinned";
  }

  #transmit(channel: DatagramChannel, length: number): boolean {
    const view = this.#views[length] ?? this.#datagram.subarray(0, length);
    this.#views[length] = view;
    try {
      channel.send(view);
      return true;
    } catch {
      // The channel closed between the check and the call; it is counted as closed, and the link's owner removes it.
      return false;
    }
  }

  /** Builds the packet; returns its length, 0 when the frame cannot be sent at all. */
  #packetize(frame: OutgoingFrame, history: FrameHistory, now: Milliseconds): number {
    const header = this.#header;
    header.marker = frame.isTalkspurtStart || this.#isMarkerPending;
    header.timestamp = frame.timestamp;
    header.audioLevel = frame.audioLevel;
    header.voiceActivity = frame.hasVoiceActivity;
    header.captureTimeMs = now;
    header.heldBackSamples = frame.heldBackSamples;
    header.isPause = frame.isPause;
    header.skippedPackets = this.#skipped;
    header.payloadType = OPUS_PAYLOAD_TYPE;
    let at = writeRtpHeader(this.#datagram, header);
    if (at + frame.length > MAX_DATAGRAM_BYTES) return 0;
    this.#redundantBytes = this.#collectRedundancy(frame, history, MAX_DATAGRAM_BYTES - at - frame.length);
    if (this.#redundancy.length === 0) {
      copyBytes(this.#datagram, at, frame.bytes, frame.offset, frame.length);
      return at + frame.length;
    }
    header.payloadType = RED_PAYLOAD_TYPE;
    at = writeRtpHeader(this.#datagram, header);
    this.#primary.bytes = frame.bytes;
    this.#primary.offset = frame.offset;
    this.#primary.length = frame.length;
    return writeRedPayload(this.#datagram, at, this.#redundancy, this.#redundancy.length, this.#primary);
  }

  /** Chooses the redundant frames that fit `room`, oldest first; the oldest give way. Returns their bytes. */
  #collectRedundancy(frame: OutgoingFrame, history: FrameHistory, room: number): number {
    this.#redundancy.length = 0;
    // Silence carries no copies, the next loud frame will; but what has not been sent at all goes with it.
    const isSilent = isSilentOpusPacket(frame.length);
    const reach = CATCH_UP_MS / samplesToMilliseconds(frame.samples);
    let bytes = 0;
    for (let distance = 1; distance <= HISTORY_FRAMES && this.#redundancy.length + 1 < MAX_RED_BLOCKS; distance++) {
      const isUnsent = distance <= reach && (this.#unsent & (1 << (distance - 1))) !== 0;
      if (!isUnsent && (isSilent || !this.redundancyDistances.includes(distance))) continue;
      const older = history.redundantFrame(distance, frame.timestamp);
      if (older === undefined) continue;
      if (bytes + older.length + redHeaderBytes(this.#redundancy.length + 1) > room) break;
      bytes += older.length;
      this.#redundancy.unshift(older);
    }
    return bytes;
  }
}
