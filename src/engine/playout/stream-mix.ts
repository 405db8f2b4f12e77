/** How one remote stream is mixed. */
export type StreamMix = {
  /** −∞…+12 dB. */
  readonly gainDb: number;
  /** −1 left … 1 right, equal power. */
  readonly pan: number;
  readonly muted: boolean;
  /** While any stream is solo, only solo streams are heard. */
  readonly solo: boolean;
  /** Brings the stream to the loudness of the others. */
  readonly autoLevel: boolean;
};

/** How a stream is mixed unless told otherwise. */
export const DEFAULT_STREAM_MIX: StreamMix = { gainDb: 0, pan: 0, muted: false, solo: false, autoLevel: false };
