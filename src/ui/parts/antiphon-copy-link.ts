import { css, html, LitElement, type TemplateResult } from "lit";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";
import "./antiphon-icon.ts";

/** How long the button says that the link was copied, ms. */
const CONFIRMATION_MS = 2000;

/** A link to give away: shown, copied with one press, and handed to the system's share sheet where there is one. */
export class AntiphonCopyLink extends LitElement {
  static override properties = { href: {}, hasCopied: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        gap: var(--antiphon-space-2);
        min-inline-size: 0;
      }
      input {
        flex: 1;
        color: var(--antiphon-muted);
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
      <button type="button" @click=${this.#copy}>
        <antiphon-icon name=${this.hasCopied ? "check" : "copy"}></antiphon-icon>
        <span aria-live="polite">${this.hasCopied ? "Copied" : "Copy link"}</span>
      </button>
      <button type="button" class="icon" aria-label="Share the link" ?hidden=${!canShare} @click=${this.#share}>
        <antiphon-icon name="share"></antiphon-icon>
      </button>
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
