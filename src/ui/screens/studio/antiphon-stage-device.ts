import { html, LitElement, type TemplateResult } from "lit";
import { SessionController } from "../../controllers/session-controller.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-device-picker.ts";
import type { PickableDevice } from "../../parts/antiphon-device-picker.ts";

/** The picker of the microphone or the speaker, bound to the settings. */
export class AntiphonStageDevice extends LitElement {
  static override properties = { session: { attribute: false }, direction: {} };

  declare session: VoiceSession;
  declare direction: "input" | "output";
  readonly #settings = new SettingsController(this);

  constructor() {
    super();
    new SessionController(this);
  }

  protected override render(): TemplateResult {
    const { devices } = this.session.engine ?? {};
    const isInput = this.direction === "input";
    return html`
      <antiphon-device-picker
        label=${isInput ? "Microphone" : "Speaker"}
        .value=${this.#settings.settings[this.direction].deviceId}
        .devices=${(isInput ? devices?.inputs : devices?.outputs) ?? []}
        @choose=${this.#choose}
      ></antiphon-device-picker>
    `;
  }

  #choose({ detail }: CustomEvent<PickableDevice>): void {
    const device = { deviceId: detail.id, deviceLabel: detail.label };
    settingsStore.change({ [this.direction]: device }, `${this.direction}.deviceId`);
  }
}

customElements.define("antiphon-stage-device", AntiphonStageDevice);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-stage-device": AntiphonStageDevice;
  }
}
