import { css, html, LitElement, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";

/** One entry of a choice. */
export type ChoiceOption = {
  readonly value: string;
  readonly label: string;
  /** Why the entry cannot be chosen; it can be when undefined. */
  readonly disabledReason?: string;
};

/**
 * One of several: a labelled native select.
 *
 * @fires change - `CustomEvent<string>` with the value chosen
 */
export class AntiphonChoice extends LitElement {
  static override properties = {
    label: {},
    hint: {},
    value: {},
    options: { attribute: false },
    disabled: { type: Boolean },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
    `,
  ];

  declare label: string;
  declare hint: string;
  declare value: string;
  declare options: readonly ChoiceOption[];
  declare disabled: boolean;

  constructor() {
    super();
    this.label = "";
    this.hint = "";
    this.value = "";
    this.options = [];
    this.disabled = false;
  }

  protected override render(): TemplateResult {
    return html`
      <label class="field" title=${this.hint}>
        <span>${this.label}</span>
        <select ?disabled=${this.disabled} .value=${live(this.value)} @change=${this.#change}>
          ${repeat(
            this.#shown,
            (option) => option.value,
            (option) => html`
              <option
                value=${option.value}
                ?selected=${option.value === this.value}
                ?disabled=${option.disabledReason !== undefined}
              >
                ${option.label}${option.disabledReason === undefined ? "" : ` (${option.disabledReason})`}
              </option>
            `,
          )}
        </select>
      </label>
    `;
  }

  /** A value from elsewhere, such as an imported document, is shown as it is: the first option would be untrue. */
  get #shown(): readonly ChoiceOption[] {
    const { options, value } = this;
    const isKnown = value === "" || options.some((option) => option.value === value);
    return isKnown ? options : [...options, { value, label: value }];
  }

  #change(event: Event): void {
    if (event.currentTarget instanceof HTMLSelectElement) {
      this.dispatchEvent(new CustomEvent("change", { detail: event.currentTarget.value }));
    }
  }
}

customElements.define("antiphon-choice", AntiphonChoice);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-choice": AntiphonChoice;
  }
}
