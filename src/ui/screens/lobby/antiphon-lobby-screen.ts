import { html, LitElement, type TemplateResult } from "lit";
import { PRESETS, type PresetName } from "../../../engine/index.ts";
import { preferences } from "../../controllers/preferences.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-copy-link.ts";
import "../../parts/antiphon-dialog.ts";
import "../../parts/antiphon-failure.ts";
import "../../parts/antiphon-icon.ts";
import "../../parts/antiphon-link-code.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-sound-check.ts";
import { lobbyStyles } from "./lobby-styles.ts";
import { matchingPreset } from "./matching-preset.ts";
import { presetLabels } from "./preset-labels.ts";

/** Before the call: who you are, which room, how you sound, and the way in. */
export class AntiphonLobbyScreen extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [baseStyles, controlStyles, surfaceStyles, lobbyStyles];

  declare session: VoiceSession;

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    settingsStore.addEventListener("change", this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    settingsStore.removeEventListener("change", this.#refresh);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const isInvited = session.isInvited;
    return html`
      <div class="columns">
        <form class="card join" @submit=${this.#submit}>
          <header>
            <h1>${isInvited ? html`Join “${session.route.roomName}”` : "Start a call"}</h1>
            <p class="muted">
              ${
                isInvited
                  ? "You were given a link to this room."
                  : "Your voice goes straight from browser to browser. Send the link to whoever should join."
              }
            </p>
          </header>
          <antiphon-failure .error=${session.failure}></antiphon-failure>
          <div class="names">
            <label class="field">
              <span>Your name</span>
              <input
                type="text"
                name="name"
                maxlength="64"
                autocomplete="nickname"
                placeholder="How the others see you"
                .value=${preferences.values.name}
                @input=${this.#rename}
              />
            </label>
            <label class="field">
              <span>Room</span>
              <input
                type="text"
                name="room"
                maxlength="64"
                autocomplete="off"
                .value=${session.route.roomName ?? ""}
                @change=${this.#renameRoom}
              />
            </label>
          </div>
          <antiphon-copy-link stacked href=${session.link}>
            <button
              type="button"
              class="icon"
              aria-label="Show the link as a QR code"
              title="Show the link as a QR code"
              @click=${() => this.renderRoot.querySelector("antiphon-dialog")?.show()}
            >
              <antiphon-icon name="qr"></antiphon-icon>
            </button>
          </antiphon-copy-link>
          ${this.#presets()}
          ${this.#actions()}
        </form>
        <section class="card" aria-label="Sound check">
          <antiphon-sound-check .session=${session}></antiphon-sound-check>
        </section>
      </div>
      <antiphon-dialog heading="Open the room on another device">
        <antiphon-link-code href=${session.link}></antiphon-link-code>
      </antiphon-dialog>
    `;
  }

  #presets(): TemplateResult {
    const current = matchingPreset(settingsStore.settings);
    return html`
      <fieldset>
        <legend>You use</legend>
        <div class="presets">
          ${Object.entries(presetLabels).map(
            ([name, label]) => html`
              <button
                type="button"
                class="compact"
                aria-pressed=${name === current}
                @click=${() => settingsStore.change(PRESETS[name as PresetName], `preset ${name}`)}
              >
                ${label}
              </button>
            `,
          )}
        </div>
      </fieldset>
    `;
  }

  #actions(): TemplateResult {
    const { session } = this;
    if (session.phase === "joining" || session.phase === "waiting") {
      return html`
        <div class="joining">
          <span class="spinner" aria-hidden="true"></span>
          <span role="status">
            ${session.phase === "waiting" ? "Waiting for the host to let you in…" : "Joining…"}
          </span>
          <button type="button" @click=${() => session.leave()}>Cancel</button>
        </div>
      `;
    }
    return html`
      <div class="actions">
        <button type="submit" class="primary">
          <antiphon-icon name="people"></antiphon-icon>Join
        </button>
        <button type="button" @click=${() => session.join({ isListenOnly: true })}>Join listen-only</button>
      </div>
    `;
  }

  readonly #refresh = (): void => this.requestUpdate();

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    void this.session.join({ isListenOnly: false });
  }

  #rename(event: Event): void {
    if (event.currentTarget instanceof HTMLInputElement) {
      preferences.update({ name: event.currentTarget.value.trim() });
    }
  }

  #renameRoom(event: Event): void {
    if (event.currentTarget instanceof HTMLInputElement) {
      this.session.renameRoom(event.currentTarget.value);
    }
  }
}

customElements.define("antiphon-lobby-screen", AntiphonLobbyScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-lobby-screen": AntiphonLobbyScreen;
  }
}
