import { css, html, LitElement, type TemplateResult } from "lit";
import "./antiphon-choice.ts";
import { baseStyles } from "../tokens/control-styles.ts";
import type { ChoiceOption } from "./antiphon-choice.ts";

/** A device as the engine lists it. */
export type PickableDevice = { readonly id: string; readonly label: string };

/**
 * The picker of a microphone or speaker. Before permission browsers give devices no names; the picker then offers the default alone.
 *
 * @fires choose - `CustomEvent<PickableDevice>`
 */
export class AntiphonDevicePicker extends LitElement {
  static override properties = { label: {}, value: {}, devices: { attribute: false }, disabled: { type: Boolean } };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
    `,
  ];

  declare label: string;
  /** Id of the chosen device, empty for the system's default. */
  declare value: string;
  declare devices: readonly PickableDevice[];
  declare disabled: boolean;

  constructor() {
    super();
    this.label = "";
    this.value = "";
    this.devices = [];
    this.disabled = false;
  }

  protected override render(): TemplateResult {
    const named = this.devices.filter(({ id, label }) => label !== "" && id !== "" && id !== "default");
    const isMissing = this.value !== "" && !named.some(({ id }) => id === this.value);
    const options: readonly ChoiceOption[] = [
      { value: "", label: "System default" },
      ...named.map(({ id, label }) => ({ value: id, label })),
      ...(isMissing ? [{ value: this.value, label: "Chosen device", disabledReason: "not connected" }] : []),
    ];
    return html`
      <antiphon-choice
        label=${this.label}
        .value=${this.value}
        .options=${options}
        ?disabled=${this.disabled}
        @change=${this.#change}
      ></antiphon-choice>
    `;
  }

  #change(event: CustomEvent<string>): void {
    const label = this.devices.find(({ id }) => id === event.detail)?.label ?? "";
    const detail: PickableDevice = { id: event.detail, label };
    this.dispatchEvent(new CustomEvent("choose", { detail }));
  }
}

customElements.define("antiphon-device-picker", AntiphonDevicePicker);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-device-picker": AntiphonDevicePicker;
  }
}
