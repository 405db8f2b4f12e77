import { css, html, LitElement, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { baseStyles, rangeStyles } from "../tokens/control-styles.ts";
import { formatNumber } from "./format-value.ts";

/** Steps of the fader's way. */
const STEPS = 200;
/** Gain at the top, dB. */
const TOP_DB = 12;
/** Lowest gain above silence, dB; the last step below it is −∞. */
const BOTTOM_DB = -60;
/** Position of 0 dB on the way, so that the range in use has most of the room. */
const UNITY = 0.75;
/** How near to 0 dB the fader falls into its detent, steps. */
const DETENT = 3;

/** Position of a gain on a fader, 0…1. */
export function faderPosition(gainDb: number): number {
  if (gainDb < BOTTOM_DB) {
    return 0;
  }
  return gainDb <= 0
    ? UNITY * (1 - gainDb / BOTTOM_DB) ** 1.6
    : UNITY + (1 - UNITY) * (Math.min(gainDb, TOP_DB) / TOP_DB);
}

/** Gain at a position of 0…1, dB; −∞ at 0. */
export function faderGain(position: number): number {
  if (position <= 0) {
    return Number.NEGATIVE_INFINITY;
  }
  const gainDb =
    position <= UNITY ? BOTTOM_DB * (1 - (position / UNITY) ** (1 / 1.6)) : ((position - UNITY) / (1 - UNITY)) * TOP_DB;
  return Number(gainDb.toFixed(1));
}

/** The words for a gain: `0.0 dB`, `−∞`. */
export function formatGain(gainDb: number): string {
  return gainDb < BOTTOM_DB ? "−∞ dB" : `${gainDb > 0 ? "+" : ""}${formatNumber(gainDb, 0.1)} dB`;
}

/**
 * A volume control from −∞ to +12 dB with a detent at 0; double-click goes back to 0.
 *
 * @fires {CustomEvent<number>} change - the gain in dB
 * @attr vertical - stands upright
 */
export class AntiphonFader extends LitElement {
  static override properties = {
    label: {},
    gainDb: { type: Number },
    vertical: { type: Boolean, reflect: true },
    disabled: { type: Boolean },
  };
  static override styles = [
    baseStyles,
    rangeStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      input {
        display: block;
      }
      :host([vertical]) {
        position: relative;
        inline-size: 28px;
        align-self: stretch;
      }
      :host([vertical]) input {
        position: absolute;
        inset: 0;
      }
    `,
  ];

  declare label: string;
  declare gainDb: number;
  declare vertical: boolean;
  declare disabled: boolean;

  constructor() {
    super();
    this.label = "Volume";
    this.gainDb = 0;
    this.vertical = false;
    this.disabled = false;
  }

  /** Moves the focus to the handle. */
  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  protected override render(): TemplateResult {
    return html`
      <input
        type="range"
        class=${this.vertical ? "upright" : ""}
        style="--position: ${Math.round(faderPosition(this.gainDb) * 1000) / 10}%"
        min="0"
        max=${STEPS}
        step="1"
        aria-label=${this.label}
        aria-orientation=${this.vertical ? "vertical" : "horizontal"}
        aria-valuetext=${formatGain(this.gainDb)}
        title="${this.label}: ${formatGain(this.gainDb)}"
        ?disabled=${this.disabled}
        .value=${live(String(Math.round(faderPosition(this.gainDb) * STEPS)))}
        @input=${this.#input}
        @dblclick=${() => this.#emit(0)}
      />
    `;
  }

  #input(event: Event): void {
    if (event.currentTarget instanceof HTMLInputElement) {
      const step = event.currentTarget.valueAsNumber;
      const isAtUnity = Math.abs(step - UNITY * STEPS) < DETENT && event.currentTarget.matches(":active");
      this.#emit(isAtUnity ? 0 : faderGain(step / STEPS));
    }
  }

  #emit(gainDb: number): void {
    this.dispatchEvent(new CustomEvent("change", { detail: gainDb }));
  }
}

customElements.define("antiphon-fader", AntiphonFader);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-fader": AntiphonFader;
  }
}
