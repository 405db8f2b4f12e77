/** Lowest level a meter shows, dBFS. */
export const METER_FLOOR_DB = -60;
/** Where the middle (caution) zone of a meter starts, dBFS. */
export const METER_CAUTION_DB = -20;
/** Where the top (hot) zone of a meter starts, dBFS. */
export const METER_HOT_DB = -9;
/** Fall of the bar in dB per second: 20 dB in 1.7 s, the return time of a programme meter (IEC 60268-10 type I). */
const DECAY_DB_PER_SECOND = 11.76;

/** What a meter reads from: the newest levels in dBFS; −Infinity is digital silence. */
export type LevelReading = {
  peakDb: number;
  rmsDb: number;
};

/** Fills `into` with the newest levels. Called once a frame, so it must not allocate. */
export type LevelSource = (into: LevelReading) => void;

/** The behaviour of a level meter in time: instant rise, steady fall, held peak, latched clip. All levels dBFS, all times milliseconds. */
export class MeterBallistics {
  /** Level of the bar. */
  barDb = METER_FLOOR_DB;
  /** Level of the RMS marker. */
  rmsDb = METER_FLOOR_DB;
  /** Level of the held peak. */
  heldDb = METER_FLOOR_DB;
  /** Whether full scale has been reached since the last `clearClip()`. */
  isClipped = false;

  readonly #holdMs: number;
  #heldAt = 0;
  #updatedAt = Number.NaN;

  constructor(options: { readonly holdMs: number }) {
    this.#holdMs = options.holdMs;
  }

  /** Takes one reading at time `now`; values that are not numbers count as silence. */
  update(reading: Readonly<LevelReading>, now: number): void {
    const elapsed = Number.isNaN(this.#updatedAt) ? 0 : Math.max(0, now - this.#updatedAt) / 1000;
    this.#updatedAt = now;
    const peakDb = floored(reading.peakDb);
    this.rmsDb = floored(reading.rmsDb);
    this.barDb = Math.max(peakDb, this.barDb - elapsed * DECAY_DB_PER_SECOND, METER_FLOOR_DB);
    if (peakDb >= this.heldDb || now - this.#heldAt > this.#holdMs) {
      this.heldDb = this.barDb;
      this.#heldAt = now;
    }
    if (peakDb >= 0) {
      this.isClipped = true;
    }
  }

  /** Puts the clip lamp out. */
  clearClip(): void {
    this.isClipped = false;
  }
}

function floored(levelDb: number): number {
  return Number.isNaN(levelDb) ? METER_FLOOR_DB : Math.max(levelDb, METER_FLOOR_DB);
}

/** Position of a level on a meter, 0 at the floor and 1 at full scale. */
export function meterPosition(levelDb: number): number {
  return Math.min(1, Math.max(0, 1 - levelDb / METER_FLOOR_DB));
}
