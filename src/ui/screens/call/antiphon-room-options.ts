import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Room } from "../../../engine/index.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";

/** Who may come in: the host's switches, and those who wait at the door. */
export class AntiphonRoomOptions extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-3);
      }
      .switches {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2) var(--antiphon-space-5);
        font-size: var(--antiphon-font-size-s);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: var(--antiphon-space-2);
        font-weight: 500;
      }
      @media (max-width: 719px) {
        .switches {
          row-gap: 0;
        }
      }
      .knock {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2);
        border-color: var(--antiphon-accent);
      }
      .knock strong {
        flex: 1;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare session: VoiceSession;

  constructor() {
    super();
    new SessionController(this);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { room } = this.session;
    if (room === undefined) {
      return nothing;
    }
    const { policy, knocks } = room;
    return html`
      ${knocks.map(
        ({ id, name }) => html`
          <div class="card knock" role="alert">
            <antiphon-icon name="people"></antiphon-icon>
            <strong>${name} asks to come in</strong>
            <button type="button" class="primary compact" @click=${() => this.#decide(id, true)}>Let in</button>
            <button type="button" class="compact" @click=${() => this.#decide(id, false)}>Send away</button>
          </div>
        `,
      )}
      ${
        room.isHost
          ? html`<div class="switches">
              ${this.#switch("Ask me about newcomers", "isAdmissionRequired", policy)}
              ${this.#switch("Nobody else may come in", "isLocked", policy)}
            </div>`
          : policy.isLocked
            ? html`<p class="muted small">The host has locked the room: nobody else can come in.</p>`
            : nothing
      }
    `;
  }

  #switch(label: string, key: keyof Room["policy"], policy: Room["policy"]): TemplateResult {
    return html`
      <label>
        <input
          type="checkbox"
          class="switch"
          role="switch"
          .checked=${policy[key]}
          @change=${() => this.session.room?.setPolicy({ [key]: !policy[key] })}
        />
        ${label}
      </label>
    `;
  }

  #decide(id: string, isAdmitted: boolean): void {
    const { room } = this.session;
    if (isAdmitted) {
      room?.admit(id);
    } else {
      room?.deny(id);
    }
    this.requestUpdate();
  }
}

customElements.define("antiphon-room-options", AntiphonRoomOptions);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-room-options": AntiphonRoomOptions;
  }
}
