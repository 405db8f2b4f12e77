import { decide, isInHurry, type Operation, type Situation, TAIL } from "../jitter-buffer/decision-logic.ts";
import type { DelayManager } from "../jitter-buffer/delay-manager.ts";
import type { PacketBuffer } from "../jitter-buffer/packet-buffer.ts";
import { millisecondsToSamples, type Samples } from "../media/units.ts";
import { BackgroundNoise } from "./background-noise.ts";
import { Concealment } from "./concealment.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameSource, OPUS_STEP } from "./frame-source.ts";
import { JOIN_FADE, joinFrame } from "./join-frame.ts";
import { MIN_LAG } from "./lag-search.ts";
import { PlayoutCursor } from "./playout-cursor.ts";
import type { ReceiveStatistics } from "./receive-statistics.ts";
import { ReorderingHistory } from "./reordering-history.ts";
import { SAMPLE_KIND, type SyncBuffer } from "./sync-buffer.ts";
import { TimeStretch } from "./time-stretch.ts";

/** Operations in one pull before the rest is left to the next: a bound on time, never reached by a sane stream. */
const MAX_OPERATIONS = 24;
/** Span over which what was heard last is judged to be background, 10 ms. */
const BACKGROUND_SPAN = 480;
/** Concealment while waiting is made in pieces of this length: SILK conceals no shorter ones. */
const CONCEAL_STEP = 480;
/** How long waiting by expansion may go on: in speech where frames get lost, where they only come late, and in background. */
const SPEECH_WAIT = millisecondsToSamples(30);
const LATE_WAIT = millisecondsToSamples(50);
const BACKGROUND_WAIT = millisecondsToSamples(80);
/** Least similarity of periods for a change of speed, percent: by choice, in a hurry, and when the alternative is concealment. */
const CAREFUL = 85;
const HURRIED = 60;
const URGENT = 0;
/** Time until acceleration is tried again where no period was found. */
const RETRY = millisecondsToSamples(10);
/** Delay that may be borrowed where a frame is lost. */
const BORROW = millisecondsToSamples(10);
/** Excess delay that is not worth playing out faster: frames are left out. */
const SKIP_EXCESS = millisecondsToSamples(400);
/** Longest piece of concealment that a late frame takes the place of; after a longer one the frame is played whole. */
const REPLACE_LIMIT = millisecondsToSamples(10);

/**
 * Fills a stream's buffer of audio ahead: finds out what there is, lets the decision logic choose, and performs the operation.
 * Keeps the timeline: which media time the end of the audio ahead has. Never throws, no allocation.
 */
