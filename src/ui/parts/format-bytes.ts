const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** An amount of data in the largest unit that keeps it at 1 or more: `640 B`, `1.4 MB`. Decimal, as networks count. */
export function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}
