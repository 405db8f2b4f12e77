import { DelayTrend } from "../congestion/delay-trend.ts";
import { RelativeDelay } from "../congestion/relative-delay.ts";
import { SequenceUnwrapper16, TimestampUnwrapper32 } from "../media/sequence-number.ts";
import { type Milliseconds, samplesToMilliseconds } from "../media/units.ts";
import type { FeedbackReport } from "../packet/feedback-report.ts";
import type { RtpPacketView } from "../packet/rtp-packet.ts";

/** Interval of reports while packets flow, ms. */
const ACTIVE_INTERVAL_MS: Milliseconds = 225;
/** The same towards a narrow path, where every report costs as much as an eighth of the voice, ms. */
const SPARING_INTERVAL_MS: Milliseconds = 400;
/** Interval of reports while none do, ms. */
const IDLE_INTERVAL_MS: Milliseconds = 1000;
/** Sequence numbers remembered for duplicates and the bitmap, a power of two. */
const WINDOW = 1024;
/** A number farther than this from the newest belongs to a restarted sender (RFC 3550 §A.1 uses 3000). */
const MAX_JUMP = 3000;

/** What the playback side says about one stream, for the reports. */
export interface PlayoutReport {
  readonly delayMs: Milliseconds;
  readonly targetMs: Milliseconds;
  /** Concealed since the stream started, ms. */
  readonly concealedMs: number;
  /** Packets that came too late since the stream started. */
  readonly packetsLate: number;
}

/** Receive-side bookkeeping of one remote stream of one link: duplicates, delay, and the content of feedback reports. */
export class StreamReceiver {
  readonly ssrc: number;
  /** Packets accepted, duplicates not counted. */
  packetsReceived = 0;
  bytesReceived = 0;
  duplicates = 0;
  /** Whether reports should come more seldom: the path to the sender is narrow. */
  isSparing = false;
  /** RFC 3550 §6.4.1 interarrival jitter, ms. */
  jitterMs: Milliseconds = 0;
  playout: PlayoutReport = { delayMs: 0, targetMs: 0, concealedMs: 0, packetsLate: 0 };
  readonly #sequences = new SequenceUnwrapper16();
  readonly #sendTimes = new TimestampUnwrapper32();
  readonly #seen = new Float64Array(WINDOW).fill(Number.NaN);
  readonly #delay = new RelativeDelay();
  readonly #trend = new DelayTrend();
  #isStarted = false;
  #first = 0;
  #highest = 0;
  #skipped = 0;
  #jumpTo = -1;
  #lastTransit: Milliseconds | undefined;
  #echoTime = 0;
  #echoArrival: Milliseconds | undefined;
  #reportedAt: Milliseconds;
  #newestAt: Milliseconds = Number.NEGATIVE_INFINITY;
  #expectedAtReport = 0;
  #receivedAtReport = 0;
  #intervalPackets = 0;
  #intervalMinDelay = 0;
  #intervalDelaySum = 0;
  #intervalTrend = Number.NEGATIVE_INFINITY;

  constructor(ssrc: number, now: Milliseconds) {
    this.ssrc = ssrc;
    this.#reportedAt = now;
  }

  /** Packets that should have arrived by now, by the span of sequence numbers, without those that the sender never sent. */
  get packetsExpected(): number {
    return this.#isStarted ? Math.max(0, this.#highest - this.#first + 1 - this.#skipped) : 0;
  }

