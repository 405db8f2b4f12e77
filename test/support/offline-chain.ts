import {
  captureOffline,
  type OfflineCapture,
  type OfflineCaptureOptions,
} from "../../src/engine/capture/offline-capture.ts";
import { applyPatch, type SettingsPatch } from "../../src/engine/settings/apply-patch.ts";
import { defaultSettings } from "../../src/engine/settings/default-settings.ts";
import { coreModule } from "./core-module.ts";
import { gtcrnModule, rnnoiseModule } from "./suppressor-modules.ts";

/** Settings in which the chain changes nothing. */
export const TRANSPARENT: SettingsPatch = {
  capture: {
    highPass: { isEnabled: false },
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
    limiter: { isEnabled: false },
  },
};

/** Runs `channels` at 48 kHz (or `extra.sampleRate`) through a chain with the defaults changed by `patches` in order. */
export function runChain(
  channels: readonly Float32Array[],
  patches: readonly SettingsPatch[] = [],
  extra: Partial<Pick<OfflineCaptureOptions, "sampleRate" | "onBlock">> & { readonly hasListener?: boolean } = {},
): OfflineCapture {
  const { capture, encoder } = patches.reduce(applyPatch, defaultSettings);
  const { kind } = capture.suppressor;
  return captureOffline({
    core: coreModule(),
    rnnoise: kind === "rnnoise" || extra.hasListener || extra.onBlock !== undefined ? rnnoiseModule() : undefined,
    gtcrn: kind === "gtcrn" || extra.onBlock !== undefined ? gtcrnModule() : undefined,
    capture,
    encoder,
    channels,
    sampleRate: 48_000,
    ...extra,
  });
}

/** RMS level of `samples` from `from` (seconds) on, dBFS. */
export function levelDb(samples: Float32Array, from = 0): number {
  const part = samples.subarray(from * 48_000);
  return 10 * Math.log10(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length + 1e-12);
}

/** The first channel of a run. */
export function mono({ processed }: OfflineCapture): Float32Array {
  return processed[0] ?? new Float32Array(0);
}
