import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import { transportCards } from "../studio/transport-cards.ts";
import "../studio/antiphon-setting-group.ts";
import "./antiphon-master-strip.ts";
import "./antiphon-mixer-strip.ts";
import "./antiphon-own-strip.ts";

const bufferCard = transportCards.find(({ id }) => id === "jitter-buffer");

/** Everyone side by side: the own channel, one for each person, and the sum. */
export class AntiphonMixerScreen extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    css`
      :host {
        display: block;
      }
      .page {
        display: grid;
        gap: var(--antiphon-space-4);
        max-inline-size: 1440px;
        margin: 0 auto;
        padding: var(--antiphon-space-5) var(--antiphon-space-6);
      }
      .strips {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(132px, 1fr));
        align-items: stretch;
        gap: var(--antiphon-space-3);
      }
      .buffer {
        display: grid;
        gap: var(--antiphon-space-3);
      }
      .controls {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr));
        gap: var(--antiphon-space-3) var(--antiphon-space-5);
      }
      @media (max-width: 719px) {
        .page {
          padding: var(--antiphon-space-3);
        }
        .strips {
          grid-template-columns: minmax(0, 1fr);
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
    const { session } = this;
    return html`
      <div class="page">
        <header>
          <h1>Mixer</h1>
          <p class="muted small">
            ${
              session.peers.length === 0
                ? "A channel appears for everyone who joins. Volume and place are remembered by name."
                : "How loud you hear each person, and where. Only you hear the difference."
            }
          </p>
        </header>
        <div class="strips">
          <antiphon-own-strip .session=${session}></antiphon-own-strip>
          ${repeat(
            session.peers,
            ({ id }) => id,
            (peer) => html`<antiphon-mixer-strip .session=${session} .peer=${peer}></antiphon-mixer-strip>`,
          )}
          <antiphon-master-strip .session=${session}></antiphon-master-strip>
        </div>
        ${this.#buffer()}
      </div>
    `;
  }

  #buffer(): TemplateResult | typeof nothing {
    if (bufferCard === undefined) {
      return nothing;
    }
    return html`
      <section class="card buffer" aria-labelledby="buffer">
        <h2 id="buffer">${bufferCard.title}</h2>
        <p class="muted small">${bufferCard.summary} Every channel shows its delay now → the delay it steers to.</p>
        <antiphon-setting-group class="controls" isComplete .controls=${bufferCard.controls}></antiphon-setting-group>
      </section>
    `;
  }
}

customElements.define("antiphon-mixer-screen", AntiphonMixerScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-mixer-screen": AntiphonMixerScreen;
  }
}
