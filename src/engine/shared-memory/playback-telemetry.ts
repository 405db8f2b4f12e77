/** Receive streams a playback node mixes at most. */
export const MAX_REMOTE_STREAMS = 32;

/** Index of each number of the mix in a playback node's telemetry block. Counters only grow while the node lives. */
export const MIX_TELEMETRY = {
  /** Peak and RMS of the mix behind the limiter, dBFS, louder channel. */
  outputPeakDb: 0,
  outputRmsDb: 1,
  /** How much the limiter turns down, ≤ 0 dB. */
  limiterGainDb: 2,
  /** Samples played at 48 kHz at the end of the newest quantum: the playout clock. */
  playoutSamples: 3,
  /** Context time at the start of the newest quantum, seconds. */
  contextTime: 4,
  /** Rate of the playback context, Hz. */
  contextRate: 5,
  /** Frames of a render quantum. */
  quantumFrames: 6,
  /** Delay of the resampler to the context's rate, samples at 48 kHz; 0 at 48 kHz. */
  resamplerSamples: 7,
  /** Blocks a recording tap lost because nobody took them. */
  tapOverruns: 8,
} as const;

/** Numbers of the mix, before the first stream's. */
export const MIX_TELEMETRY_LENGTH = 16;

/**
 * Offset of each number of one receive stream from the start of its slot. The names are those of W3C webrtc-stats where
 * it has one; durations in samples at 48 kHz, summed over samples where W3C sums them.
 */
export const STREAM_TELEMETRY = {
  /** SSRC of the stream in the slot, 0 while the slot is free. */
  ssrc: 0,
  /** Peak and RMS of the stream after its gain, dBFS. */
  peakDb: 1,
  rmsDb: 2,
  packetsReceived: 3,
  packetsLost: 4,
  packetsDiscarded: 5,
  fecPacketsReceived: 6,
  totalSamplesReceived: 7,
  concealedSamples: 8,
  silentConcealedSamples: 9,
  concealmentEvents: 10,
  insertedSamplesForDeceleration: 11,
  removedSamplesForAcceleration: 12,
  jitterBufferDelay: 13,
  jitterBufferTargetDelay: 14,
  jitterBufferMinimumDelay: 15,
  jitterBufferEmittedCount: 16,
  recoveredByRed: 17,
  recoveredByFec: 18,
  recoveredByDred: 19,
  driftPpm: 20,
  interruptionCount: 21,
  totalInterruptionDuration: 22,
  /** Present delay of the buffer, ms. */
  currentDelayMs: 23,
  /** Delay the buffer steers to, ms. */
  targetDelayMs: 24,
  /** Datagrams the ring to the playback thread dropped. */
  ringOverruns: 25,
  /** Times the stream started over. */
  resyncCount: 26,
  /** Concealments done classically for want of time. */
  budgetShortfalls: 27,
  comfortNoiseSamples: 28,
  packetsDuplicated: 29,
  packetsInvalid: 30,
  /** Target without the user's bounds, ms. */
  minimumDelayMs: 31,
  /** Sum over received packets, duplicates left out, of the playout clock at arrival minus the RTP timestamp, samples. */
  totalTransit: 32,
} as const;

/** Numbers per slot. */
export const STREAM_TELEMETRY_LENGTH = 40;

/** Numbers in a playback telemetry block. */
export const PLAYBACK_TELEMETRY_LENGTH = MIX_TELEMETRY_LENGTH + MAX_REMOTE_STREAMS * STREAM_TELEMETRY_LENGTH;

/** Index of the first number of the stream in `slot`, 0…31. */
export function streamTelemetryStart(slot: number): number {
  return MIX_TELEMETRY_LENGTH + slot * STREAM_TELEMETRY_LENGTH;
}
