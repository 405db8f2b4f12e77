import type { Decision } from "../../../engine/index.ts";

const quantityNames: Readonly<Record<Decision["quantity"], string>> = {
  "path-rate": "Path rate",
  "frame-duration": "Frame",
  bitrate: "Bitrate",
  redundancy: "Redundancy",
  fec: "FEC",
  "expected-loss": "Expected loss",
  dred: "Deep redundancy",
  dtx: "Silence",
  connections: "Connections",
};

/** What people call a quantity that the controllers decide. */
export function decisionName(quantity: Decision["quantity"]): string {
  return quantityNames[quantity];
}

/** One of its values with the unit people know. */
export function decisionFigure(quantity: Decision["quantity"], value: number): string {
  switch (quantity) {
    case "path-rate":
    case "bitrate":
      return `${Math.round(value / 1000)} kb/s`;
    case "frame-duration":
      return `${value} ms`;
    case "redundancy":
      return value === 0 ? "none" : `${value}×`;
    case "expected-loss":
      return `${Math.round(value)} %`;
    case "connections":
      return String(value);
    case "dred":
      return value === 0 ? "off" : `${value * 10} ms`;
    case "fec":
    case "dtx":
      return value === 0 ? "off" : "on";
  }
}
