import { FourierTransform } from "./fourier-transform.ts";

/** What a path did to a signal, beside delaying it. */
export type SpeechComparison = {
  /** RMS difference of the long-term spectra over the third octaves from 100 Hz to 16 kHz, dB; a band counts 40 at most. */
  readonly spectralDistanceDb: number;
  /** Upper edge of the highest third octave that comes through within 15 dB, Hz; 0 when none does. */
  readonly bandwidthHz: number;
  /** Mean correlation of the band envelopes over a third of a second, 0…1. */
  readonly envelopeCorrelation: number;
};

const WINDOW = 2_048;
const HOP = 512;
/** Third octaves, IEC 61260: centre 1 kHz × 2^(n/3). */
const BANDS = Array.from({ length: 23 }, (_, index) => 1_000 * 2 ** ((index - 10) / 3));
const HALF_BAND = 2 ** (1 / 6);
/** Largest difference of a band that counts, dB: beyond, it is simply missing. */
const MISSING_DB = 40;
/** A band this far down has not come through, dB. */
const THROUGH_DB = 15;
/** Bands of the reference this far under its strongest one hold nothing to compare, dB. */
const FLOOR_DB = 60;
/** Frames in one stretch of envelope: 0.34 s at 48 kHz, as in STOI (Taal et al. 2011). */
const STRETCH = 32;
/** Bands between which the loudness of the two is matched, Hz: a change of gain is no distortion. */
const MATCH_HZ = [300, 3_400] as const;

/**
 * Compares what came out of a path with what went in, in third octaves: phases and small shifts in time do not count, lost
 * bands and disturbed envelopes do. The correlation follows STOI (Taal et al. 2011), widened to 16 kHz so that lost
 * bandwidth shows. It is a proxy to compare settings by, no opinion score.
 *
 * @param reference what went in, at `sampleRate`
 * @param received what came out, the delay taken off, of the same length or shorter
 * @param sampleRate Hz, of both; at least 40 000
 */
export function compareSpeech(
  reference: Float32Array,
  received: Float32Array,
  sampleRate: number,
): SpeechComparison | undefined {
  const length = Math.min(reference.length, received.length);
  if (length < WINDOW + STRETCH * HOP) return undefined;
  const before = bandEnvelopes(reference, length, sampleRate);
  const after = bandEnvelopes(received, length, sampleRate);
  const levels = before.map(energyDb);
  const strongest = Math.max(...levels);
  const used = BANDS.map((_, band) => (levels[band] ?? -Infinity) > strongest - FLOOR_DB);
  const gain = matchedGain(before, after);
  const differences = BANDS.map((_, band) => energyDb(after[band] ?? []) - gain - (levels[band] ?? 0));

  let sum = 0;
  let count = 0;
  let bandwidthHz = 0;
  for (const [band, centre] of BANDS.entries()) {
    if (used[band] !== true) continue;
    const difference = Math.max(-MISSING_DB, Math.min(MISSING_DB, differences[band] ?? 0));
    sum += difference ** 2;
    count += 1;
    if (difference > -THROUGH_DB) bandwidthHz = centre * HALF_BAND;
  }
  return {
    spectralDistanceDb: Math.sqrt(sum / Math.max(1, count)),
    bandwidthHz,
    envelopeCorrelation: meanCorrelation(before, after, used),
  };
}

/** Magnitude of every band in every frame. */
function bandEnvelopes(signal: Float32Array, length: number, sampleRate: number): readonly Float64Array[] {
  const transform = new FourierTransform(WINDOW);
  const frames = Math.floor((length - WINDOW) / HOP) + 1;
  const envelopes = BANDS.map(() => new Float64Array(frames));
  const real = new Float64Array(WINDOW);
  const imaginary = new Float64Array(WINDOW);
  for (let frame = 0; frame < frames; frame++) {
    for (let n = 0; n < WINDOW; n++) {
      real[n] = (signal[frame * HOP + n] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));
    }
    imaginary.fill(0);
    transform.forward(real, imaginary);
    for (const [band, centre] of BANDS.entries()) {
      const from = Math.ceil((centre / HALF_BAND / sampleRate) * WINDOW);
      const to = Math.max(from + 1, Math.ceil(((centre * HALF_BAND) / sampleRate) * WINDOW));
      let energy = 0;
      for (let bin = from; bin < to; bin++) energy += (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
      const envelope = envelopes[band];
      if (envelope !== undefined) envelope[frame] = Math.sqrt(energy);
    }
  }
  return envelopes;
}

function energyDb(envelope: ArrayLike<number>): number {
  let energy = 0;
  for (let frame = 0; frame < envelope.length; frame++) energy += (envelope[frame] ?? 0) ** 2;
  return 10 * Math.log10(energy / Math.max(1, envelope.length) + 1e-20);
}

/** How much louder the telephone band of `after` is, dB. */
function matchedGain(before: readonly Float64Array[], after: readonly Float64Array[]): number {
  let difference = 0;
  let count = 0;
  for (const [band, centre] of BANDS.entries()) {
    if (centre < MATCH_HZ[0] || centre > MATCH_HZ[1]) continue;
    difference += energyDb(after[band] ?? []) - energyDb(before[band] ?? []);
    count += 1;
  }
  return difference / count;
}

function meanCorrelation(
  before: readonly Float64Array[],
  after: readonly Float64Array[],
  used: readonly boolean[],
): number {
  let sum = 0;
  let count = 0;
  for (const [band, envelope] of before.entries()) {
    const other = after[band];
    if (used[band] !== true || other === undefined) continue;
    const loudest = Math.max(...envelope);
    for (let at = 0; at + STRETCH <= envelope.length; at += STRETCH / 2) {
      const stretch = envelope.subarray(at, at + STRETCH);
      // In pauses there is no envelope to keep.
      if (Math.max(...stretch) < 0.01 * loudest) continue;
      sum += Math.max(0, correlation(stretch, other.subarray(at, at + STRETCH)));
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array): number => values.reduce((total, value) => total + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let product = 0;
  let energyA = 0;
  let energyB = 0;
  for (let n = 0; n < a.length; n++) {
    const x = (a[n] ?? 0) - meanA;
    const y = (b[n] ?? 0) - meanB;
    product += x * y;
    energyA += x * x;
    energyB += y * y;
  }
  const energy = Math.sqrt(energyA * energyB);
  // A lost band has numerical dust left in it: dust that correlates is still lost.
  if (energy === 0 || energyB < 1e-6 * energyA) return 0;
  return product / energy;
}
