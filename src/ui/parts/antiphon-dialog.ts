import { css, html, LitElement, type TemplateResult } from "lit";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";
import "./antiphon-icon.ts";

/**
 * A modal window over the page: a native dialog, so Escape, focus and the inert page behind it are the browser's.
 *
 * @slot - the content
 * @attr heading - its title
 * @fires close - when it has closed
 */
export class AntiphonDialog extends LitElement {
  static override properties = { heading: {} };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      dialog {
        inline-size: min(560px, calc(100vw - 24px));
        max-block-size: min(720px, calc(100dvh - 24px));
        padding: 0;
        border: 1px solid var(--antiphon-hairline);
        border-radius: var(--antiphon-radius-l);
        background: var(--antiphon-surface);
        color: var(--antiphon-text);
        box-shadow: var(--antiphon-shadow-lifted);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 55%);
      }
      .head {
        position: sticky;
        inset-block-start: 0;
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: var(--antiphon-space-3) var(--antiphon-space-3) var(--antiphon-space-3) var(--antiphon-space-5);
        background: var(--antiphon-surface);
        border-block-end: 1px solid var(--antiphon-hairline);
      }
      h2 {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .content {
        padding: var(--antiphon-space-4) var(--antiphon-space-5) var(--antiphon-space-5);
      }
    `,
  ];

  declare heading: string;

  constructor() {
    super();
    this.heading = "";
  }

  /** Opens the window and moves the focus into it. */
  show(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog?.open === false) {
      dialog.showModal();
    }
  }

  /** Closes the window; the focus goes back to where it was. */
  close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="heading" @close=${this.#closed}>
        <div class="head">
          <h2 id="heading">${this.heading}</h2>
          <button type="button" class="quiet icon" aria-label="Close" @click=${this.close}>
            <antiphon-icon name="close"></antiphon-icon>
          </button>
        </div>
        <div class="content"><slot></slot></div>
      </dialog>
    `;
  }

  #closed(): void {
    this.dispatchEvent(new Event("close"));
  }
}

customElements.define("antiphon-dialog", AntiphonDialog);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-dialog": AntiphonDialog;
  }
}
