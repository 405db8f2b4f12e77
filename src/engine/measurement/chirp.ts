/** Shape of a measuring chirp. */
export type ChirpShape = {
  /** Hz. */
  readonly sampleRate: number;
  /** Length in ms; 20 by default: one codec frame, short beside every delay of interest. */
  readonly durationMs?: number;
  /** Frequency at the start, Hz; 400 by default. */
  readonly fromHz?: number;
  /** Frequency at the end, Hz; 6000 by default and at most 0.45 × sampleRate: it must survive a wideband codec. */
  readonly toHz?: number;
  /** Peak, linear; 0.5 by default. */
  readonly amplitude?: number;
};

/**
 * A linear frequency sweep under a Hann window. Its autocorrelation has one narrow peak, so a matched filter finds it to
 * a fraction of a sample through a codec and noise.
 */
export function createChirp(shape: ChirpShape): Float32Array {
  const { sampleRate, durationMs = 20, fromHz = 400, amplitude = 0.5 } = shape;
  const toHz = Math.min(shape.toHz ?? 6_000, 0.45 * sampleRate);
  const length = Math.round((durationMs / 1_000) * sampleRate);
  const sweep = (toHz - fromHz) / (2 * length);
  return Float32Array.from({ length }, (_, n) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (length - 1));
    return amplitude * window * Math.sin((2 * Math.PI * (fromHz + sweep * n) * n) / sampleRate);
  });
}
