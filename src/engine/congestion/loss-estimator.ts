/** Forgetting per packet of the quick and the slow loss average: about 0.8 s and 2.4 s of 20 ms packets. */
const QUICK_WEIGHT = 1 / 40;
const SLOW_WEIGHT = 1 / 120;
/** Forgetting per burst of the burst-length histogram: about the last 30 bursts count. */
const BURST_DECAY = 1 - 1 / 30;
/** Bursts longer than this are outages, which no redundancy covers; they count as this long. */
const MAX_BURST = 16;
/** A burst is forgotten faster than others forget it once this many packets came through without loss. */
const CLEAN_PACKETS = 1500;

/**
 * Loss and burst length of a path, from the fate of each packet in sending order. The larger of a quick and a slow average counts:
 * protection comes at once and leaves slowly. Allocates nothing.
 */
export class LossEstimator {
  readonly #bursts = new Float64Array(MAX_BURST + 1);
  #count = 0;
  #quick = 0;
  #slow = 0;
  #run = 0;
  #sinceLoss = 0;

  /** Takes the fate of the next packet. */
  update(isLost: boolean): void {
    this.#count++;
    const lost = isLost ? 1 : 0;
    // The first packets are averaged evenly, so that one early loss is not read as a share of one half.
    this.#quick += (lost - this.#quick) * Math.max(QUICK_WEIGHT, 1 / (this.#count + 20));
    this.#slow += (lost - this.#slow) * Math.max(SLOW_WEIGHT, 1 / (this.#count + 20));
    if (isLost) {
      this.#run++;
      this.#sinceLoss = 0;
      return;
    }
    this.#sinceLoss++;
    if (this.#sinceLoss === CLEAN_PACKETS) this.#bursts.fill(0);
    if (this.#run === 0) return;
    for (let length = 1; length <= MAX_BURST; length++)
      this.#bursts[length] = (this.#bursts[length] ?? 0) * BURST_DECAY;
    const length = Math.min(MAX_BURST, this.#run);
    this.#bursts[length] = (this.#bursts[length] ?? 0) + 1;
    this.#run = 0;
  }

  /** Smoothed share of lost packets, 0..1. */
  get fraction(): number {
    return Math.max(this.#quick, this.#slow);
  }

  /** Share of lost packets over the last second or so, 0..1. */
  get recentFraction(): number {
    return this.#quick;
  }

  /** Mean length of the recent loss bursts in packets, 1 without any. */
  get meanBurst(): number {
    let weight = 0;
    let sum = 0;
    for (let length = 1; length <= MAX_BURST; length++) {
      weight += this.#bursts[length] ?? 0;
      sum += length * (this.#bursts[length] ?? 0);
    }
    return weight > 0 ? sum / weight : 1;
  }

  /** The burst length, in packets, that a share `quantile` (0..1) of recent bursts does not exceed; 1 without any. */
  burstQuantile(quantile: number): number {
    let weight = 0;
    for (let length = 1; length <= MAX_BURST; length++) weight += this.#bursts[length] ?? 0;
    let sum = 0;
    for (let length = 1; length <= MAX_BURST; length++) {
      sum += this.#bursts[length] ?? 0;
      if (sum >= quantile * weight) return length;
    }
    return MAX_BURST;
  }
}
