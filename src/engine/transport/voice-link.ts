import { RateLimiter } from "../congestion/rate-limiter.ts";
import { SendGate } from "../congestion/send-gate.ts";
import type { RandomSource } from "../media/random.ts";
import type { Milliseconds } from "../media/units.ts";
import {
  createFeedbackReport,
  FEEDBACK_BYTES,
  type FeedbackReport,
  isFeedbackDatagram,
  parseFeedbackReport,
  writeFeedbackReport,
} from "../packet/feedback-report.ts";
import { RedPayloadView } from "../packet/red-payload.ts";
import { RED_PAYLOAD_TYPE, RtpPacketView } from "../packet/rtp-packet.ts";
import { DatagramRecordWriter } from "../shared-memory/datagram-record.ts";
import type { PacketWriter } from "../shared-memory/packet-pipe.ts";
import type { DatagramChannel } from "./datagram-channel.ts";
import { LinkClock, wireClock } from "./link-clock.ts";
import type {
  DatagramDropReason,
  IncomingStreamStatistics,
  LinkStatistics,
  OutgoingStreamStatistics,
} from "./link-statistics.ts";
import { type PlayoutReport, StreamReceiver } from "./stream-receiver.ts";
import { StripedChannel } from "./striped-channel.ts";

/** Datagrams accepted from one peer: 2.5 ms frames of three streams and their reports, twice over. */
const MAX_DATAGRAMS_PER_SECOND = 2500;
/** Datagrams accepted at once, after an outage of the network that kept them. */
const MAX_DATAGRAM_BURST = 1250;
/** Bytes that may wait in the channel before a report. */
const MAX_BYTES_BEFORE_REPORT = 1200;
/** Reports accepted from one peer: three streams at 5 Hz, twice over. */
const MAX_REPORTS_PER_SECOND = 30;

interface RemoteStream {
  readonly receiver: StreamReceiver;
  readonly writer: PacketWriter;
}

/** One peer: its channel, the streams it announced, its limits, and the counts of what was refused. */
export class VoiceLink {
  readonly linkId: number;
  readonly channel: StripedChannel;
  readonly gate = new SendGate();
  readonly #remotes = new Map<number, RemoteStream>();
  readonly #datagrams: RateLimiter;
  readonly #reports: RateLimiter;
  readonly #drops = new Map<DatagramDropReason, number>();
  readonly #clock = new LinkClock();
  readonly #packet = new RtpPacketView();
  readonly #redundancy = new RedPayloadView();
  readonly #incomingReport = createFeedbackReport();
  readonly #outgoingReport = createFeedbackReport();
  readonly #reportBytes = new Uint8Array(FEEDBACK_BYTES);
  readonly #record = new DatagramRecordWriter();
  #heardAt: Milliseconds | undefined;

  constructor(options: {
    readonly linkId: number;
    readonly channel: DatagramChannel;
    readonly random: RandomSource;
    readonly now: Milliseconds;
  }) {
    const { now } = options;
    this.linkId = options.linkId;
    this.channel = new StripedChannel(options.channel);
    this.#datagrams = new RateLimiter({ perSecond: MAX_DATAGRAMS_PER_SECOND, burst: MAX_DATAGRAM_BURST, now });
    this.#reports = new RateLimiter({ perSecond: MAX_REPORTS_PER_SECOND, burst: MAX_REPORTS_PER_SECOND, now });
  }

  /** Accepts the peer's stream `ssrc` from now on, into `writer`. Announcing it again replaces the writer. */
  addRemoteStream(ssrc: number, writer: PacketWriter, now: Milliseconds): void {
    const receiver = this.#remotes.get(ssrc)?.receiver ?? new StreamReceiver(ssrc, now);
    this.#remotes.set(ssrc, { receiver, writer });
  }

  removeRemoteStream(ssrc: number): void {
    this.#remotes.delete(ssrc);
    this.#clock.remove(ssrc);
  }

