import { css, html, LitElement, type TemplateResult } from "lit";
import type { KeyAction } from "../../engine/index.ts";
import { SettingsController } from "../controllers/settings-controller.ts";
import { settingsStore } from "../controllers/settings-store.ts";
import "../parts/antiphon-dialog.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../tokens/control-styles.ts";
import { keyActionLabels, keyName } from "./key-names.ts";

type KeyTarget = KeyAction | "talk";

/** The list of shortcuts; each key can be changed by pressing its button and then the new key. */
export class AntiphonHelpDialog extends LitElement {
  static override properties = { listening: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: var(--antiphon-space-1) var(--antiphon-space-4);
        margin: 0;
      }
      dd {
        margin: 0;
        min-block-size: 36px;
        display: flex;
        align-items: center;
        justify-content: flex-end;
      }
      p {
        padding-block-end: var(--antiphon-space-3);
      }
    `,
  ];

  declare private listening: KeyTarget | undefined;
  readonly #settings = new SettingsController(this);

  /** Opens the list. */
  show(): void {
    this.renderRoot.querySelector("antiphon-dialog")?.show();
  }

  protected override render(): TemplateResult {
    const { ui, capture } = this.#settings.settings;
    const actions = Object.entries(keyActionLabels) as readonly (readonly [KeyAction, string])[];
    return html`
      <antiphon-dialog heading="Keyboard" @close=${this.#stopListening} @keydown=${this.#keydown}>
        <p class="muted small">Press a key's button, then the new key, to change it.</p>
        <dl>
          <dt>Talk while held</dt>
          <dd>${this.#key("talk", capture.pushToTalk.key)}</dd>
          ${actions.map(
            ([action, label]) => html`
              <dt>${label}</dt>
              <dd>${action === "help" ? html`<kbd>?</kbd>` : this.#key(action, ui.keys[action])}</dd>
            `,
          )}
          <dt>Go to a person in the call</dt>
          <dd><kbd>1</kbd>&nbsp;…&nbsp;<kbd>9</kbd></dd>
          <dt>Close what is open</dt>
          <dd><kbd>Esc</kbd></dd>
        </dl>
      </antiphon-dialog>
    `;
  }

  #key(target: KeyTarget, code: string): TemplateResult {
    const isListening = this.listening === target;
    return html`
      <button
        type="button"
        class="compact"
        aria-pressed=${isListening}
        aria-label=${isListening ? "Press the new key" : `${keyName(code)}, change`}
        @click=${() => this.#listen(target)}
      >
        ${isListening ? "Press a key…" : keyName(code)}
      </button>
    `;
  }

  #listen(target: KeyTarget): void {
    this.listening = target;
  }

  #stopListening(): void {
    this.listening = undefined;
  }

  #keydown(event: KeyboardEvent): void {
    event.stopPropagation();
    const target = this.listening;
    if (target === undefined || event.code === "Tab") {
      return;
    }
    event.preventDefault();
    this.listening = undefined;
    if (event.code === "Escape" || event.code === "") {
      return;
    }
    settingsStore.set(target === "talk" ? "capture.pushToTalk.key" : `ui.keys.${target}`, event.code);
  }
}

customElements.define("antiphon-help-dialog", AntiphonHelpDialog);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-help-dialog": AntiphonHelpDialog;
  }
}
