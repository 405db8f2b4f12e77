import type { Settings, SettingsPatch } from "../../engine/index.ts";

type PathOf<T> = {
  [K in keyof T & string]: T[K] extends object ? `${K}.${PathOf<T[K]>}` : K;
}[keyof T & string];

/** Dotted path of one value in the settings document, such as `capture.limiter.ceilingDb`. A path that does not exist does not compile. */
export type SettingPath = PathOf<Settings>;

/** The value at a path. */
export function readSetting(settings: Settings, path: SettingPath): unknown {
  let value: unknown = settings;
  for (const key of path.split(".")) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** The patch that sets the value at a path. The engine validates it. */
export function patchFor(path: SettingPath, value: unknown): SettingsPatch {
  let patch: unknown = value;
  for (const key of path.split(".").reverse()) {
    patch = { [key]: patch };
  }
  return patch as SettingsPatch;
}
