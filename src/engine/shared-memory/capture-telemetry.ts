/**
 * What each number of a capture node's telemetry block means: its index. Levels are dBFS of the newest 10 ms block at
 * 48 kHz unless said otherwise; counters only grow while the node lives.
 */
export const CAPTURE_TELEMETRY = {
  /** Peak at the input of the chain, before trim. */
  inputPeakDb: 0,
  inputRmsDb: 1,
  /** Peak and RMS behind the chain's limiter, before the encoder. */
  outputPeakDb: 2,
  outputRmsDb: 3,
  /** How much the limiter turns down, ≤ 0 dB. */
  limiterGainDb: 4,
  /** How much the leveler turns up or down, dB. */
  levelerGainDb: 5,
  /** How much quieter the suppressor made the block, ≤ 0 dB. */
  suppressionDb: 6,
  /** Tracked noise floor, dBFS. */
  noiseFloorDb: 7,
  /** Probability that the block is voice, 0…1. */
  voiceProbability: 8,
  /** 1 while frames are sent. */
  isTransmitting: 9,
  /** 1 while the talk key holds or locks transmission. */
  isTalkKeyActive: 10,
  /** Short-term loudness in front of the leveler's gain, LUFS. */
  loudnessLufs: 11,
  /** Delay of the chain without framing and encoder look-ahead, samples at 48 kHz. */
  chainLatencySamples: 12,
  /** Encoder look-ahead, samples at 48 kHz. */
  encoderLookaheadSamples: 13,
  /** Samples per frame at 48 kHz. */
  frameSamples: 14,
  /** Bitrate the encoder runs at, bit/s. */
  bitrate: 15,
  /** Frames handed to the network. */
  framesSent: 16,
  /** Opus bytes handed to the network. */
  bytesSent: 17,
  /** Frames dropped because the network thread did not take them. */
  overruns: 18,
  /** Input samples at 48 kHz that went through the chain. */
  samplesProcessed: 19,
  /** Input quanta in which the source delivered nothing (unplugged, ended, not started). */
  emptyQuanta: 20,
  /** Rate of the capture context, Hz. */
  contextRate: 21,
  /** Frames of a render quantum. */
  quantumFrames: 22,
  /** Frames the encoder refused. */
  encoderErrors: 23,
  /** Context time at the start of the newest quantum, whose samples are in `samplesProcessed`, seconds. */
  contextTime: 24,
  /** Input samples that were NaN or infinite. */
  invalidSamples: 25,
  /** By how much the audio of a frame is older than its capture position says: the delay of filters and rate conversion, samples at 48 kHz. */
  signalDelaySamples: 26,
} as const;

/** Stages of the capture chain that have figures of their own: trim, high-pass, suppressor, activation, leveler, limiter, encoder. */
export const CAPTURE_STAGE_COUNT = 7;

/** Offset of each figure of one stage from the start of its place. */
export const CAPTURE_STAGE_TELEMETRY = {
  /** Peak and RMS in front of the stage, dBFS. */
  peakDb: 0,
  rmsDb: 1,
  /** Delay the stage adds, samples at 48 kHz; for the encoder its look-ahead. */
  latencySamples: 2,
  /** Time spent in the stage since the start, ms. */
  costMs: 3,
} as const;

/** Numbers before the first stage's. */
const STAGES_START = 32;
/** Numbers of one stage. */
const STAGE_LENGTH = 4;

/** Index of the first number of a stage, 0…6 in signal order. */
export function captureStageStart(stage: number): number {
  return STAGES_START + stage * STAGE_LENGTH;
}

/** Numbers in a capture telemetry block. */
export const CAPTURE_TELEMETRY_LENGTH = STAGES_START + CAPTURE_STAGE_COUNT * STAGE_LENGTH;
