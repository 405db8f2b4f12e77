import type { CodecModule } from "../codec/codec-module.ts";
import { DelayManager } from "../jitter-buffer/delay-manager.ts";
import { DRIFT_PPM, DriftEstimator } from "../jitter-buffer/drift-estimator.ts";
import { PacketBuffer } from "../jitter-buffer/packet-buffer.ts";
import { SAMPLE_RATE, type Samples } from "../media/units.ts";
import type { JitterBufferSettings } from "../settings/playout-settings.ts";
import { DriftFollower } from "./drift-follower.ts";
import { EmissionAccount, type PlayoutObserver } from "./emission-account.ts";
import { FractionalResampler } from "./fractional-resampler.ts";
import { FrameDecoder } from "./frame-decoder.ts";
import { FramePlayer } from "./frame-player.ts";
import { PacketIntake } from "./packet-intake.ts";
import { ReceiveStatistics } from "./receive-statistics.ts";
import { SyncBuffer } from "./sync-buffer.ts";

/** Longest piece in which a pull is done, so that decisions are at most 10 ms apart. */
const PIECE = 480;
/** Pieces between two reports of the present values: 43 ms at quanta of 128. */
const REPORT_PIECES = 16;
const MILLISECONDS_PER_SAMPLE = 1_000 / SAMPLE_RATE;
/** Audio ahead up to which frames are decoded early, while the thread has time: six quanta of 128. */
const AHEAD = 768;

/** What a receive stream is made of. */
export type ReceiveStreamOptions = {
  readonly codec: CodecModule;
  /** Channels decoded; a packet of either kind plays on both. */
  readonly channels: 1 | 2;
  readonly settings: JitterBufferSettings;
  /** Told of every decoded packet that is heard. For simulations and replay. */
  readonly observer?: PlayoutObserver;
};

/**
 * One remote stream from datagrams to 48 kHz audio: reordering, adaptive delay, decoding, redundancy, concealment, time-stretch, clock
 * drift. Pure: all time is the playout clock, in samples at 48 kHz. Nothing allocates or throws but the constructor and
 * {@link ReceiveStream.useCodec}; any bytes may be inserted. One thread.
 */
export class ReceiveStream {
  /** What happened so far; the same object all the time. */
  readonly statistics = new ReceiveStatistics();
  readonly #packets = new PacketBuffer();
  readonly #delay: DelayManager;
  readonly #drift = new DriftEstimator();
  readonly #follower = new DriftFollower(this.#drift);
  readonly #buffer: SyncBuffer;
  readonly #decoder: FrameDecoder;
  readonly #player: FramePlayer;
  readonly #intake: PacketIntake;
  readonly #resampler = new FractionalResampler();
  readonly #account: EmissionAccount;
  #now: Samples = 0;
  #pieces = 0;

  /** @throws CodecError when the codec's heap is full */
  constructor({ codec, channels, settings, observer }: ReceiveStreamOptions) {
    this.#delay = new DelayManager(settings);
    this.#buffer = new SyncBuffer(channels);
    this.#decoder = new FrameDecoder(codec, this.#buffer);
    this.#player = new FramePlayer(this.#packets, this.#delay, this.#decoder, this.#buffer, this.statistics);
    this.#intake = new PacketIntake(this.#packets, this.#delay, this.#drift, this.statistics);
    this.#account = new EmissionAccount(this.#buffer, this.statistics, this.#intake, observer);
  }

  /** Playout clock: the time at which the next pulled sample is heard. */
  get now(): Samples {
    return this.#now;
  }

  /** Whether a frame was played since the stream began or started over. */
  get isPlaying(): boolean {
    return this.#player.cursor.isPlaying;
  }

  /** Applies jitter buffer settings from the next pull on. */
  configure(settings: JitterBufferSettings): void {
    this.#delay.configure(settings);
  }

  /** Exchanges the codec module while audio runs, without a click. @throws CodecError when its heap is full */
  useCodec(codec: CodecModule): void {
    this.#decoder.useCodec(codec);
  }

  /** Whether the neural network may conceal in the next pulls; without it the decoder conceals classically, counted. */
  allowNeural(isAllowed: boolean): void {
    this.#decoder.allowNeural(isAllowed);
  }

