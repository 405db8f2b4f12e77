import { css, html, LitElement, type TemplateResult } from "lit";
import { PRESETS, type PresetName } from "../../../engine/index.ts";
import { downloadText } from "../../controllers/download.ts";
import { notices } from "../../controllers/notices.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";
import { matchingPreset } from "../lobby/matching-preset.ts";
import { presetLabels } from "../lobby/preset-labels.ts";

/** What works on the settings as a whole: presets, comparison, undo, files, and how much is shown. */
export class AntiphonStudioToolbar extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2);
      }
      .group {
        display: flex;
      }
      .group button + button {
        margin-inline-start: -1px;
      }
      .group button:not(:first-child) {
        border-start-start-radius: 0;
        border-end-start-radius: 0;
      }
      .group button:not(:last-child) {
        border-start-end-radius: 0;
        border-end-end-radius: 0;
      }
      .group button[aria-pressed="true"] {
        z-index: 1;
      }
      select {
        inline-size: auto;
      }
      label.advanced {
        display: inline-flex;
        align-items: center;
        gap: var(--antiphon-space-2);
        font-size: var(--antiphon-font-size-s);
        font-weight: 500;
      }
    `,
  ];

  readonly #settings = new SettingsController(this);

  protected override render(): TemplateResult {
    const { settings } = this.#settings;
    const preset = matchingPreset(settings);
    const { slot, canUndo, canRedo } = settingsStore;
    return html`
      <select class="compact" aria-label="Preset" @change=${this.#choosePreset}>
        <option value="" ?selected=${preset === undefined} disabled>Your own</option>
        ${Object.entries(presetLabels).map(
          ([name, label]) => html`<option value=${name} ?selected=${name === preset}>${label}</option>`,
        )}
      </select>
      <div class="group" role="group" aria-label="Compare two versions of the settings">
        ${(["A", "B"] as const).map(
          (name) => html`
            <button
              type="button"
              class="compact"
              aria-pressed=${slot === name}
              title="Version ${name}"
              @click=${() => (slot === name ? undefined : settingsStore.switchSlot())}
            >
              ${name}
            </button>
          `,
        )}
      </div>
      <div class="group" role="group" aria-label="History">
        ${this.#tool("undo", "Undo", { isDisabled: !canUndo, press: () => settingsStore.undo() })}
        ${this.#tool("redo", "Redo", { isDisabled: !canRedo, press: () => settingsStore.redo() })}
      </div>
      <div class="group" role="group" aria-label="Settings file">
        ${this.#tool("download", "Export the settings", { press: this.#export })}
        ${this.#tool("upload", "Import settings", { press: () => this.renderRoot.querySelector("input")?.click() })}
      </div>
      <input type="file" accept=".json,application/json" hidden aria-label="Settings file" @change=${this.#import} />
      <label class="advanced">
        <input
          type="checkbox"
          class="switch"
          role="switch"
          .checked=${settings.ui.isAdvanced}
          @change=${() => settingsStore.set("ui.isAdvanced", !settings.ui.isAdvanced)}
        />
        Everything
      </label>
    `;
  }

  #tool(
    icon: "undo" | "redo" | "download" | "upload",
    label: string,
    { isDisabled = false, press }: { readonly isDisabled?: boolean; readonly press: () => void },
  ): TemplateResult {
    return html`
      <button
        type="button"
        class="icon compact"
        aria-label=${label}
        title=${label}
        ?disabled=${isDisabled}
        @click=${press}
      >
        <antiphon-icon name=${icon}></antiphon-icon>
      </button>
    `;
  }

  #choosePreset(event: Event): void {
    if (event.currentTarget instanceof HTMLSelectElement) {
      const name = event.currentTarget.value;
      if (isPreset(name)) {
        settingsStore.change(PRESETS[name], `preset ${name}`);
      }
    }
  }

  readonly #export = (): void => downloadText("antiphon-settings.json", settingsStore.exportText());

  async #import(event: Event): Promise<void> {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) {
      return;
    }
    const [file] = input.files ?? [];
    input.value = "";
    if (file === undefined) {
      return;
    }
    const problems = settingsStore.importText(await file.text());
    const undo = { label: "Undo", run: () => settingsStore.undo() };
    const [first] = problems;
    if (first === undefined) {
      notices.show(`Settings of “${file.name}” are in use`, { tone: "ok", action: undo });
    } else {
      const where = first.path === "" ? "" : `${first.path}: `;
      const rest = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
      notices.show(`Defaults stand in for what was not usable. ${where}${first.reason}${rest}`, {
        tone: "warn",
        action: undo,
      });
    }
  }
}

function isPreset(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}

customElements.define("antiphon-studio-toolbar", AntiphonStudioToolbar);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-studio-toolbar": AntiphonStudioToolbar;
  }
}
