import * as v from "valibot";

/** Limits of one numeric setting: what the schema accepts and what a control should offer. */
export type NumberRange = {
  readonly min: number;
  readonly max: number;
  /** Smallest useful change; finer values are accepted. */
  readonly step: number;
  /** Unit for display: "dB", "dBFS", "LUFS", "dBTP", "Hz", "ms", "%", "bit/s" or "" for plain numbers. */
  readonly unit: string;
};

const range = (min: number, max: number, step: number, unit: string): NumberRange => ({
  min,
  max,
  step,
  unit,
});

/** Ranges of every numeric setting, grouped as in the settings document. Shared by the schema and the controls. */
export const SETTING_RANGES = {
  input: { sampleRate: range(8_000, 192_000, 1, "Hz") },
  capture: {
    trimDb: range(-30, 30, 0.1, "dB"),
    highPass: { cutoffHz: range(20, 300, 1, "Hz") },
    suppressor: { maxReductionDb: range(-60, 0, 1, "dB"), mixPercent: range(0, 100, 1, "%") },
    activation: {
      sensitivityPercent: range(0, 100, 1, "%"),
      openDb: range(-90, 0, 0.5, "dBFS"),
      closeDb: range(-90, 0, 0.5, "dBFS"),
      openProbability: range(0, 1, 0.01, ""),
      closeProbability: range(0, 1, 0.01, ""),
      attackMs: range(0, 100, 1, "ms"),
      holdMs: range(0, 2_000, 10, "ms"),
      releaseMs: range(0, 1_000, 10, "ms"),
      preRollMs: range(0, 300, 10, "ms"),
    },
    pushToTalk: {
      releaseDelayMs: range(0, 2_000, 10, "ms"),
      doublePressLockMs: range(0, 1_000, 10, "ms"),
      cueVolumeDb: range(-40, 0, 1, "dB"),
    },
    leveler: {
      targetLufs: range(-36, -14, 0.5, "LUFS"),
      maxBoostDb: range(0, 24, 0.5, "dB"),
      maxCutDb: range(0, 24, 0.5, "dB"),
    },
    limiter: { ceilingDb: range(-12, 0, 0.1, "dBTP"), releaseMs: range(1, 1_000, 1, "ms") },
  },
  encoder: {
    bitrate: range(6_000, 510_000, 500, "bit/s"),
    complexity: range(0, 10, 1, ""),
    expectedLossPercent: range(0, 100, 1, "%"),
    dredDuration: range(0, 100, 1, "10 ms"),
  },
  jitterBuffer: {
    targetMs: range(0, 500, 1, "ms"),
    minMs: range(0, 500, 1, "ms"),
    maxMs: range(0, 500, 1, "ms"),
    preference: range(0, 1, 0.05, ""),
  },
  output: {
    masterDb: range(-60, 6, 0.5, "dB"),
    latencyHint: range(0, 1, 0.001, "s"),
    sampleRate: range(8_000, 192_000, 1, "Hz"),
    limiter: { ceilingDb: range(-12, 0, 0.1, "dBTP"), releaseMs: range(1, 1_000, 1, "ms") },
  },
  network: { redundancy: range(0, 3, 1, ""), connections: range(1, 6, 1, "") },
} as const;

/** Schema of a finite number within `limits`. */
export function numberIn(limits: NumberRange): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.finite(), v.minValue(limits.min), v.maxValue(limits.max));
}

/** Schema of an integer within `limits`. */
export function integerIn(limits: NumberRange): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.integer(), v.minValue(limits.min), v.maxValue(limits.max));
}
