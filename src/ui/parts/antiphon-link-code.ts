import { css, html, LitElement, type TemplateResult } from "lit";

/**
 * A link as a QR code for a telephone's camera. The drawing code is fetched when the first one is shown.
 *
 * @attr href - the link
 */
export class AntiphonLinkCode extends LitElement {
  static override properties = { href: {} };
  static override styles = css`
    :host {
      display: grid;
      place-items: center;
    }
    div {
      display: grid;
      place-items: center;
      inline-size: 184px;
      block-size: 184px;
      box-sizing: border-box;
      padding: var(--antiphon-space-3);
      border-radius: var(--antiphon-radius-m);
      background: var(--antiphon-code-paper);
      line-height: 0;
    }
    wa-qr-code {
      inline-size: 160px;
      block-size: 160px;
      background: var(--antiphon-code-paper);
      color: var(--antiphon-code-ink);
    }
  `;

  declare href: string;

  constructor() {
    super();
    this.href = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void import("@awesome.me/webawesome/dist/components/qr-code/qr-code.js");
  }

  protected override render(): TemplateResult {
    return html`
      <div>
        <wa-qr-code value=${this.href} label="Link as a QR code" size="160" error-correction="M"></wa-qr-code>
      </div>
    `;
  }
}

customElements.define("antiphon-link-code", AntiphonLinkCode);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-link-code": AntiphonLinkCode;
  }
}
