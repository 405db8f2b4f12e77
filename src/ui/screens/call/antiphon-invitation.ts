import { css, html, LitElement, type TemplateResult } from "lit";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-copy-link.ts";
import "../../parts/antiphon-link-code.ts";
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
      h1 {
        overflow-wrap: anywhere;
      }
      h1,
      p {
        text-wrap: balance;
      }
      @media (max-width: 719px) {
        .card {
          gap: var(--antiphon-space-3);
          margin-block-start: 0;
          padding: var(--antiphon-space-4);
        }
      }
    `,
  ];

  declare session: VoiceSession;

  constructor() {
    super();
    new SessionController(this);
  }

  protected override render(): TemplateResult {
    const { link, route } = this.session;
    return html`
      <section class="card">
        <h1>You are in “${route.roomName}”</h1>
        <p class="muted">Nobody else is here yet. Whoever opens this link joins you.</p>
        <antiphon-copy-link href=${link}></antiphon-copy-link>
        <antiphon-link-code href=${link}></antiphon-link-code>
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
