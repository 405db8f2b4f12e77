import { css, html, LitElement, type TemplateResult } from "lit";
import { defaultSettings } from "../../../engine/index.ts";
import { readSetting } from "../../controllers/setting-path.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import "../../parts/antiphon-choice.ts";
import "../../parts/antiphon-slider.ts";
import { keyName } from "../../shell/key-names.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";
import type {
  ChoiceControl,
  ControlDescription,
  KeyControl,
  RangeControl,
  SwitchControl,
} from "./control-description.ts";

/** One control of the Studio, made from its description and bound to its place in the settings document. */
export class AntiphonSetting extends LitElement {
  static override properties = { control: { attribute: false }, isListening: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      label.row,
      .row {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--antiphon-space-3);
        min-block-size: 36px;
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-s);
        font-weight: 500;
      }
    `,
  ];

  declare control: Exclude<ControlDescription, { kind: "device" }>;
  declare private isListening: boolean;
  readonly #settings = new SettingsController(this);

  constructor() {
    super();
    this.isListening = false;
  }

  protected override render(): TemplateResult {
    const value = readSetting(this.#settings.settings, this.control.path);
    switch (this.control.kind) {
      case "range":
        return this.#range(this.control, Number(value));
      case "choice":
        return this.#choice(this.control, String(value));
      case "switch":
        return this.#switch(this.control, value === true);
      case "key":
        return this.#key(this.control, String(value));
    }
  }

  #range(control: RangeControl, value: number): TemplateResult {
    return html`
      <antiphon-slider
        label=${control.label}
        hint=${control.hint ?? ""}
        unit=${control.range.unit}
        .min=${control.range.min}
        .max=${control.range.max}
        .step=${control.range.step}
        .value=${value}
        .defaultValue=${Number(readSetting(defaultSettings, control.path))}
        .format=${control.format}
        ?log=${control.isLogarithmic === true}
        @change=${({ detail }: CustomEvent<number>) => settingsStore.set(control.path, detail)}
      ></antiphon-slider>
    `;
  }

  #choice(control: ChoiceControl, value: string): TemplateResult {
    const take = ({ detail }: CustomEvent<string>): void =>
      settingsStore.set(control.path, control.valueOf === undefined ? detail : control.valueOf(detail));
    return html`
      <antiphon-choice
        label=${control.label}
        hint=${control.hint ?? ""}
        .value=${value}
        .options=${control.options}
        @change=${take}
      ></antiphon-choice>
    `;
  }

  #switch(control: SwitchControl, isOn: boolean): TemplateResult {
    return html`
      <label class="row" title=${control.hint ?? ""}>
        ${control.label}
        <input
          type="checkbox"
          class="switch"
          role="switch"
          .checked=${isOn}
          @change=${() => settingsStore.set(control.path, !isOn)}
        />
      </label>
    `;
  }

  #key(control: KeyControl, code: string): TemplateResult {
    return html`
      <div class="row">
        ${control.label}
        <button
          type="button"
          class="compact"
          aria-pressed=${this.isListening}
          aria-label="${control.label}: ${keyName(code)}, change"
          @click=${() => {
            this.isListening = true;
          }}
          @blur=${() => {
            this.isListening = false;
          }}
          @keydown=${this.#takeKey}
        >
          ${this.isListening ? "Press a key…" : keyName(code)}
        </button>
      </div>
    `;
  }

  #takeKey(event: KeyboardEvent): void {
    if (!this.isListening || event.code === "Tab") {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.isListening = false;
    if (event.code !== "Escape" && event.code !== "") {
      settingsStore.set(this.control.kind === "key" ? this.control.path : "capture.pushToTalk.key", event.code);
    }
  }
}

customElements.define("antiphon-setting", AntiphonSetting);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-setting": AntiphonSetting;
  }
}
