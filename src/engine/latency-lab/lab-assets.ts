import latencyLabWorklet from "../../worklets/latency-lab.worklet.ts?worker&url";
import measurementRecorder from "../../worklets/measurement-recorder.worklet.ts?worker&url";
import { resolveAssets } from "../resolve-assets.ts";
import type { LatencyLabAssets } from "./latency-progress.ts";

/** The addresses that the embedder gives; the bundler's for the rest. */
export async function resolveLabAssets(given: Partial<LatencyLabAssets>): Promise<LatencyLabAssets> {
  return { ...(await resolveAssets(given)), measurementRecorder, latencyLabWorklet, ...given };
}
