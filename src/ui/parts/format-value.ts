/** A number with its unit as it stands beside a control: `−18.0 dB`, `32 kb/s`, `20 ms`. `step` gives the number of decimals. */
export function formatValue(value: number, unit: string, step: number): string {
  if (unit === "bit/s") {
    return `${formatNumber(value / 1000, value % 1000 === 0 ? 1 : 0.1)} kb/s`;
  }
  if (unit === "10 ms") {
    return `${formatNumber(value * 10, 1)} ms`;
  }
  const number = formatNumber(value, step);
  return unit === "" ? number : `${number} ${unit}`;
}

/** A number with a true minus sign and as many decimals as its step has; −∞ for silence. */
export function formatNumber(value: number, step: number): string {
  if (!Number.isFinite(value)) {
    return value < 0 ? "−∞" : "–";
  }
  const decimals = step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step)));
  return value
    .toFixed(decimals)
    .replace(/^-(?=0(\.0+)?$)/, "")
    .replace("-", "−");
}

/** Milliseconds for a chip: whole numbers from 10 on, one decimal below; a dash while unknown. */
export function formatMs(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) {
    return "–";
  }
  return `${formatNumber(value, value < 10 ? 0.1 : 1)} ms`;
}

/** A share of 0…100 for a chip. */
export function formatPercent(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) {
    return "–";
  }
  return `${formatNumber(value, value > 0 && value < 10 ? 0.1 : 1)} %`;
}
