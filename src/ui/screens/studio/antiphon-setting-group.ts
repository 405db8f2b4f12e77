import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { SettingsController } from "../../controllers/settings-controller.ts";
import "./antiphon-setting.ts";
import type { ControlDescription } from "./control-description.ts";

/** The controls of a card that apply now: those of the simple set, or all when the Studio shows everything. */
export class AntiphonSettingGroup extends LitElement {
  static override properties = { controls: { attribute: false }, isComplete: { type: Boolean } };
  static override styles = css`
    :host {
      display: grid;
      gap: var(--antiphon-space-3);
    }
  `;

  declare controls: readonly ControlDescription[];
  /** Shows everything whatever the Studio is set to. */
  declare isComplete: boolean;
  readonly #settings = new SettingsController(this);

  constructor() {
    super();
    this.controls = [];
    this.isComplete = false;
  }

  protected override render(): TemplateResult {
    const { settings } = this.#settings;
    const shown = this.controls.flatMap((control) =>
      control.kind !== "device" &&
      (this.isComplete || control.isAdvanced !== true || settings.ui.isAdvanced) &&
      (control.appliesTo?.(settings) ?? true)
        ? [control]
        : [],
    );
    return html`${repeat(
      shown,
      ({ path }) => path,
      (control) => html`<antiphon-setting .control=${control}></antiphon-setting>`,
    )}`;
  }
}

customElements.define("antiphon-setting-group", AntiphonSettingGroup);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-setting-group": AntiphonSettingGroup;
  }
}
