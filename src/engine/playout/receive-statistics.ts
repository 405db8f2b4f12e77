/**
 * What happened to a receive stream so far. Names and meanings are those of W3C webrtc-stats where it has them, with durations as sums of
 * samples at 48 kHz. Every number only grows, except `packetsLost` (a late packet takes its loss back, RFC 3550 §A.3), and the
 * present values at the end. Mutable; written by the stream on its own thread.
 */
export class ReceiveStatistics {
  /** Packets accepted, late ones and duplicates included. */
  packetsReceived = 0;
  /** Sum over received packets, duplicates left out, of the playout clock at arrival minus the RTP timestamp, in samples. */
  totalTransit = 0;
  /** Packets expected and not received. */
  packetsLost = 0;
  /** Packets that came too late to be decoded as themselves. */
  packetsDiscarded = 0;
  /** Packets that had been received before. */
  packetsDuplicated = 0;
  /** Datagrams refused by the parser or the codec's inspection. */
  packetsInvalid = 0;
  /** Packets with in-band FEC or with redundant blocks. */
  fecPacketsReceived = 0;
  /** Samples played since the first frame. */
  totalSamplesReceived = 0;
  /** Samples made up because a frame was missing… */
  concealedSamples = 0;
  /** …of those, in background noise or muted. */
  silentConcealedSamples = 0;
  /** Runs of concealed samples. */
  concealmentEvents = 0;
  /** Samples inserted by time-stretch. */
  insertedSamplesForDeceleration = 0;
  /** Samples removed by time-stretch, and of frames left out to catch up. */
  removedSamplesForAcceleration = 0;
  /** Sum over emitted samples of the time from arrival to being heard, in samples. */
  jitterBufferDelay = 0;
  /** The same for the target delay above the quickest packets. */
  jitterBufferTargetDelay = 0;
  /** The same for the target without the user's bounds. */
  jitterBufferMinimumDelay = 0;
  /** Samples that the sums above are over. */
  jitterBufferEmittedCount = 0;
  /** Frames played from a redundant copy (RFC 2198). */
  recoveredByRed = 0;
  /** Frames played from in-band FEC. */
  recoveredByFec = 0;
  /** Frames played from deep redundancy. */
  recoveredByDred = 0;
  /** Concealments of at least 150 ms, and their length in samples. */
  interruptionCount = 0;
  totalInterruptionDuration = 0;
  /** Times the stream started over: another sender, a jump of the timestamps, a sleep. */
  resyncCount = 0;
  /** Concealments done classically because the quantum had no time left for the neural network. */
  budgetShortfalls = 0;
  /** Comfort noise, in samples: neither concealed nor received. */
  comfortNoiseSamples = 0;
  /** Sender's clock against the playout clock now, ppm; positive when the sender is fast. */
  driftPpm = 0;
  /** Delay of what is heard now above the quickest packets, ms. */
  currentDelayMs = 0;
  /** Delay steered to now, above the quickest packets, ms. */
  targetDelayMs = 0;
  /** The same without the user's bounds, ms. */
  minimumDelayMs = 0;
}
