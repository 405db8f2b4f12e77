/** A source of uniform numbers in 0 ≤ x < 1. Pure cores take one as a parameter and never call a global source. */
export type RandomSource = () => number;

/**
 * Seeded {@link RandomSource} (mulberry32, Tommy Ettinger 2017, public domain): 32 bits of state, period 2^32, not for secrets.
 * The same seed gives the same sequence on every platform.
 */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
