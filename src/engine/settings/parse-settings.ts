import * as v from "valibot";
import { settle } from "./apply-patch.ts";
import { defaultSettings } from "./default-settings.ts";
import { isRecord } from "./is-record.ts";
import { type Settings, settingsSchema } from "./settings.ts";

/** One value of an imported document that was not taken over. */
export type SettingsProblem = {
  /** Dotted path of the setting, "" for the document itself. */
  readonly path: string;
  /** Why the default stands there instead. */
  readonly reason: string;
};

/**
 * Settings from stored or imported JSON of any origin. Never throws: missing fields get their default, unknown fields are
 * dropped, bad values are replaced by their default.
 *
 * @param problems receives one entry for each bad value when given.
 */
export function parseSettings(json: unknown, problems: SettingsProblem[] = []): Settings {
  if (json === undefined || json === null) return defaultSettings;
  if (!isRecord(json)) {
    problems.push({ path: "", reason: "The document is not an object" });
    return defaultSettings;
  }
  const candidate = overlay(defaultSettings, json, "", problems);
  candidate.version = defaultSettings.version;
  const result = v.safeParse(settingsSchema, candidate);
  if (!result.success) {
    for (const issue of result.issues) {
      const path = v.getDotPath(issue) ?? "";
      problems.push({ path, reason: issue.message });
      restore(candidate, path.split("."));
    }
  }
  const repaired = v.safeParse(settingsSchema, candidate);
  return repaired.success ? settle(repaired.output) : defaultSettings;
}

/** Settings from the text of an exported file. Never throws; text that is not JSON gives the defaults and one problem. */
export function importSettings(text: string, problems: SettingsProblem[] = []): Settings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    problems.push({ path: "", reason: `The file is not JSON: ${detail}` });
    return defaultSettings;
  }
  return parseSettings(json, problems);
}

/** The document as text for a file: indented JSON that `importSettings` reads back to an equal document. */
export function exportSettings(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** The fields of `base` with the values `json` has for them. Only own fields of `base` are ever looked at. */
function overlay(
  base: object,
  json: Readonly<Record<string, unknown>>,
  path: string,
  problems: SettingsProblem[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, fallback] of Object.entries(base)) {
    const value = Object.hasOwn(json, key) ? json[key] : undefined;
    const at = path === "" ? key : `${path}.${key}`;
    if (!isRecord(fallback)) {
      result[key] = value === undefined ? fallback : value;
      continue;
    }
    if (value !== undefined && !isRecord(value)) {
      problems.push({ path: at, reason: "Not an object" });
    }
    result[key] = overlay(fallback, isRecord(value) ? value : {}, at, problems);
  }
  return result;
}

function restore(document: Record<string, unknown>, path: readonly string[]): void {
  let target: unknown = document;
  let source: unknown = defaultSettings;
  for (const key of path.slice(0, -1)) {
    target = isRecord(target) ? target[key] : undefined;
    source = isRecord(source) ? source[key] : undefined;
  }
  const last = path.at(-1);
  if (last !== undefined && isRecord(target) && isRecord(source)) target[last] = source[last];
}
