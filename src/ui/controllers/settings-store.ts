import type { Settings } from "../../engine/index.ts";
import {
  applyPatch,
  defaultSettings,
  exportSettings,
  importSettings,
  parseSettings,
  type SettingsPatch,
  type SettingsProblem,
  TypedEventTarget,
} from "../../engine/index.ts";
import { preferences } from "./preferences.ts";
import { patchFor, readSetting, type SettingPath } from "./setting-path.ts";
import { SettingsHistory } from "./settings-history.ts";

/** One of the two documents that can be compared by ear. */
export type SettingsSlot = "A" | "B";

/** The settings document of the page: remembered between visits, with undo and a second document to compare with. */
class SettingsStore extends TypedEventTarget<{ change: { readonly settings: Settings } }> {
  #settings: Settings = parseSettings(preferences.values.settings);
  readonly #history = new SettingsHistory();
  #slot: SettingsSlot = "A";
  #other: Settings = this.#settings;

  /** The document in force. */
  get settings(): Settings {
    return this.#settings;
  }

  get slot(): SettingsSlot {
    return this.#slot;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /**
   * Changes part of the document; `key` names the gesture, so that a drag becomes one step of undo.
   *
   * @throws RangeError when a value is out of range; TypeError when a field does not exist.
   */
  change(patch: SettingsPatch, key: string): void {
    const next = applyPatch(this.#settings, patch);
    if (next !== this.#settings) {
      this.#history.record(this.#settings, key, performance.now());
      this.#adopt(next);
    }
  }

  /** Sets one value. */
  set(path: SettingPath, value: unknown): void {
    this.change(patchFor(path, value), path);
  }

  /** Puts the given values back to their defaults. */
  reset(paths: readonly SettingPath[]): void {
    for (const path of paths) {
      this.change(patchFor(path, readSetting(defaultSettings, path)), `reset ${paths.join()}`);
    }
  }

  undo(): void {
    const previous = this.#history.undo(this.#settings);
    if (previous !== undefined) {
      this.#adopt(previous);
    }
  }

  redo(): void {
    const next = this.#history.redo(this.#settings);
    if (next !== undefined) {
      this.#adopt(next);
    }
  }

  /** Goes over to the other of the two documents; the first time both are equal. */
  switchSlot(): void {
    const other = this.#other;
    this.#other = this.#settings;
    this.#slot = this.#slot === "A" ? "B" : "A";
    this.#adopt(other);
  }

  /** Takes over a document that another user of the engine (a script in the console) has set. */
  follow(settings: Settings): void {
    if (JSON.stringify(settings) !== JSON.stringify(this.#settings)) {
      this.#history.record(this.#settings, "engine", performance.now());
      this.#adopt(settings);
    }
  }

  /** The document as the text of a file. */
  exportText(): string {
    return exportSettings(this.#settings);
  }

  /** Takes over the text of a file and returns what in it was not usable. Devices stay as they are: ids differ between machines. */
  importText(text: string): readonly SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const imported = importSettings(text, problems);
    const { input, output } = this.#settings;
    this.follow({
      ...imported,
      input: { ...imported.input, deviceId: input.deviceId, deviceLabel: input.deviceLabel },
      output: { ...imported.output, deviceId: output.deviceId, deviceLabel: output.deviceLabel },
    });
    return problems;
  }

  #adopt(settings: Settings): void {
    this.#settings = settings;
    preferences.update({ settings });
    this.emit("change", { settings });
  }
}

/** The page's one settings document. */
export const settingsStore = new SettingsStore();