  /** Neural concealments and redundancy decoded so far: what a budget of time is spent on. */
  get neuralFrames(): number {
    return this.#decoder.neuralFrames;
  }

  /**
   * Takes one datagram, an RTP packet of at most 1200 bytes; copies what it keeps.
   *
   * @param nowSamples playout clock at its arrival, on which pulls go on; never decreasing
   */
  insert(datagram: Uint8Array, length: number, nowSamples: Samples): void {
    // A stream that joins a running mixer finds the mixer's clock here.
    if (nowSamples > this.#now && !this.isPlaying) this.#now = nowSamples;
    const result = this.#intake.insert(datagram, length, nowSamples, this.#player.cursor);
    if (result === "restarted") this.#player.restart();
    else if (result === "late") this.#player.reordering.came(this.#intake.sequence);
    if (result === "restarted") this.statistics.resyncCount++;
  }

  /** Writes the next `frames` samples to both arrays from `offset`; for mono the same to each. */
  pull(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    for (let done = 0; done < frames; done += PIECE) {
      this.#pullPiece(left, right, offset + done, Math.min(PIECE, frames - done));
    }
  }

  /** Lets `frames` pass unheard and without decoding: for a muted stream. What was ahead is lost; the next pull fades in. */
  skip(frames: number): void {
    this.#now += frames;
    this.#player.skip(this.#now);
    this.#resampler.reset();
    this.#report();
  }

  /** Frames decoded so far: what a budget of time is spent on. */
  get decodedFrames(): number {
    return this.#player.decodedFrames;
  }

  /** Length of the newest frame, samples. */
  get frameSamples(): Samples {
    return this.#player.cursor.frameSamples;
  }

  /**
   * Decodes the next frame before it is needed, if it is here and will be needed soon. Spreads the decoding of many streams over
   * quanta; what is heard stays the same.
   *
   * @returns whether a frame was decoded
   */
  decodeAhead(): boolean {
    return this.#player.decodeAhead(this.#now, AHEAD);
  }

  /** Frees the decoder. Idempotent; the stream must not be used any more. */
  close(): void {
    this.#decoder.close();
  }

  #pullPiece(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const resampler = this.#resampler;
    const buffer = this.#buffer;
    this.#follower.steer(resampler, frames);
    const needed = resampler.needed(frames);
    this.#player.fill(this.#now, needed);
    const position = buffer.readPosition;
    resampler.process(buffer.left, position, left, offset, frames);
    if (buffer.channels === 2) resampler.process(buffer.right, position, right, offset, frames);
    else copy(left, right, offset, frames);
    const consumed = resampler.consumed(frames);
    resampler.advance(frames);
    if (this.isPlaying || this.#account.hasStarted) this.#account.emit(consumed, this.#now);
    buffer.advance(consumed);
    this.#now += frames;
    this.#report();
  }

  /** Brings the present values up to date, a few times a second. */
  #report(): void {
    this.#pieces++;
    if (this.#pieces % REPORT_PIECES !== 1) return;
    const { statistics } = this;
    const { minimumTransit } = this.#delay;
    // Written out: a call that is seldom made is not inlined, and its result would be put on the heap.
    statistics.driftPpm = this.#drift.estimate[DRIFT_PPM] as number;
    statistics.budgetShortfalls = this.#decoder.shortfalls;
    statistics.minimumDelayMs = (this.#delay.unboundedDelay[0] as number) * MILLISECONDS_PER_SAMPLE;
    statistics.targetDelayMs = Math.max(0, this.#player.target - minimumTransit) * MILLISECONDS_PER_SAMPLE;
    // In a pause the time passes without the end of the audio: its delay would be the length of the pause.
    if (!this.isPlaying || this.#player.cursor.isSilent) return;
    const transit = this.#now + this.#buffer.future - this.#player.cursor.end;
    statistics.currentDelayMs = Math.max(0, transit - minimumTransit) * MILLISECONDS_PER_SAMPLE;
  }
}

function copy(from: Float32Array, to: Float32Array, offset: number, frames: number): void {
  if (from === to) return;
  for (let i = offset; i < offset + frames; i++) to[i] = from[i] ?? 0;
}
