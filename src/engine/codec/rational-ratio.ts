/** speexdsp rescales its fractional position in 32 bits: numerator and denominator stay below 2^16 for that. */
const LIMIT = 65_535;

/** A fraction of whole numbers. */
export type Fraction = { readonly numerator: number; readonly denominator: number };

/** Reused by every call, so that trimming a running resampler does not allocate. */
const result = { numerator: 1, denominator: 1 };

/**
 * The best fraction for `ratio` with both parts at most 65 535, by continued fractions. Next to 1 that is good to
 * 8 parts per million, elsewhere to far less than one.
 *
 * @param ratio positive and finite
 * @returns an object that the next call overwrites
 */
export function approximateRatio(ratio: number): Fraction {
  let olderNumerator = 0;
  let olderDenominator = 1;
  let numerator = 1;
  let denominator = 0;
  let rest = ratio;
  for (let step = 0; step < 32; step++) {
    const whole = Math.floor(rest);
    const fits = Math.min(
      numerator === 0 ? whole : Math.floor((LIMIT - olderNumerator) / numerator),
      denominator === 0 ? whole : Math.floor((LIMIT - olderDenominator) / denominator),
    );
    const count = Math.min(whole, fits);
    const nextNumerator = count * numerator + olderNumerator;
    const nextDenominator = count * denominator + olderDenominator;
    if (count < whole) {
      // The last term is cut short: its fraction can be worse than the one before.
      const cut = Math.abs(nextNumerator / nextDenominator - ratio);
      if (nextDenominator > 0 && cut < Math.abs(numerator / denominator - ratio)) {
        numerator = nextNumerator;
        denominator = nextDenominator;
      }
      break;
    }
    olderNumerator = numerator;
    olderDenominator = denominator;
    numerator = nextNumerator;
    denominator = nextDenominator;
    if (rest - whole < 1e-9) break;
    rest = 1 / (rest - whole);
  }
  result.numerator = numerator;
  result.denominator = denominator;
  return result;
}
