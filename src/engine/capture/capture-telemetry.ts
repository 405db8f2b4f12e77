/** Stages in signal order. The level in front of stage i is point i, the level behind it is point i + 1. */
export const CAPTURE_STAGES = [
  "trim",
  "highPass",
  "suppressor",
  "activation",
  "leveler",
  "limiter",
  "encoder",
] as const;

/** One stage of the capture chain. */
export type CaptureStage = (typeof CAPTURE_STAGES)[number];

/** Points at which the level is measured: the input, and behind each stage but the encoder. */
export const LEVEL_POINTS = CAPTURE_STAGES.length;

/**
 * Live figures of a capture chain: plain fields that the chain overwrites every 10 ms and that its host reads whenever it
 * likes, without allocation. Levels are dBFS, −120 for silence.
 */
export class CaptureTelemetry {
  /** Peak at each level point. */
  readonly peakDb = new Float64Array(LEVEL_POINTS).fill(-120);
  /** RMS at each level point. */
  readonly rmsDb = new Float64Array(LEVEL_POINTS).fill(-120);
  /** What each stage does to the level, dB: trim gain, suppression, leveler gain, limiting; 0 for the others. */
  readonly gainDb = new Float64Array(CAPTURE_STAGES.length);
  /** Delay each stage adds, samples; for the encoder its look-ahead. */
  readonly latencySamples = new Float64Array(CAPTURE_STAGES.length);
  /** Time spent in each stage, in the unit of the host's clock, summed since the start; 0 without a clock. */
  readonly cost = new Float64Array(CAPTURE_STAGES.length);
  /** Tracked noise floor behind the suppressor, dBFS RMS. */
  noiseFloorDb = -70.5;
  /** Voice probability that activation uses, 0…1; −1 when there is none. */
  voiceProbability = -1;
  /** The detector hears voice, whatever the gate does with it: "talking while muted". */
  isVoice = false;
  /** The gate is open. */
  isTransmitting = false;
  isMuted = false;
  /** The talk key is held, in its release delay, or locked. */
  isTalkKeyActive = false;
  isTalkKeyLocked = false;
  /** Momentary loudness in front of the leveler, LUFS. */
  momentaryLufs = -120;
  /** Loudness of the speaker in front of the leveler, LUFS. */
  speechLufs = -120;
  /** Input samples taken. */
  samplesProcessed = 0;
  /** Input samples that were NaN or infinite. */
  invalidSamples = 0;
  framesSent = 0;
  bytesSent = 0;
  encoderErrors = 0;
}
