import type { EngineAssets } from "./engine-options.ts";

const NAMES: readonly (keyof EngineAssets)[] = [
  "captureWorklet",
  "playbackWorklet",
  "networkWorker",
  "vadWorker",
  "recordingWorker",
  "core",
  "neural",
  "rnnoise",
  "gtcrn",
  "silero",
  "onnxScript",
  "onnxWasm",
];

/** The addresses that the embedder gives; the bundler's for the rest. */
export async function resolveAssets(given: Partial<EngineAssets> = {}): Promise<EngineAssets> {
  if (isComplete(given)) {
    return given;
  }
  const { defaultAssets } = await import("./default-assets.ts");
  return { ...defaultAssets, ...given };
}

function isComplete(assets: Partial<EngineAssets>): assets is EngineAssets {
  return NAMES.every((name) => assets[name] !== undefined);
}