  /**
   * Takes a parsed packet of `length` bytes. False when its number was seen before: it must not be played twice. A stray far from
   * all other numbers is let through unaccounted; the jitter buffer judges its timestamp.
   */
  accept(packet: RtpPacketView, length: number, now: Milliseconds): boolean {
    const sequence = this.#unwrap(packet.sequenceNumber);
    if (sequence === undefined) return true;
    const slot = sequence & (WINDOW - 1);
    if (this.#seen[slot] === sequence) {
      this.duplicates++;
      return false;
    }
    const isNewest = !this.#isStarted || sequence > this.#highest;
    if (!this.#isStarted) this.#first = sequence;
    // Never more than are missing, whatever a peer says.
    else if (isNewest) this.#skipped += Math.min(packet.skippedPackets, sequence - this.#highest - 1);
    this.#isStarted = true;
    if (isNewest) this.#highest = sequence;
    if (isNewest || this.#highest - sequence < WINDOW) this.#seen[slot] = sequence;
    this.#first = Math.min(this.#first, sequence);
    this.packetsReceived++;
    this.bytesReceived += length;
    this.#newestAt = now;
    this.#measureDelay(packet, isNewest, now);
    return true;
  }

  /** When {@link StreamReceiver.fillReport} is due. */
  get nextReport(): Milliseconds {
    if (!this.#isStarted) return Number.POSITIVE_INFINITY;
    const isActive = this.#intervalPackets > 0 || this.#newestAt > this.#reportedAt;
    const activeInterval = this.isSparing ? SPARING_INTERVAL_MS : ACTIVE_INTERVAL_MS;
    return this.#reportedAt + (isActive ? activeInterval : IDLE_INTERVAL_MS);
  }

  /** Fills `report` with what happened since the last one and starts a new interval. */
  fillReport(report: FeedbackReport, now: Milliseconds): void {
    const expected = this.packetsExpected - this.#expectedAtReport;
    const received = this.packetsReceived - this.#receivedAtReport;
    report.ssrc = this.ssrc;
    report.highestSequence = this.#highest & 0xffff;
    for (let word = 0; word < report.received.length; word++) report.received[word] = this.#bitmapWord(word);
    report.packetsReceived = this.packetsReceived;
    report.bytesReceived = this.bytesReceived;
    report.packetsLate = this.playout.packetsLate;
    report.fractionLost = expected > 0 ? Math.max(0, 1 - received / expected) : 0;
    report.delayTrend = this.#intervalPackets > 0 ? this.#intervalTrend : 0;
    report.minRelativeDelayMs = this.#intervalPackets > 0 ? this.#intervalMinDelay : 0;
    report.meanRelativeDelayMs = this.#intervalPackets > 0 ? this.#intervalDelaySum / this.#intervalPackets : 0;
    report.echoTimeMs = this.#echoTime;
    report.echoHoldMs = this.#echoArrival === undefined ? 0xffff : Math.min(0xffff, now - this.#echoArrival);
    report.intervalMs = now - this.#reportedAt;
    report.playoutDelayMs = this.playout.delayMs;
    report.playoutTargetMs = this.playout.targetMs;
    report.concealedMs = this.playout.concealedMs;
    this.#reportedAt = now;
    this.#expectedAtReport = this.packetsExpected;
    this.#receivedAtReport = this.packetsReceived;
    this.#intervalPackets = 0;
    this.#intervalDelaySum = 0;
    this.#intervalTrend = Number.NEGATIVE_INFINITY;
  }

  /** Unwrapped number; undefined for a stray far from all others. Two in a row at a far place are a restart. */
  #unwrap(sequenceNumber: number): number | undefined {
    const isFar = this.#isStarted && Math.abs(this.#sequences.peek(sequenceNumber) - this.#highest) > MAX_JUMP;
    if (isFar && this.#jumpTo !== sequenceNumber) {
      this.#jumpTo = (sequenceNumber + 1) & 0xffff;
      return undefined;
    }
    if (isFar) this.#restart();
    return this.#sequences.unwrap(sequenceNumber);
  }

  #restart(): void {
    this.#sequences.reset();
    this.#sendTimes.reset();
    this.#seen.fill(Number.NaN);
    this.#isStarted = false;
    this.#skipped = 0;
    this.#lastTransit = undefined;
    this.#jumpTo = -1;
    this.#expectedAtReport = 0;
    this.#receivedAtReport = this.packetsReceived;
  }

  #measureDelay(packet: RtpPacketView, isNewest: boolean, now: Milliseconds): void {
    if (packet.captureTimeMs < 0) return;
    const sent = this.#sendTimes.unwrap(packet.captureTimeMs);
    const relative = this.#delay.update(sent, now);
    if (isNewest) {
      this.#trend.update(sent, now);
      this.#echoTime = packet.captureTimeMs;
      this.#echoArrival = now;
    }
    this.#intervalMinDelay = this.#intervalPackets === 0 ? relative : Math.min(this.#intervalMinDelay, relative);
    this.#intervalPackets++;
    this.#intervalDelaySum += relative;
    this.#intervalTrend = Math.max(this.#intervalTrend, this.#trend.ratio);
    const transit = now - samplesToMilliseconds(packet.timestamp);
    if (this.#lastTransit !== undefined) {
      // RFC 3550 §A.8; a wrap or jump of the timestamp is left out.
      const difference = Math.abs(transit - this.#lastTransit);
      if (difference < 5000) this.jitterMs += (difference - this.jitterMs) / 16;
    }
    this.#lastTransit = transit;
  }

  #bitmapWord(word: number): number {
    let bits = 0;
    for (let bit = 0; bit < 32; bit++) {
      const sequence = this.#highest - (word * 32 + bit);
      if (this.#seen[sequence & (WINDOW - 1)] === sequence) bits |= 1 << bit;
    }
    return bits >>> 0;
  }
}
