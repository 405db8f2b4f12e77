import type { Settings } from "../../../engine/index.ts";
import { applyPatch, PRESETS, type PresetName } from "../../../engine/index.ts";

/** The preset that would change nothing, undefined when every one would. */
export function matchingPreset(settings: Settings): PresetName | undefined {
  const text = JSON.stringify(settings);
  const names = Object.keys(PRESETS) as readonly PresetName[];
  return names.find((name) => JSON.stringify(applyPatch(settings, PRESETS[name])) === text);
}
