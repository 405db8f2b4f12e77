/** One moment of the level history: levels in dBFS, the voice probability 0…1. */
export type HistoryReading = {
  levelDb: number;
  noiseFloorDb: number;
  probability: number;
  isTransmitting: boolean;
};

/** Fills `into` with the newest values. Called once a frame, so it must not allocate. */
export type HistorySource = (into: HistoryReading) => void;

/** The last seconds of a microphone as a ring of columns, each holding the loudest moment of its stretch of time. */
export class LevelHistory {
  readonly columns: number;
  readonly levelDb: Float32Array;
  readonly noiseFloorDb: Float32Array;
  readonly probability: Float32Array;
  readonly isTransmitting: Uint8Array;
  /** Column being written; the one after it is the oldest. */
  head = 0;

  readonly #columnMs: number;
  #columnStartedAt = Number.NaN;

  constructor(options: { readonly columns: number; readonly spanMs: number }) {
    this.columns = options.columns;
    this.#columnMs = options.spanMs / options.columns;
    this.levelDb = new Float32Array(options.columns).fill(Number.NEGATIVE_INFINITY);
    this.noiseFloorDb = new Float32Array(options.columns).fill(Number.NEGATIVE_INFINITY);
    this.probability = new Float32Array(options.columns);
    this.isTransmitting = new Uint8Array(options.columns);
  }

  /** Takes a reading at time `now` (ms). Columns that passed without one repeat it. */
  push(reading: Readonly<HistoryReading>, now: number): void {
    if (Number.isNaN(this.#columnStartedAt)) {
      this.#columnStartedAt = now;
    }
    let passed = Math.min(this.columns, Math.floor((now - this.#columnStartedAt) / this.#columnMs));
    if (passed === 0) {
      this.#merge(reading);
      return;
    }
    this.#columnStartedAt = passed === this.columns ? now : this.#columnStartedAt + passed * this.#columnMs;
    for (; passed > 0; passed--) {
      this.head = (this.head + 1) % this.columns;
      this.#write(reading);
    }
  }

  #merge(reading: Readonly<HistoryReading>): void {
    const { head } = this;
    this.levelDb[head] = Math.max(this.levelDb[head] ?? reading.levelDb, reading.levelDb);
    this.probability[head] = Math.max(this.probability[head] ?? 0, reading.probability);
    this.isTransmitting[head] = this.isTransmitting[head] === 1 || reading.isTransmitting ? 1 : 0;
    this.noiseFloorDb[head] = reading.noiseFloorDb;
  }

  #write(reading: Readonly<HistoryReading>): void {
    const { head } = this;
    this.levelDb[head] = reading.levelDb;
    this.noiseFloorDb[head] = reading.noiseFloorDb;
    this.probability[head] = reading.probability;
    this.isTransmitting[head] = reading.isTransmitting ? 1 : 0;
  }
}
