import { css, html, LitElement, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { baseStyles, controlStyles, rangeStyles } from "../tokens/control-styles.ts";
import { formatValue } from "./format-value.ts";

/** Steps of the thumb on a logarithmic scale. */
const LOG_STEPS = 1000;

/**
 * A number with its label, unit, slider and a way back to its default (double-click the value).
 *
 * @fires {CustomEvent<number>} change - the new value, at every movement
 * @attr log - the slider moves by equal ratios instead of equal steps
 */
export class AntiphonSlider extends LitElement {
  static override properties = {
    label: {},
    unit: {},
    hint: {},
    value: { type: Number },
    min: { type: Number },
    max: { type: Number },
    step: { type: Number },
    log: { type: Boolean },
    disabled: { type: Boolean },
    format: { attribute: false },
    defaultValue: { type: Number },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    rangeStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      .line {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: var(--antiphon-space-2);
        font-size: var(--antiphon-font-size-s);
      }
      label {
        color: var(--antiphon-muted);
        font-weight: 500;
      }
      output {
        font-weight: 600;
        white-space: nowrap;
        cursor: default;
      }
    `,
  ];

  declare label: string;
  declare unit: string;
  declare hint: string;
  declare value: number;
  declare min: number;
  declare max: number;
  declare step: number;
  declare log: boolean;
  declare disabled: boolean;
  /** Words for values that are more than a number, such as −60 dB for silence. */
  declare format: ((value: number) => string) | undefined;
  declare defaultValue: number | undefined;

  constructor() {
    super();
    this.label = "";
    this.unit = "";
    this.hint = "";
    this.value = 0;
    this.min = 0;
    this.max = 100;
    this.step = 1;
    this.log = false;
    this.disabled = false;
  }

  protected override render(): TemplateResult {
    const text = this.format?.(this.value) ?? formatValue(this.value, this.unit, this.step);
    return html`
      <div class="line">
        <label for="range" title=${this.hint}>${this.label}</label>
        <output for="range" title=${this.#resetHint()} @dblclick=${this.#reset}>${text}</output>
      </div>
      <input
        id="range"
        type="range"
        min=${this.log ? 0 : this.min}
        max=${this.log ? LOG_STEPS : this.max}
        step=${this.log ? 1 : this.step}
        style="--position: ${this.#share()}%"
        .value=${live(String(this.#position(this.value)))}
        aria-valuetext=${text}
        ?disabled=${this.disabled}
        @input=${this.#input}
      />
    `;
  }

  #share(): number {
    const [low, high] = this.log ? [0, LOG_STEPS] : [this.min, this.max];
    return Math.round(((this.#position(this.value) - low) / (high - low)) * 1000) / 10;
  }

  #position(value: number): number {
    if (!this.log) {
      return value;
    }
    return Math.round((Math.log(value / this.min) / Math.log(this.max / this.min)) * LOG_STEPS);
  }

  #input(event: Event): void {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) {
      return;
    }
    const position = input.valueAsNumber;
    const exact = this.log ? this.min * (this.max / this.min) ** (position / LOG_STEPS) : position;
    const stepped = Math.round(exact / this.step) * this.step;
    this.#emit(Math.min(this.max, Math.max(this.min, Number(stepped.toFixed(4)))));
  }

  #resetHint(): string {
    const value = this.defaultValue;
    return value === undefined ? "" : `Double-click for ${formatValue(value, this.unit, this.step)}`;
  }

  #reset(): void {
    if (this.defaultValue !== undefined && !this.disabled) {
      this.#emit(this.defaultValue);
    }
  }

  #emit(value: number): void {
    this.dispatchEvent(new CustomEvent("change", { detail: value }));
  }
}

customElements.define("antiphon-slider", AntiphonSlider);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-slider": AntiphonSlider;
  }
}
