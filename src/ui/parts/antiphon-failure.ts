import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { VoiceError } from "../../engine/index.ts";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";
import "./antiphon-callout.ts";
import { actionLabels, adviceFor, type ErrorAction } from "./error-advice.ts";

/**
 * An error in the words of its reader, with what can be done about it.
 *
 * @fires act - `CustomEvent<ErrorAction>` when a remedy was pressed
 */
export class AntiphonFailure extends LitElement {
  static override properties = { error: { attribute: false }, exclude: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: block;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--antiphon-space-2);
        padding-block-start: var(--antiphon-space-2);
      }
      details {
        font-size: var(--antiphon-font-size-s);
        color: var(--antiphon-muted);
      }
      summary {
        cursor: pointer;
      }
      details p {
        padding-block-start: var(--antiphon-space-1);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare error: VoiceError | undefined;
  /** Remedies that make no sense where this stands. */
  declare exclude: readonly ErrorAction[];

  constructor() {
    super();
    this.exclude = [];
  }

  protected override willUpdate(): void {
    this.hidden = this.error === undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { error } = this;
    if (error === undefined) {
      return nothing;
    }
    const { title, remedy, actions } = adviceFor(error.code, navigator.userAgent);
    const offered = actions.filter((action) => !this.exclude.includes(action));
    return html`
      <antiphon-callout role="alert" tone="bad" heading=${title}>
        <p>${remedy}</p>
        <details>
          <summary>What the browser said</summary>
          <p>${error.message} (${error.code})</p>
        </details>
        ${
          offered.length === 0
            ? nothing
            : html`<div class="actions">
                ${offered.map(
                  (action) => html`
                    <button type="button" class="compact" @click=${() => this.#act(action)}>
                      ${actionLabels[action]}
                    </button>
                  `,
                )}
              </div>`
        }
      </antiphon-callout>
    `;
  }

  #act(action: ErrorAction): void {
    this.dispatchEvent(new CustomEvent("act", { detail: action, bubbles: true, composed: true }));
  }
}

customElements.define("antiphon-failure", AntiphonFailure);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-failure": AntiphonFailure;
  }
}
