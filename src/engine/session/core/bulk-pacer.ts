/**
 * Fastest and slowest file transfer while voice flows, bytes/s. The slowest still moves a megabyte in 16 s. Faster than 50 Mbit/s it
 * is the browser's network thread, which voice goes through as well, that has no time left: no queue on the path foretells that.
 */
const RATE = { initial: 96 * 1024, fastest: 6 * 1024 * 1024, slowest: 64 * 1024 } as const;

/** Growth for each report without a queue, before voice has ever had to wait: from the slowest to 10 MB/s in six seconds … */
const FIRST_GROWTH = 1.5;
/** … and after: doubles the rate in about two seconds of two reports each. */
const GROWTH = 1.19;

/** Share of the rate kept when voice has to wait. */
const BACK_OFF = 0.6;

/**
 * Between these shares of the rate at which voice last had to wait, growth is slow: 13 % in two seconds. Beyond, that rate is no
 * limit any more: other traffic, or a page that had no time, was in the way then.
 */
const NEAR = { from: 0.75, to: 1.15 } as const;
const SLOW_GROWTH = 1.03;

/** A queue on the path longer than this comes from us and is heard as delay, ms. */
const QUEUE_MS = 25;

/** The most that may be sent at once after a pause, s. */
const BURST_SECONDS = 0.05;

/** How voice fares on the path that a file shares with it. */
export type VoicePathReport = {
  /** Whether voice flows at all. */
  readonly isVoiceFlowing: boolean;
  /** Standing queue on the path, ms. */
  readonly queueDelayMs: number;
  /** Frames of voice kept back since the last report, because what waited before them would have made them late. */
  readonly keptBack: number;
};

/**
 * How fast a file may flow beside voice: faster until voice has to queue or is kept back, then slower, slowly up to there
 * again, and fast beyond. Without voice there is no limit.
 * Time is given by the caller, in ms.
 */
export class BulkPacer {
  #rate: number = RATE.initial;
  #isLimited = false;
  /** Rate at which voice last had to wait. */
  #tooFast = Number.POSITIVE_INFINITY;
  /** Whether anything was sent since the last report: if not, it is not for a file that voice had to wait. */
  #isUsed = false;
  /** Whether the rate held anything up since the last report: one that nobody has tried is not known to be good. */
  #isTried = false;
  #budget = 0;
  #filledMs: number;

  constructor(nowMs: number) {
    this.#filledMs = nowMs;
  }

  /** Bytes a second; infinity while no voice flows. */
  get rate(): number {
    return this.#isLimited ? this.#rate : Number.POSITIVE_INFINITY;
  }

  /** Takes a measurement of the path, made about twice a second. */
  report({ isVoiceFlowing, queueDelayMs, keptBack }: VoicePathReport): void {
    if (!isVoiceFlowing) {
      this.#isLimited = false;
      return;
    }
    if (!this.#isLimited) {
      this.#isLimited = true;
      this.#rate = RATE.initial;
      this.#tooFast = Number.POSITIVE_INFINITY;
    }
    this.#rate = Math.min(RATE.fastest, Math.max(RATE.slowest, this.#rate * this.#factor(queueDelayMs, keptBack)));
    this.#isTried = false;
    this.#isUsed = false;
  }

  /** Whether `bytes` may be sent now; if so they are counted. */
  take(bytes: number, nowMs: number): boolean {
    this.#isUsed = true;
    if (!this.#isLimited) {
      return true;
    }
    const elapsed = Math.max(0, nowMs - this.#filledMs) / 1000;
    this.#filledMs = nowMs;
    this.#budget = Math.min(this.#rate * BURST_SECONDS + bytes, this.#budget + elapsed * this.#rate);
    if (this.#budget < bytes) {
      this.#isTried = true;
      return false;
    }
    this.#budget -= bytes;
    return true;
  }

  /** How long until `bytes` may be sent, ms. */
  waitMs(bytes: number): number {
    return this.#isLimited ? Math.max(0, ((bytes - this.#budget) / this.#rate) * 1000) : 0;
  }

  #factor(queueDelayMs: number, keptBack: number): number {
    if (this.#isUsed && (queueDelayMs > QUEUE_MS || keptBack > 0)) {
      this.#tooFast = this.#rate;
      return BACK_OFF;
    }
    if (!this.#isTried) return 1;
    if (this.#tooFast === Number.POSITIVE_INFINITY) return FIRST_GROWTH;
    const share = this.#rate / this.#tooFast;
    return share * GROWTH < NEAR.from || share > NEAR.to ? GROWTH : SLOW_GROWTH;
  }
}
