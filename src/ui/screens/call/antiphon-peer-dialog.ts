import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Peer } from "../../../engine/index.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-callout.ts";
import "../../parts/antiphon-dialog.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

/**
 * A person's connection: the code to compare aloud, and, for the host, the way to remove them.
 *
 * @fires compared - `CustomEvent<boolean>`: whether the codes are equal
 */
export class AntiphonPeerDialog extends LitElement {
  static override properties = { session: { attribute: false }, peer: { attribute: false }, verdict: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      .body {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--antiphon-space-4);
      }
      .code {
        padding: var(--antiphon-space-3);
        border-radius: var(--antiphon-radius-m);
        background: var(--antiphon-surface-2);
        font-size: 32px;
        font-weight: 650;
        letter-spacing: 0.06em;
        text-align: center;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--antiphon-space-2);
      }
      /* A name may be long. */
      .danger {
        max-inline-size: 100%;
        padding-block: var(--antiphon-space-2);
        overflow-wrap: anywhere;
        white-space: normal;
      }
      hr {
        inline-size: 100%;
        margin: 0;
        border: 0;
        border-block-start: 1px solid var(--antiphon-hairline);
      }
    `,
  ];

  declare session: VoiceSession;
  declare peer: Peer;
  declare private verdict: boolean | undefined;

  /** Opens the dialog. */
  show(): void {
    this.renderRoot.querySelector("antiphon-dialog")?.show();
  }

  protected override render(): TemplateResult {
    const { name, sas } = this.peer;
    return html`
      <antiphon-dialog heading=${name}>
        <div class="body">
          <p>
            Read this code to each other. When both sides see the same, nobody sits between you, not even the server that
            brought you together.
          </p>
          <div class="code" aria-label="Code to compare">${sas === "" ? "–" : sas}</div>
          <div class="row">
            <button type="button" class="primary" @click=${() => this.#compare(true)}>
              <antiphon-icon name="shield"></antiphon-icon>They are equal
            </button>
            <button type="button" @click=${() => this.#compare(false)}>They differ</button>
          </div>
          ${
            this.verdict === false
              ? html`<antiphon-callout role="alert" tone="bad" heading="Somebody may be listening in">
                  <p>Leave the call and start a new room over another network. Send its link by another way than before.</p>
                </antiphon-callout>`
              : nothing
          }
          ${
            this.session.room?.isHost === true
              ? html`<hr />
                  <div><button type="button" class="danger" @click=${this.#remove}>Remove ${name} from the room</button></div>`
              : nothing
          }
        </div>
      </antiphon-dialog>
    `;
  }

  #compare(isEqual: boolean): void {
    this.verdict = isEqual;
    this.dispatchEvent(new CustomEvent("compared", { detail: isEqual }));
    if (isEqual) {
      this.renderRoot.querySelector("antiphon-dialog")?.close();
    }
  }

  #remove(): void {
    this.renderRoot.querySelector("antiphon-dialog")?.close();
    this.session.room?.removePeer(this.peer);
  }
}

customElements.define("antiphon-peer-dialog", AntiphonPeerDialog);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-peer-dialog": AntiphonPeerDialog;
  }
}
