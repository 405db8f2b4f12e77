import { millisecondsToSamples, type Samples } from "../media/units.ts";
import type { ReceiveStatistics } from "./receive-statistics.ts";
import { SAMPLE_KIND, type SyncBuffer } from "./sync-buffer.ts";

/** Concealment from this length on is an interruption, as in W3C webrtc-stats. */
const INTERRUPTION = millisecondsToSamples(150);

/** Is told of what is heard. */
export interface PlayoutObserver {
  /**
   * The sample at media time `timestamp` (the sender's, unwrapped) of a packet decoded as itself is heard at `time` on the playout
   * clock.
   */
  framePlayed(timestamp: Samples, time: Samples): void;
}

/** Counts what is heard, at the moment it is heard, by what kind it is. No allocation. */
export class EmissionAccount {
  readonly #buffer: SyncBuffer;
  readonly #statistics: ReceiveStatistics;
  readonly #media: { readonly timestampOrigin: Samples };
  readonly #observer: PlayoutObserver | undefined;
  #run = 0;
  /** Time from arrival to being heard of the frame that is heard now. */
  #delay = 0;
  #hasStarted = false;

  /** `media` says what to add to timestamps for the observer. */
  constructor(
    buffer: SyncBuffer,
    statistics: ReceiveStatistics,
    media: { readonly timestampOrigin: Samples },
    observer: PlayoutObserver | undefined,
  ) {
    this.#buffer = buffer;
    this.#media = media;
    this.#statistics = statistics;
    this.#observer = observer;
  }

  /** Whether anything was counted. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Counts the next `frames` samples of the buffer, the first of which is heard at `now`. */
  emit(frames: Samples, now: Samples): void {
    const buffer = this.#buffer;
    const { kinds } = buffer;
    const from = buffer.readPosition;
    this.#hasStarted = true;
    this.#passMarks(from, frames, now);
    let audio = 0;
    let concealed = 0;
    let silent = 0;
    for (let i = from; i < from + frames; i++) {
      const kind = kinds[i];
      if (kind === SAMPLE_KIND.audio) audio++;
      else if (kind === SAMPLE_KIND.concealed) concealed++;
      else if (kind === SAMPLE_KIND.silentConcealed) silent++;
    }
    const statistics = this.#statistics;
    statistics.totalSamplesReceived += frames;
    statistics.concealedSamples += concealed + silent;
    statistics.silentConcealedSamples += silent;
    statistics.comfortNoiseSamples += frames - audio - concealed - silent;
    statistics.jitterBufferEmittedCount += audio;
    statistics.jitterBufferDelay += audio * this.#delay;
    statistics.jitterBufferTargetDelay += audio * Math.round(statistics.targetDelayMs * 48);
    statistics.jitterBufferMinimumDelay += audio * Math.round(statistics.minimumDelayMs * 48);
    this.#countRun(concealed + silent, frames);
  }

  #passMarks(from: number, frames: Samples, now: Samples): void {
    const buffer = this.#buffer;
    while (buffer.markPosition >= 0 && buffer.markPosition < from + frames) {
      const time = now + buffer.markPosition - from;
      this.#delay = Math.max(0, time - buffer.markArrival);
      this.#observer?.framePlayed(buffer.markTimestamp + this.#media.timestampOrigin, time);
      buffer.dropMark();
    }
  }

  #countRun(concealed: Samples, frames: Samples): void {
    const statistics = this.#statistics;
    if (concealed > 0 && this.#run === 0) statistics.concealmentEvents++;
    const before = this.#run;
    this.#run += concealed;
    if (this.#run >= INTERRUPTION) {
      if (before < INTERRUPTION) {
        statistics.interruptionCount++;
        statistics.totalInterruptionDuration += before;
      }
      statistics.totalInterruptionDuration += concealed;
    }
    if (concealed < frames) this.#run = 0;
  }
}
