import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-copy-link.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-invitation.ts";
import "./antiphon-peer-tile.ts";
import "./antiphon-room-options.ts";
import "./antiphon-share-audio.ts";

/** The room: a tile for each person, and the link while nobody else is there. */
export class AntiphonCallScreen extends LitElement {
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
        max-inline-size: 1280px;
        margin: 0 auto;
        padding: var(--antiphon-space-5) var(--antiphon-space-6);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--antiphon-space-3);
      }
      header > div {
        min-inline-size: 0;
      }
      h1 {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      antiphon-copy-link {
        flex: 0 1 420px;
      }
      .options {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--antiphon-space-3);
      }
      .alone {
        inline-size: min(520px, 100%);
        margin: 0 auto;
      }
      .tiles {
        display: grid;
        --least: max(300px, (100% - (var(--columns) - 1) * var(--antiphon-space-4)) / var(--columns));
        grid-template-columns: repeat(auto-fit, minmax(min(var(--least), 100%), 1fr));
        gap: var(--antiphon-space-4);
      }
      @media (max-width: 719px) {
        .page {
          padding: var(--antiphon-space-3);
          gap: var(--antiphon-space-3);
        }
        .tiles {
          gap: var(--antiphon-space-3);
        }
        antiphon-copy-link {
          flex-basis: 100%;
        }
      }
    `,
  ];

  declare session: VoiceSession;

  constructor() {
    super();
    new SessionController(this);
  }

  /** Moves the focus to the person at that place, from 0. */
  focusPeer(index: number): void {
    this.renderRoot.querySelectorAll("antiphon-peer-tile")[index]?.focus();
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const { peers } = session;
    if (peers.length === 0) {
      return html`
        <div class="page">
          <antiphon-invitation .session=${session}></antiphon-invitation>
          <antiphon-room-options class="alone" .session=${session}></antiphon-room-options>
        </div>
      `;
    }
    return html`
      <div class="page">
        <header>
          <div>
            <h1>${session.route.roomName}</h1>
            <p class="muted small">${peers.length === 1 ? "You and one other" : `You and ${peers.length} others`}</p>
          </div>
          <antiphon-copy-link href=${session.link}></antiphon-copy-link>
        </header>
        <div class="options">
          <antiphon-room-options .session=${session}></antiphon-room-options>
          <antiphon-share-audio .session=${session}></antiphon-share-audio>
        </div>
        <div class="tiles" style="--columns: ${columnsFor(peers.length)}">
          ${repeat(
            peers,
            ({ id }) => id,
            (peer) => html`<antiphon-peer-tile .session=${session} .peer=${peer}></antiphon-peer-tile>`,
          )}
        </div>
      </div>
    `;
  }
}

/** Columns in which that many tiles leave the fewest gaps: four people are two rows of two. */
function columnsFor(count: number): number {
  if (count <= 2) {
    return 2;
  }
  return count === 4 ? 2 : count > 6 ? 4 : 3;
}

customElements.define("antiphon-call-screen", AntiphonCallScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-call-screen": AntiphonCallScreen;
  }
}
