import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";
import "./antiphon-icon.ts";
import type { IconName } from "./icon-shapes.ts";

/** How urgent a callout is. */
export type CalloutTone = "info" | "ok" | "warn" | "bad";

const toneIcons: Readonly<Record<CalloutTone, IconName>> = {
  info: "info",
  ok: "check",
  warn: "warning",
  bad: "warning",
};

/**
 * A message that stays on the page: what is the matter, and what to do about it.
 *
 * @slot - the remedy in words
 * @attr heading - what is the matter
 * @attr tone - info, ok, warn or bad
 */
export class AntiphonCallout extends LitElement {
  static override properties = { heading: {}, tone: { reflect: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        gap: var(--antiphon-space-3);
        padding: var(--antiphon-space-3) var(--antiphon-space-4);
        border-radius: var(--antiphon-radius-m);
        border: 1px solid transparent;
        background: var(--antiphon-accent-soft);
      }
      antiphon-icon {
        margin-block-start: 1px;
        color: var(--antiphon-accent);
      }
      :host([tone="ok"]) {
        background: var(--antiphon-ok-soft);
      }
      :host([tone="ok"]) antiphon-icon {
        color: var(--antiphon-ok);
      }
      :host([tone="warn"]) {
        background: var(--antiphon-warn-soft);
      }
      :host([tone="warn"]) antiphon-icon {
        color: var(--antiphon-warn);
      }
      :host([tone="bad"]) {
        background: var(--antiphon-bad-soft);
      }
      :host([tone="bad"]) antiphon-icon {
        color: var(--antiphon-bad);
      }
      .body {
        display: grid;
        gap: var(--antiphon-space-1);
        min-inline-size: 0;
        flex: 1;
        font-size: 14px;
      }
      strong {
        font-weight: 650;
      }
    `,
  ];

  declare heading: string;
  declare tone: CalloutTone;

  constructor() {
    super();
    this.heading = "";
    this.tone = "info";
  }

  protected override render(): TemplateResult {
    return html`
      <antiphon-icon name=${toneIcons[this.tone]}></antiphon-icon>
      <div class="body">
        ${this.heading === "" ? nothing : html`<strong>${this.heading}</strong>`}
        <slot></slot>
      </div>
    `;
  }
}

customElements.define("antiphon-callout", AntiphonCallout);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-callout": AntiphonCallout;
  }
}
