import * as v from "valibot";
import { ENCODER_PRESETS, matchEncoderPreset } from "./encoder-presets.ts";
import type { EncoderSettings } from "./encoder-settings.ts";
import { isRecord } from "./is-record.ts";
import { type Settings, settingsSchema } from "./settings.ts";

/** Any part of `T`, at any depth. */
export type DeepPartial<T> = T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;

/** Any part of the settings document. */
export type SettingsPatch = DeepPartial<Settings>;

/**
 * A copy of `settings` with the fields of `patch` replaced; untouched sections keep their identity.
 *
 * Three rules keep the document consistent: a patch that names an encoder preset brings the preset's fields, and
 * `encoder.preset` always says which preset the result matches; a threshold moved past its partner takes the partner along.
 *
 * @throws RangeError when a value is out of range or of the wrong type; TypeError when a field does not exist.
 */
export function applyPatch(settings: Settings, patch: SettingsPatch): Settings {
  const preset = patch.encoder?.preset;
  const presetFields = preset === undefined || preset === "custom" ? undefined : ENCODER_PRESETS[preset];
  let next = merge(settings, presetFields === undefined ? {} : { encoder: presetFields }, "");
  next = merge(next, patch, "");
  const result = v.safeParse(settingsSchema, settle(next, patch));
  if (!result.success) {
    const [issue] = result.issues;
    throw new RangeError(`Cannot change the setting "${v.getDotPath(issue) ?? ""}": ${issue.message}`);
  }
  return settle(next, patch);
}

/** Brings fields that depend on each other in line. `patch` tells which of a pair was moved on purpose. */
export function settle(settings: Settings, patch: SettingsPatch = {}): Settings {
  const { activation } = settings.capture;
  const { jitterBuffer } = settings;
  const moved = patch.capture?.activation;
  const [openDb, closeDb] = ordered(activation.openDb, activation.closeDb, moved?.openDb !== undefined);
  const [openProbability, closeProbability] = ordered(
    activation.openProbability,
    activation.closeProbability,
    moved?.openProbability !== undefined,
  );
  const [maxMs, minMs] = ordered(jitterBuffer.maxMs, jitterBuffer.minMs, patch.jitterBuffer?.maxMs !== undefined);
  const encoder: EncoderSettings = settings.encoder;
  const preset = matchEncoderPreset(encoder);
  const thresholds = { openDb, closeDb, openProbability, closeProbability };
  return merge(
    settings,
    {
      capture: { activation: thresholds },
      jitterBuffer: { minMs, maxMs },
      encoder: { preset },
    },
    "",
  );
}

/** `[upper, lower]` with `lower` not above `upper`: the one that was not moved gives way. */
function ordered(upper: number, lower: number, upperMoved: boolean): readonly [number, number] {
  if (!(lower > upper)) return [upper, lower];
  return upperMoved ? [upper, upper] : [lower, lower];
}

function merge<T extends object>(base: T, patch: DeepPartial<T>, path: string): T {
  const changes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const at = path === "" ? key : `${path}.${key}`;
    if (!Object.hasOwn(base, key)) throw new TypeError(`There is no setting "${at}"`);
    const current: unknown = Reflect.get(base, key);
    if (isRecord(current) && !isRecord(value)) throw new TypeError(`"${at}" is a group of settings, not one value`);
    const next = isRecord(current) ? merge(current, value, at) : value;
    if (!Object.is(next, current)) changes[key] = next;
  }
  return Object.keys(changes).length === 0 ? base : { ...base, ...changes };
}
