import type { EngineAssets, VoiceEngineOptions } from "./engine-options.ts";
import { resolveAssets } from "./resolve-assets.ts";
import { applyPatch } from "./settings/apply-patch.ts";
import { defaultSettings } from "./settings/default-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { NetworkThread } from "./threading/network-thread.ts";
import { WasmFiles } from "./wasm-files.ts";

/** What an engine stands on: its settings, its files, its network thread, and what the browser lets it use. */
export type EngineFoundation = {
  readonly options: VoiceEngineOptions;
  readonly settings: Settings;
  readonly assets: EngineAssets;
  readonly files: WasmFiles;
  /** Whether threads share memory. */
  readonly shared: boolean;
  readonly network: NetworkThread;
};

/**
 * Resolves options and starts the network thread. Rejects with VoiceError `worklet-failed`; throws RangeError or TypeError on
 * settings that do not exist.
 */
export async function layFoundation(options: VoiceEngineOptions): Promise<EngineFoundation> {
  const settings = applyPatch(defaultSettings, options.settings ?? {});
  const assets = await resolveAssets(options.assets);
  const { networkWorker: workerUrl } = assets;
  const { pins } = settings.network;
  const network = await NetworkThread.start({ workerUrl, voicePath: options.voicePath, pins });
  const shared = options.sharedMemory !== false && globalThis.crossOriginIsolated;
  return { options, settings, assets, files: new WasmFiles(assets), shared, network };
}
