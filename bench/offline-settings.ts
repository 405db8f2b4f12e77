import { applyPatch, type SettingsPatch } from "../src/engine/settings/apply-patch.ts";
import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import type { FrameDuration } from "../src/engine/settings/encoder-settings.ts";
import { FRAME_DURATIONS } from "../src/engine/settings/encoder-settings.ts";
import { importSettings } from "../src/engine/settings/parse-settings.ts";
import type { Settings } from "../src/engine/settings/settings.ts";

const SUPPRESSORS = ["off", "speex", "rnnoise", "gtcrn"] as const;
const ACTIVATIONS = ["open", "voice"] as const;

/** Names of the options that {@link readOfflineSettings} takes, without the dashes. */
export const OFFLINE_OPTIONS: readonly string[] = [
  "suppressor",
  "strength",
  "activation",
  "lufs",
  "bitrate",
  "frame",
  "channels",
  "fec",
  "dtx",
  "complexity",
  "trim",
  "high-pass",
  "limiter",
];

/**
 * The settings an offline run is asked for on the command line; whatever is not named stays as in `document`, the text of an
 * exported settings file, or as in the defaults.
 * @throws RangeError naming the option that is out of range.
 */
export function readOfflineSettings(values: ReadonlyMap<string, string>, document?: string): Settings {
  const base = document === undefined ? defaultSettings : importSettings(document);
  let settings = base;
  for (const [name, value] of values) {
    const patch = patchOf(name, value);
    if (patch !== undefined) settings = applyPatch(settings, patch);
  }
  return settings;
}

function patchOf(name: string, value: string): SettingsPatch | undefined {
  switch (name) {
    case "suppressor":
      return { capture: { suppressor: { kind: oneOf(name, value, SUPPRESSORS) } } };
    case "strength":
      // Decibels, not the mix, so that the dry path never adds up with what the engine delays by a fraction of a sample.
      return { capture: { suppressor: { maxReductionDb: -60 * number(name, value, 0, 1), mixPercent: 100 } } };
    case "activation":
      return { capture: { activation: { mode: oneOf(name, value, ACTIVATIONS) } } };
    case "lufs":
      return {
        capture: {
          leveler:
            value === "off" ? { isEnabled: false } : { isEnabled: true, targetLufs: number(name, value, -36, -14) },
        },
      };
    case "bitrate":
      return { encoder: { bitrate: number(name, value, 6_000, 510_000) } };
    case "frame":
      return { encoder: { frameDuration: frameDuration(value) } };
    case "channels":
      return { encoder: { stereo: number(name, value, 1, 2) === 2 } };
    case "fec":
      return { encoder: { fec: flag(name, value) } };
    case "dtx":
      return { encoder: { dtx: flag(name, value) } };
    case "complexity":
      return { encoder: { complexity: number(name, value, 0, 10) } };
    case "trim":
      return { capture: { trimDb: number(name, value, -30, 30) } };
    case "high-pass":
      return {
        capture: {
          highPass:
            value === "off" ? { isEnabled: false } : { isEnabled: true, cutoffHz: number(name, value, 20, 300) },
        },
      };
    case "limiter":
      return { capture: { limiter: { isEnabled: flag(name, value) } } };
    default:
      return undefined;
  }
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new RangeError(`--${name} is one of ${choices.join(", ")}, not "${value}"`);
  return choice;
}

function number(name: string, value: string, min: number, max: number): number {
  const result = value.trim() === "" ? Number.NaN : Number(value);
  if (!(result >= min && result <= max))
    throw new RangeError(`--${name} is a number from ${min} to ${max}, not "${value}"`);
  return result;
}

function flag(name: string, value: string): boolean {
  return oneOf(name, value, ["true", "false", "on", "off"] as const) === "true" || value === "on";
}

function frameDuration(value: string): FrameDuration {
  const found = FRAME_DURATIONS.find((duration) => duration === Number(value));
  if (found === undefined) throw new RangeError(`--frame is one of ${FRAME_DURATIONS.join(", ")} ms, not "${value}"`);
  return found;
}