export class FramePlayer {
  /** Where the stream stands. */
  readonly cursor = new PlayoutCursor();
  /** What became of frames that were missing when needed. */
  readonly reordering = new ReorderingHistory();
  readonly #packets: PacketBuffer;
  readonly #delay: DelayManager;
  readonly #buffer: SyncBuffer;
  readonly #statistics: ReceiveStatistics;
  readonly #stretch = new TimeStretch();
  readonly #noise = new BackgroundNoise();
  readonly #concealment: Concealment;
  readonly #source: FrameSource;
  readonly #reader: FrameReader;
  readonly #situation: Situation = {
    source: "nothing",
    future: 0,
    needed: 0,
    excess: 0,
    untilDue: 0,
    isBackground: true,
    isSilent: true,
    canExpand: true,
    canAccelerate: true,
    waited: 0,
    waitLimit: 0,
    sinceStretch: 0,
  };
  /** Frames decoded so far, by need and ahead. */
  decodedFrames = 0;
  #now = 0;
  #target = 0;
  #lastStretch = Number.NEGATIVE_INFINITY;
  #retryAt = 0;
  #isBackground = true;
  #canExpand = true;

  constructor(
    packets: PacketBuffer,
    delay: DelayManager,
    decoder: FrameDecoder,
    buffer: SyncBuffer,
    statistics: ReceiveStatistics,
  ) {
    this.#packets = packets;
    this.#delay = delay;
    this.#buffer = buffer;
    this.#statistics = statistics;
    this.#source = new FrameSource(packets, decoder);
    this.#reader = new FrameReader(this.#source, packets, decoder, buffer, statistics);
    this.#concealment = new Concealment(decoder, this.#noise, buffer);
  }

  /** Transit at which frames are played at best: the target, and the time for which audio must be ahead. */
  get target(): Samples {
    return this.#target;
  }

  /** Makes sure that `needed` samples are ahead at `now`, the time at which the first of them is heard. */
  fill(now: Samples, needed: Samples): void {
    this.#now = now;
    this.#target = this.#delay.target(now) + needed + TAIL;
    for (let i = 0; i < MAX_OPERATIONS; i++) {
      const situation = this.#look(needed);
      if (situation.excess > SKIP_EXCESS && this.#skipStale()) continue;
      const operation = decide(situation);
      if (operation === "wait") break;
      this.#perform(operation);
    }
    const lack = needed - this.#buffer.future;
    if (lack > 0) this.#concealment.comfort(Math.max(lack, JOIN_FADE));
  }

  /**
   * Decodes the next frame if it is here and less than `needed` audio is ahead; for use while the thread has time.
   * @returns whether a frame was decoded
   */
  decodeAhead(now: Samples, needed: Samples): boolean {
    if (this.#buffer.future >= needed) return false;
    this.#now = now;
    if (this.#source.find(this.cursor) !== "frame") return false;
    this.#appendFrame();
    return true;
  }

  /** Starts over with what is in the packet buffer: another sender, or another time base. */
  restart(): void {
    this.cursor.stop();
    this.cursor.isSilent = true;
    this.#source.reset();
    this.reordering.reset();
    this.#reader.expectRestart();
  }

  /** Lets `now` pass without playing: what was due is dropped, and the stream goes on with what is due then. */
  skip(now: Samples): void {
    const { cursor } = this;
    const packets = this.#packets;
    if (cursor.isPlaying) {
      cursor.stop();
      this.#buffer.truncate(this.#buffer.readPosition);
      this.#concealment.silence();
      this.#reader.expectRestart();
    }
    this.#target = this.#delay.target(now) + TAIL;
    for (let first = packets.firstFrom(0); first >= 0; first = packets.firstFrom(first)) {
      if (packets.timestamp(first) + this.#target >= now) break;
      packets.remove(first);
    }
  }

  #look(needed: Samples): Situation {
    const { cursor } = this;
    const situation = this.#situation;
    const buffer = this.#buffer;
    const source = this.#source.find(cursor);
    const { future } = buffer;
    situation.source = source;
    situation.future = future;
    situation.needed = needed;
    // Behind a pause the next frame counts, not the end of what was heard before it.
    const end = source === "gap" ? this.#source.timestamp : cursor.end;
    situation.excess = cursor.isPlaying ? this.#now + future - end - this.#target : 0;
    situation.untilDue = Math.ceil(this.#source.timestamp + this.#target - this.#now - future);
    situation.isBackground = this.#isBackground;
    situation.isSilent = cursor.isSilent;
    situation.canExpand = this.#canExpand;
    situation.canAccelerate = this.#now >= this.#retryAt;
    situation.waited = cursor.waited;
    situation.waitLimit = this.#waitLimit(source === "missing");
    situation.sinceStretch = this.#now - this.#lastStretch;
    return situation;
  }

  #waitLimit(isMissing: boolean): Samples {
    if (this.cursor.concealed > 0) return 0;
    if (isMissing && !this.reordering.isLikely) return 0;
    if (this.#isBackground) return BACKGROUND_WAIT;
    return this.reordering.isLikely ? LATE_WAIT : SPEECH_WAIT;
  }

  #perform(operation: Operation): void {
    switch (operation) {
      case "decode":
        this.#appendFrame();
        break;
      case "recover":
        this.#appendCopy();
        break;
      case "join":
        this.#join(false);
        break;
      case "join-copy":
        this.#join(true);
        break;
      case "expand":
        this.#expand();
        break;
      case "accelerate":
        this.#accelerate();
        break;
      case "noise":
        this.#comfort();
        break;
      case "conceal":
        this.#conceal();
        break;
      case "wait":
        break;
    }
  }

  #appendFrame(): void {
    const { timestamp, sequence } = this.#source;
    this.cursor.isSilent = this.#reader.isSilence;
    const frames = this.#reader.decodePacket();
    this.decodedFrames++;
    const at = this.#buffer.writePosition;
    this.#concealment.finish(frames);
    this.#buffer.commit(frames, SAMPLE_KIND.audio);
    this.#noise.learn(this.#buffer, at, at + frames);
    this.#finishFrame(sequence, timestamp, frames, at);
  }

  #appendCopy(): void {
    const { timestamp } = this.#source;
    const frames = this.#reader.decodeCopy();
    this.#concealment.finish(frames);
    this.#buffer.commit(frames, SAMPLE_KIND.audio);
    this.#finishCopy(timestamp, frames);
  }

  /** Plays a frame that comes after part of its time was made up, in the place of audio ahead that is made up. */
  #join(isCopy: boolean): void {
    const { cursor } = this;
    const buffer = this.#buffer;
    if (buffer.future < JOIN_FADE) {
      this.#concealment.conceal(CONCEAL_STEP, this.#isBackground);
      cursor.makeUp(CONCEAL_STEP);
    }
    const { timestamp, sequence } = this.#source;
    const skip = this.#lateness();
    if (!isCopy) cursor.isSilent = this.#reader.isSilence;
    const frames = isCopy ? this.#reader.decodeCopy() : this.#reader.decodePacket();
    const left = Math.min(skip, frames >> 1);
    const at = joinFrame(buffer, frames, left, cursor.concealed);
    this.#concealment.reset();
    if (!isCopy) this.#mark(sequence, timestamp + left, at);
    if (isCopy) this.#finishCopy(timestamp, frames);
    else this.#finishFrame(sequence, timestamp, frames, -1);
  }

  /** How much of the found frame's beginning is left out: what was made up in its place, if that was short. */
  #lateness(): Samples {
    const { concealed, end } = this.cursor;
    const excess = this.#now + this.#buffer.future - JOIN_FADE - end - this.#target;
    const late = Math.max(0, Math.min(concealed, excess));
    return late > REPLACE_LIMIT ? 0 : Math.floor(late);
  }

  #finishFrame(sequence: number, timestamp: Samples, frames: Samples, at: number): void {
    const { cursor } = this;
    if (at >= 0) this.#mark(sequence, timestamp, at);
    if (!this.#packets.isPrimary(sequence)) this.#statistics.recoveredByRed++;
    this.#packets.remove(sequence);
    cursor.isPlaying = true;
    cursor.pass(sequence, timestamp + frames);
    cursor.frameSamples = frames;
    this.#settle();
  }

  #finishCopy(timestamp: Samples, frames: Samples): void {
    this.cursor.pass(this.cursor.next, timestamp + frames);
    this.#settle();
  }

  #settle(): void {
    if (this.cursor.waited > 0 && this.cursor.isUnbroken) this.reordering.awaited();
    this.cursor.settle(this.#statistics);
    this.#onAppended();
  }

  #onAppended(): void {
    this.#canExpand = true;
    const buffer = this.#buffer;
    const span = Math.max(BACKGROUND_SPAN, Math.min(2 * BACKGROUND_SPAN, buffer.future));
    this.#isBackground = this.#noise.isBackground(buffer, buffer.writePosition, span);
  }

  #mark(sequence: number, timestamp: Samples, at: number): void {
    if (this.#packets.isPrimary(sequence)) this.#buffer.mark(at, timestamp, this.#packets.arrival(sequence));
  }

  #expand(): void {
    const { source } = this.#situation;
    const isWaiting = source === "missing" || source === "nothing";
    const inserted = this.#stretch.expand(this.#buffer, this.#isBackground, isWaiting ? URGENT : CAREFUL);
    this.#canExpand = inserted > 0 && isWaiting;
    if (inserted === 0) return;
    if (isWaiting) {
      this.cursor.waited += inserted;
    } else {
      this.#lastStretch = this.#now;
      this.#statistics.insertedSamplesForDeceleration += inserted;
    }
  }

  #accelerate(): void {
    const { excess } = this.#situation;
    const threshold = isInHurry(excess) ? HURRIED : CAREFUL;
    const removed = this.#stretch.accelerate(
      this.#buffer,
      this.#buffer.readPosition,
      this.#isBackground,
      threshold,
      excess,
    );
    if (removed === 0) {
      this.#retryAt = this.#now + RETRY;
      return;
    }
    this.#lastStretch = this.#now;
    this.#statistics.removedSamplesForAcceleration += removed;
  }

  #comfort(): void {
    const { needed, future, source, untilDue } = this.#situation;
    const lack = Math.max(1, needed - future);
    this.#concealment.comfort(source === "gap" ? Math.max(1, Math.min(lack, untilDue)) : lack);
    this.#isBackground = true;
  }

  /**
   * Makes up the time of a missing frame, less what was made up or inserted in its place before; or, while nothing is known of the
   * next frame, a little.
   */
  #conceal(): void {
    const { cursor } = this;
    const { samples } = this.#source;
    const isMissing = this.#situation.source === "missing";
    cursor.includeWait();
    const hasWaited = cursor.concealed > 0;
    const remaining = isMissing ? samples - cursor.concealed : Math.min(samples, CONCEAL_STEP);
    const unit = Math.min(samples, CONCEAL_STEP);
    const step = Math.round(remaining / unit) * unit;
    if (step >= OPUS_STEP) {
      const made = Math.floor(step / OPUS_STEP) * OPUS_STEP;
      this.#concealment.conceal(made, this.#isBackground);
      cursor.makeUp(made);
    }
    this.#canExpand = true;
    if (!isMissing) return;
    this.#loseFrame(samples);
    this.#shorten(step);
    // What follows an insertion does not continue what the decoder knows: it has to be joined.
    cursor.concealed = Math.max(hasWaited ? 1 : 0, cursor.concealed - samples);
  }

  /** Plays a little less of what was just made up: the delay that saves comes back by expansion, which sounds better. */
  #shorten(made: Samples): void {
    const buffer = this.#buffer;
    if (made < CONCEAL_STEP || this.#concealment.isNoise) return;
    const excess = this.#now + buffer.future - this.cursor.end - this.#target;
    const wanted = Math.min(excess + BORROW, made >> 1);
    if (wanted < MIN_LAG) return;
    const from = Math.max(buffer.readPosition, buffer.writePosition - made - CONCEAL_STEP);
    const removed = this.#stretch.accelerate(buffer, from, this.#isBackground, URGENT, wanted);
    this.#statistics.removedSamplesForAcceleration += removed;
  }

  #loseFrame(samples: Samples): void {
    this.reordering.missed(this.cursor.next);
    this.cursor.lose(samples);
    this.#canExpand = true;
  }

  /** Leaves out frames that are too old to be worth hearing. @returns whether there was one */
  #skipStale(): boolean {
    const { cursor } = this;
    const packets = this.#packets;
    let skipped = 0;
    const due = this.#now + this.#buffer.future - this.#target;
    while (packets.has(cursor.next) && packets.timestamp(cursor.next) < due) {
      const samples = packets.samples(cursor.next);
      packets.remove(cursor.next);
      cursor.pass(cursor.next, packets.timestamp(cursor.next) + samples);
      skipped += samples;
    }
    if (skipped === 0) return false;
    this.#statistics.removedSamplesForAcceleration += skipped;
    cursor.concealed = Math.max(1, Math.min(cursor.concealed, REPLACE_LIMIT));
    return true;
  }
}
