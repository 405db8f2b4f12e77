import { css, html, LitElement, type TemplateResult } from "lit";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-copy-link.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";

/** The empty room: the link to give away, as text and as a picture for a telephone's camera. */
export class AntiphonInvitation extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    css`
      :host {
        display: block;
      }
      .card {
        display: grid;
        justify-items: center;
        gap: var(--antiphon-space-4);
        max-inline-size: 520px;
        margin: clamp(0px, 6vh, 64px) auto 0;
        padding: var(--antiphon-space-6);
        text-align: center;
      }
      antiphon-copy-link {
        inline-size: 100%;
      }
      .code {
        padding: var(--antiphon-space-3);
        border-radius: var(--antiphon-radius-m);
        background: var(--antiphon-code-paper);
        line-height: 0;
        min-block-size: 184px;
        min-inline-size: 184px;
      }
      wa-qr-code {
        background: var(--antiphon-code-paper);
        color: var(--antiphon-code-ink);
      }
      p {
        text-wrap: balance;
      }
    `,
  ];

  declare session: VoiceSession;

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void import("@awesome.me/webawesome/dist/components/qr-code/qr-code.js");
  }

  protected override render(): TemplateResult {
    const { link, route } = this.session;
    return html`
      <section class="card">
        <h1>You are in “${route.roomName}”</h1>
        <p class="muted">Nobody else is here yet. Whoever opens this link joins you.</p>
        <antiphon-copy-link href=${link}></antiphon-copy-link>
        <div class="code">
          <wa-qr-code
            value=${link}
            label="Link to the room as a QR code"
            size="160"
            error-correction="M"
          ></wa-qr-code>
        </div>
        <p class="muted small">The key after the # stays between you: no server sees it.</p>
      </section>
    `;
  }
}

customElements.define("antiphon-invitation", AntiphonInvitation);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-invitation": AntiphonInvitation;
  }
}
