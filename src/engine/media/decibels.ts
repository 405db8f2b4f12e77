/** Not the exported constant itself: the compiler does not know the value of a module's binding, and would box every other result. */
const LEAST_DB = -120;

/** Level used for digital silence, in dB. Quieter levels are reported as this one. */
export const SILENCE_DB = LEAST_DB;

/** Amplitude gain of `db` decibels; −∞ gives 0. */
export function dbToGain(db: number): number {
  return 10 ** (db / 20);
}

/** Decibels of amplitude `gain`, never below {@link SILENCE_DB}; zero, negative and NaN give {@link SILENCE_DB}. */
export function gainToDb(gain: number): number {
  return gain > 1e-6 ? 20 * Math.log10(gain) : LEAST_DB;
}

/** Decibels of a power ratio, never below {@link SILENCE_DB}; zero, negative and NaN give {@link SILENCE_DB}. */
export function powerToDb(power: number): number {
  return power > 1e-12 ? 10 * Math.log10(power) : LEAST_DB;
}

/** Power ratio of `db` decibels; −∞ gives 0. */
export function dbToPower(db: number): number {
  return 10 ** (db / 10);
}
