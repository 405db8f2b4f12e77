/** Name under which receive-load.worklet.ts registers its processor. */
export const RECEIVE_LOAD = "antiphon-receive-load";

/** What a receive-load node is made with: simulated senders into one mixer. */
export type ReceiveLoadOptions = {
  /** core.wasm. */
  readonly core: WebAssembly.Module;
  readonly peers: number;
  /** Opus frames of equal length that every sender sends in a loop, each from another one on. */
  readonly payloads: readonly Uint8Array[];
  /** Samples at 48 kHz of one frame. */
  readonly frameSamples: number;
  /** Half width of the jitter, samples, and share of packets lost, 0…1. */
  readonly jitterSamples: number;
  readonly lostShare: number;
  /** A clock in ms that another thread keeps writing: the audio thread has none. */
  readonly clock: Float64Array;
  /** Quanta measured at most; the first `warmUpQuanta` are left out. */
  readonly maxQuanta: number;
  readonly warmUpQuanta: number;
};

/** The processor's answer to any message. */
export type ReceiveLoadResult = {
  /** Time spent on each measured quantum, ms. */
  readonly durations: Float32Array<ArrayBuffer>;
  /** Frames of a quantum, and hertz. */
  readonly quantumFrames: number;
  readonly sampleRate: number;
  /** Samples concealed and samples played, over all streams. */
  readonly concealedSamples: number;
  readonly totalSamples: number;
};
