import { css, html, LitElement, type TemplateResult } from "lit";
import "../parts/antiphon-icon.ts";
import type { IconName } from "../parts/icon-shapes.ts";
import { baseStyles } from "../tokens/control-styles.ts";
import { hasScreen } from "./load-screen.ts";
import { type ScreenName, screenNames } from "./route.ts";

type Label = { readonly label: string; readonly icon: IconName };

const screenLabels: Readonly<Record<ScreenName, Label>> = {
  call: { label: "Call", icon: "people" },
  studio: { label: "Studio", icon: "sliders" },
  mixer: { label: "Mixer", icon: "faders" },
  notes: { label: "Notes", icon: "note" },
  diagnostics: { label: "Diagnostics", icon: "chart" },
  benchmark: { label: "Benchmark", icon: "timer" },
};

const tabs = screenNames.filter(hasScreen);

/** The screens of the page as links. In the header on wide windows, at the bottom with icons above words on narrow ones (`stacked`). */
export class AntiphonTabs extends LitElement {
  static override properties = {
    screen: {},
    stacked: { type: Boolean, reflect: true },
    addressOf: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      nav {
        display: flex;
        gap: 2px;
      }
      a {
        display: flex;
        align-items: center;
        gap: var(--antiphon-space-2);
        min-block-size: 40px;
        padding: 0 var(--antiphon-space-3);
        border-radius: var(--antiphon-radius-m);
        color: var(--antiphon-muted);
        font-weight: 550;
        text-decoration: none;
        transition: background var(--antiphon-fast);
      }
      a:hover {
        background: var(--antiphon-surface-2);
        color: var(--antiphon-text);
      }
      a[aria-current="page"] {
        background: var(--antiphon-accent-soft);
        color: var(--antiphon-accent);
      }
      :host([stacked]) a {
        flex: 1 1 auto;
        flex-direction: column;
        justify-content: center;
        gap: 0;
        min-inline-size: 0;
        min-block-size: 52px;
        padding: 0 3px;
        border-radius: 0;
        font-size: 10px;
        letter-spacing: -0.02em;
        overflow: hidden;
        background: none;
      }
      :host([stacked]) a[aria-current="page"] {
        box-shadow: inset 0 2px var(--antiphon-accent);
      }
      :host([stacked]) {
        overflow: hidden;
      }
      :host([stacked]) nav {
        gap: 0;
      }
      @media (max-width: 1023px) {
        :host(:not([stacked])) antiphon-icon {
          display: none;
        }
        :host(:not([stacked])) a {
          padding: 0 10px;
        }
      }
    `,
  ];

  declare screen: ScreenName;
  declare stacked: boolean;
  declare addressOf: (screen: ScreenName) => string;

  constructor() {
    super();
    this.screen = "call";
    this.stacked = false;
    this.addressOf = (screen) => `#/${screen}`;
  }

  protected override render(): TemplateResult {
    return html`
      <nav aria-label="Screens">
        ${tabs.map(
          (screen) => html`
            <a
              href=${this.addressOf(screen)}
              aria-current=${screen === this.screen ? "page" : "false"}>
              <antiphon-icon name=${screenLabels[screen].icon}></antiphon-icon>
              <span>${screenLabels[screen].label}</span>
            </a>
          `,
        )}
      </nav>
    `;
  }
}

customElements.define("antiphon-tabs", AntiphonTabs);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-tabs": AntiphonTabs;
  }
}
