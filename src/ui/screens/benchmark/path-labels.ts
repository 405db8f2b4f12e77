import type { LatencyCell, LatencyPathName } from "../../../engine/index.ts";

/** What people call each path. */
export const PATH_LABELS: Readonly<Record<LatencyPathName, string>> = {
  worklet: "Worklet only",
  "worklet-suppression": "Worklet + suppression",
  "worklet-opus": "Worklet + Opus",
  antiphon: "Antiphon call",
  "native-webrtc": "Browser's WebRTC",
};

/** Names the path of a cell, with its processing. */
export function pathLabel({ path, hasProcessing }: Pick<LatencyCell, "path" | "hasProcessing">): string {
  return hasProcessing ? `${PATH_LABELS[path]}, full chain` : PATH_LABELS[path];
}

/** Names a rate as people do: 48 kHz, 44.1 kHz. */
export function rateLabel(sampleRate: number): string {
  return `${sampleRate / 1_000} kHz`;
}
