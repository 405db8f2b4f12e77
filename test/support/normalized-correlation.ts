/**
 * How alike two signals are when `b` lags `a` by `lag` samples, over `length` samples from `start` of `a`: 1 is the
 * same shape, 0 unrelated.
 */
export function normalizedCorrelation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { start, length, lag }: { readonly start: number; readonly length: number; readonly lag: number },
): number {
  let product = 0;
  let energyA = 0;
  let energyB = 0;
  for (let index = start; index < start + length; index++) {
    const x = a[index] ?? 0;
    const y = b[index + lag] ?? 0;
    product += x * y;
    energyA += x * x;
    energyB += y * y;
  }
  return product / Math.sqrt(energyA * energyB || 1);
}