  /** Reports more seldom and over one channel from now on, or as usual: the way to the peer is narrow, or not. */
  set isSparing(isSparing: boolean) {
    this.channel.isSpreading = !isSparing;
    for (const { receiver } of this.#remotes.values()) receiver.isSparing = isSparing;
  }

  setPlayoutReport(ssrc: number, report: PlayoutReport): void {
    const remote = this.#remotes.get(ssrc);
    if (remote !== undefined) remote.receiver.playout = report;
  }

  /** Takes a datagram, which came on `channel` where there are several; returns the feedback report if it was one, valid until the next call. Never throws. */
  datagram(bytes: Uint8Array, now: Milliseconds, channel?: DatagramChannel): FeedbackReport | undefined {
    const length = bytes.length;
    if (channel !== undefined) this.channel.heard(channel);
    if (!this.#datagrams.admit(now)) return this.dropped("rate-limited");
    if (isFeedbackDatagram(bytes, length)) {
      if (!this.#reports.admit(now)) return this.dropped("rate-limited");
      if (!parseFeedbackReport(bytes, length, this.#incomingReport)) return this.dropped("bad-feedback");
      this.#clock.report(this.#incomingReport, now);
      this.#heardAt = now;
      return this.#incomingReport;
    }
    const packet = this.#packet;
    const reason = packet.parse(bytes, length);
    if (reason !== undefined) return this.dropped(reason);
    const remote = this.#remotes.get(packet.ssrc);
    if (remote === undefined) return this.dropped("unknown-ssrc");
    const isRedundant = packet.payloadType === RED_PAYLOAD_TYPE;
    if (isRedundant && !this.#redundancy.parse(bytes, packet.payloadOffset, packet.payloadLength)) {
      return this.dropped("bad-redundancy");
    }
    if (!remote.receiver.accept(packet, length, now)) return this.dropped("duplicate");
    this.#heardAt = now;
    this.#clock.packet(packet.ssrc, packet.captureTimeMs, now);
    const recordLength = this.#record.write(bytes, length, now);
    if (!remote.writer.write(this.#record.bytes, recordLength)) return this.dropped("pipe-full");
    return undefined;
  }

  /** Counts a datagram that goes no further. */
  dropped(reason: DatagramDropReason): undefined {
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
    return undefined;
  }

  /** When the next feedback report is due. */
  get nextReport(): Milliseconds {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { receiver } of this.#remotes.values()) earliest = Math.min(earliest, receiver.nextReport);
    return earliest;
  }

  /**
   * Sends the reports that are due, also behind a packet or two that wait: a path that fills up in both directions is cleared by what reports
   * say. Behind more a report would be stale: the next one tells the same and more.
   */
  tick(now: Milliseconds): void {
    for (const { receiver } of this.#remotes.values()) {
      if (now < receiver.nextReport) continue;
      receiver.fillReport(this.#outgoingReport, now);
      this.#outgoingReport.reportTimeMs = wireClock(now);
      writeFeedbackReport(this.#reportBytes, this.#outgoingReport);
      if (!this.channel.isOpen) continue;
      if (this.channel.bufferedAmount > MAX_BYTES_BEFORE_REPORT) continue;
      try {
        this.channel.sendInTurn(this.#reportBytes);
        this.gate.sent(FEEDBACK_BYTES, now);
      } catch {
        // The channel closed between the check and the call. The link's owner is told by the channel itself.
        return;
      }
    }
  }

  /** Snapshot, with the outgoing streams' part supplied by their owner. */
  statistics(outgoing: readonly (OutgoingStreamStatistics | undefined)[], now: Milliseconds): LinkStatistics {
    return {
      linkId: this.linkId,
      bufferedAmount: this.channel.bufferedAmount,
      channels: this.channel.count,
      silenceMs: this.#heardAt === undefined ? undefined : now - this.#heardAt,
      outgoing: outgoing.filter((stream) => stream !== undefined),
      incoming: Array.from(this.#remotes.values(), ({ receiver }) =>
        incomingStatistics(receiver, this.#clock.oneWayMs(receiver.ssrc)),
      ),
      drops: Object.fromEntries(this.#drops),
    };
  }
}

function incomingStatistics(receiver: StreamReceiver, oneWayMs: Milliseconds | undefined): IncomingStreamStatistics {
  return {
    ssrc: receiver.ssrc,
    packetsReceived: receiver.packetsReceived,
    bytesReceived: receiver.bytesReceived,
    packetsLost: Math.max(0, receiver.packetsExpected - receiver.packetsReceived),
    duplicates: receiver.duplicates,
    jitterMs: receiver.jitterMs,
    oneWayMs,
  };
}
