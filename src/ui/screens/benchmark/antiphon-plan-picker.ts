import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import {
  createLatencyPlan,
  describeBuffer,
  describeChunk,
  FULL_TIMING,
  type LatencyPlanChoice,
  QUICK_TIMING,
} from "../../../engine/index.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import { formatSpan } from "./format-span.ts";
import { PATH_LABELS, rateLabel } from "./path-labels.ts";
import { choiceOf, FIRST_CUSTOM_CHOICE, isThorough, PLAN_DIMENSIONS, type PlanKind } from "./plan-choices.ts";

const KINDS: readonly { readonly kind: PlanKind; readonly label: string; readonly summary: string }[] = [
  { kind: "quick", label: "Quick", summary: "A first look: short frames beside the browser's own track." },
  { kind: "full", label: "Full", summary: "The whole matrix, long enough to be quoted. Leave the tab open." },
  { kind: "custom", label: "Custom", summary: "Your own choice of paths, chunks, rates and buffers." },
];

type Dimension = keyof typeof PLAN_DIMENSIONS;

/**
 * What is to be measured, and how long that takes.
 *
 * @fires start - `CustomEvent<LatencyPlanChoice>` when the user wants to begin
 */
export class AntiphonPlanPicker extends LitElement {
  static override properties = { disabled: { type: Boolean }, kind: { state: true }, custom: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-4);
      }
      .kinds {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr));
        gap: var(--antiphon-space-3);
      }
      .kinds button {
        display: grid;
        align-content: start;
        justify-content: start;
        justify-items: start;
        gap: 2px;
        padding: var(--antiphon-space-3) var(--antiphon-space-4);
        text-align: start;
        white-space: normal;
      }
      .kinds span {
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-s);
        font-weight: 400;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: var(--antiphon-space-2);
        min-inline-size: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 0 var(--antiphon-space-1);
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-s);
        font-weight: 500;
      }
      .custom {
        display: grid;
        gap: var(--antiphon-space-4);
      }
      .start {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2) var(--antiphon-space-4);
      }
    `,
  ];

  declare disabled: boolean;
  declare private kind: PlanKind;
  declare private custom: LatencyPlanChoice;

  constructor() {
    super();
    this.disabled = false;
    this.kind = "quick";
    this.custom = FIRST_CUSTOM_CHOICE;
  }

  protected override render(): TemplateResult {
    const choice = choiceOf(this.kind, this.custom);
    const plan = createLatencyPlan(choice);
    return html`
      <div class="kinds" role="group" aria-label="How much to measure">
        ${KINDS.map(
          ({ kind, label, summary }) => html`
            <button
              type="button"
              aria-pressed=${this.kind === kind}
              ?disabled=${this.disabled}
              @click=${() => {
                this.kind = kind;
              }}
            >
              ${label}<span>${summary}</span>
            </button>
          `,
        )}
      </div>
      ${this.kind === "custom" ? this.#customForm() : nothing}
      <div class="start">
        <button
          type="button"
          class="primary"
          ?disabled=${this.disabled || plan.cells.length === 0}
          @click=${() => this.dispatchEvent(new CustomEvent("start", { detail: choice }))}
        >
          Start
        </button>
        <span class="small muted" role="status">
          ${
            plan.cells.length === 0
              ? "Nothing is chosen: pick at least one of each."
              : `${plan.cells.length} cells, about ${formatSpan(plan.estimatedSeconds)}`
          }
        </span>
      </div>
    `;
  }

  #customForm(): TemplateResult {
    return html`
      <div class="custom">
        ${this.#toggles("paths", "Path", (path) => PATH_LABELS[path])}
        ${this.#toggles("chunks", "Chunk", describeChunk)}
        ${this.#toggles("sampleRates", "Sample rate", rateLabel)}
        ${this.#toggles("buffers", "Buffer (jitter target, context latency)", describeBuffer)}
        <fieldset>
          <legend>Measure</legend>
          ${this.#flag("Antiphon with its full chain", this.custom.withProcessing === true, (on) => ({ withProcessing: on }))}
          ${this.#flag("Effects on speech, bitrate and load", this.custom.withEffects !== false, (on) => ({ withEffects: on }))}
          ${this.#flag("Long enough to be quoted", isThorough(this.custom), (on) => ({ timing: on ? FULL_TIMING : QUICK_TIMING }))}
        </fieldset>
      </div>
    `;
  }

  #toggles<D extends Dimension>(
    dimension: D,
    legend: string,
    label: (value: (typeof PLAN_DIMENSIONS)[D][number]) => string,
  ): TemplateResult {
    type Value = (typeof PLAN_DIMENSIONS)[D][number];
    const chosen = new Set((this.custom[dimension] as readonly Value[]).map(label));
    const all = PLAN_DIMENSIONS[dimension] as readonly Value[];
    const toggle = (name: string): void => {
      if (!chosen.delete(name)) chosen.add(name);
      this.custom = { ...this.custom, [dimension]: all.filter((value) => chosen.has(label(value))) };
    };
    return html`
      <fieldset ?disabled=${this.disabled}>
        <legend>${legend}</legend>
        ${all.map((value) => {
          const name = label(value);
          return html`
            <button type="button" class="compact" aria-pressed=${chosen.has(name)} @click=${() => toggle(name)}>
              ${name}
            </button>
          `;
        })}
      </fieldset>
    `;
  }

  #flag(label: string, isOn: boolean, patch: (isOn: boolean) => Partial<LatencyPlanChoice>): TemplateResult {
    return html`
      <button
        type="button"
        class="compact"
        aria-pressed=${isOn}
        @click=${() => {
          this.custom = { ...this.custom, ...patch(!isOn) };
        }}
      >
        ${label}
      </button>
    `;
  }
}

customElements.define("antiphon-plan-picker", AntiphonPlanPicker);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-plan-picker": AntiphonPlanPicker;
  }
}
