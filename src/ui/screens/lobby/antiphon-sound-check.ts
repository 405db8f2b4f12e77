import { css, html, LitElement, type TemplateResult } from "lit";
import { SessionController } from "../../controllers/session-controller.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-device-picker.ts";
import type { PickableDevice } from "../../parts/antiphon-device-picker.ts";
import "../../parts/antiphon-icon.ts";
import "../../parts/antiphon-meter.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "../studio/antiphon-sound-trial.ts";

/** Microphone and speaker before a call: permission with its reason, pickers, a live meter and a test sound. */
export class AntiphonSoundCheck extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-5);
      }
      section {
        display: grid;
        gap: var(--antiphon-space-3);
        min-inline-size: 0;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: var(--antiphon-space-2);
      }
      h2 antiphon-icon {
        color: var(--antiphon-muted);
      }
      .meter {
        display: grid;
        gap: var(--antiphon-space-1);
      }
      antiphon-meter {
        block-size: 14px;
      }
      .scale {
        position: relative;
        block-size: 16px;
        color: var(--antiphon-muted);
        font-size: 11px;
      }
      .scale span {
        position: absolute;
        translate: -50% 0;
      }
      .scale .low {
        inset-inline-start: 0;
        translate: 0 0;
      }
      .scale .caution {
        inset-inline-start: 66.67%;
      }
      .scale .hot {
        inset-inline-start: 85%;
      }
      .scale .full {
        inset-inline: auto 0;
        translate: 0 0;
      }
      .pair {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: end;
        gap: var(--antiphon-space-2);
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
  readonly #settings = new SettingsController(this);

  constructor() {
    super();
    new SessionController(this);
  }

  protected override render(): TemplateResult {
    return html`
      <section>
        <h2><antiphon-icon name="microphone"></antiphon-icon>Microphone</h2>
        ${this.session.microphone === "open" || this.session.microphone === "lost" ? this.#microphone() : this.#permission()}
      </section>
      <hr />
      <section>
        <h2><antiphon-icon name="speaker"></antiphon-icon>Speaker</h2>
        ${this.#speaker()}
      </section>
    `;
  }

  #permission(): TemplateResult {
    const isOpening = this.session.microphone === "opening";
    return html`
      <p class="muted small">
        To let the others hear you, the browser has to ask you for the microphone. Sound is processed on this device and goes
        straight to the people in the room.
      </p>
      <div>
        <button type="button" ?disabled=${isOpening} @click=${() => this.session.openMicrophone()}>
          <antiphon-icon name="microphone"></antiphon-icon>
          ${isOpening ? "Waiting for your answer…" : "Allow the microphone"}
        </button>
      </div>
    `;
  }

  #microphone(): TemplateResult {
    const { session } = this;
    return html`
      <antiphon-device-picker
        label="Device"
        .value=${this.#settings.settings.input.deviceId}
        .devices=${session.engine?.devices.inputs ?? []}
        @choose=${this.#chooseInput}
      ></antiphon-device-picker>
      <div class="meter">
        <antiphon-meter label="Microphone level" .source=${session.levels.input}></antiphon-meter>
        <div class="scale" aria-hidden="true">
          <span class="low">−60</span><span class="caution">−20</span><span class="hot">−9</span><span class="full">0 dB</span>
        </div>
      </div>
      <antiphon-sound-trial .session=${session}></antiphon-sound-trial>
    `;
  }

  #speaker(): TemplateResult {
    const devices = this.session.engine?.devices.outputs ?? [];
    return html`
      <div class="pair">
        <antiphon-device-picker
          label="Device"
          .value=${this.#settings.settings.output.deviceId}
          .devices=${devices}
          @choose=${this.#chooseOutput}
        ></antiphon-device-picker>
        <button type="button" @click=${() => this.session.playTestSound()}>
          <antiphon-icon name="play"></antiphon-icon>Test
        </button>
      </div>
    `;
  }

  #chooseInput({ detail }: CustomEvent<PickableDevice>): void {
    settingsStore.change({ input: { deviceId: detail.id, deviceLabel: detail.label } }, "input.deviceId");
  }

  #chooseOutput({ detail }: CustomEvent<PickableDevice>): void {
    settingsStore.change({ output: { deviceId: detail.id, deviceLabel: detail.label } }, "output.deviceId");
  }
}

customElements.define("antiphon-sound-check", AntiphonSoundCheck);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-sound-check": AntiphonSoundCheck;
  }
}
