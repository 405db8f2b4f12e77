/** How a set of measurements is spread. All in the unit of the measurements. */
export type Distribution = {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly mean: number;
};

/**
 * The value that a share of the sorted measurements does not exceed, by linear interpolation between neighbours.
 * @param sorted measurements in rising order, at least one.
 * @param share 0…1.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError("Cannot take a quantile of no measurements");
  const at = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? 0;
  return below + (above - below) * (at - Math.floor(at));
}

/** Summarises measurements; undefined where there are none. */
export function distributionOf(measurements: readonly number[]): Distribution | undefined {
  if (measurements.length === 0) return undefined;
  const sorted = Float64Array.from(measurements).sort();
  return {
    count: sorted.length,
    min: quantile(sorted, 0),
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
  };
}
