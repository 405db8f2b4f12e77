/** Name under which measurement-recorder.worklet.ts registers its processor. */
export const MEASUREMENT_RECORDER = "antiphon-measurement-recorder";

/** What a recorder node is made with. It has one output, silent, that keeps it running. */
export type MeasurementRecorderOptions = {
  /** Number of signals, one input each. */
  readonly inputs: number;
  /** Recording stops there; seconds. */
  readonly maxSeconds: number;
};

/** The recorder's answer to any message: everything since it started or was last asked. */
export type MeasurementRecording = {
  /** Hz. */
  readonly sampleRate: number;
  /** Frames of a render quantum. */
  readonly quantumFrames: number;
  /** One per input, all of equal length, on one sample clock. */
  readonly tracks: readonly Float32Array<ArrayBuffer>[];
  /** Wall clock at every call of the audio thread, whole ms: it has no finer clock. */
  readonly callTimes: Float64Array<ArrayBuffer>;
};
