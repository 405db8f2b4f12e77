import { css, html, LitElement, type TemplateResult } from "lit";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";
import "./antiphon-icon.ts";

/** How long the button says that the link was copied, ms. */
const CONFIRMATION_MS = 2000;

/**
 * A link to give away: shown, copied with one press, and handed to the system's share sheet where there is one.
 *
 * @attr stacked - on narrow windows the link has a row of its own above the buttons
 * @slot - further ways to give it away, after the buttons
 */
export class AntiphonCopyLink extends LitElement {
  static override properties = { href: {}, hasCopied: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--antiphon-space-2);
        min-inline-size: 0;
      }
      /* The fields of controlStyles are as wide as their parent. */
      input[type="text"] {
        flex: 1 1 144px;
        inline-size: auto;
        color: var(--antiphon-muted);
      }
      @media (max-width: 419px) {
        :host([stacked]) input[type="text"] {
          flex-basis: 100%;
        }
        :host([stacked]) .copy {
          flex: 1;
        }
      }
    `,
  ];

  declare href: string;
  declare private hasCopied: boolean;

  constructor() {
    super();
    this.href = "";
    this.hasCopied = false;
  }

  protected override render(): TemplateResult {
    const canShare = typeof navigator.share === "function";
    return html`
      <input type="text" readonly aria-label="Link to the room" .value=${this.href} @focus=${this.#select} />
      <button type="button" class="copy" @click=${this.#copy}>
        <antiphon-icon name=${this.hasCopied ? "check" : "copy"}></antiphon-icon>
        <span aria-live="polite">${this.hasCopied ? "Copied" : "Copy link"}</span>
      </button>
      <button type="button" class="icon" aria-label="Share the link" ?hidden=${!canShare} @click=${this.#share}>
        <antiphon-icon name="share"></antiphon-icon>
      </button>
      <slot></slot>
    `;
  }

  #select(event: FocusEvent): void {
    if (event.currentTarget instanceof HTMLInputElement) {
      event.currentTarget.select();
    }
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.href);
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) {
        throw error;
      }
      // The clipboard is refused, or missing in an insecure context: leave the link selected for the keyboard.
      this.renderRoot.querySelector("input")?.focus();
      return;
    }
    this.hasCopied = true;
    setTimeout(() => {
      this.hasCopied = false;
    }, CONFIRMATION_MS);
  }

  async #share(): Promise<void> {
    try {
      await navigator.share({ title: "Antiphon call", url: this.href });
    } catch (error) {
      if (!(error instanceof DOMException)) {
        throw error;
      }
      // The share sheet was closed without choosing anyone.
    }
  }
}

customElements.define("antiphon-copy-link", AntiphonCopyLink);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-copy-link": AntiphonCopyLink;
  }
}
