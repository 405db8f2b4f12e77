/**
 * Removes noise from one channel. Block core over fixed frames of 48 kHz samples; the caller owns the memory; no
 * allocation after construction.
 */
export interface Suppressor {
  /** Samples per `process` call. */
  readonly frameSamples: number;
  /** Delay of the output against the input, samples, framing not included. */
  readonly delaySamples: number;
  /** Whether `setMaxReduction` is heeded inside; otherwise the caller mixes in the original. */
  readonly limitsReduction: boolean;
  /**
   * Probability that the newest *input* frame holds voice, 0…1, or −1 when this engine does not tell. It leads the output by
   * `delaySamples`.
   */
  readonly voiceProbability: number;
  /** Writes one suppressed frame. */
  process(input: Float32Array, output: Float32Array): void;
  /** Deepest attenuation, −60…0 dB. */
  setMaxReduction(decibels: number): void;
  /** Forgets the past of the signal. */
  reset(): void;
  /** Frees what is held inside WebAssembly. Idempotent. */
  close(): void;
}

/** Makes one more suppressor of one kind; called once per channel. */
export type SuppressorFactory = () => Suppressor;
