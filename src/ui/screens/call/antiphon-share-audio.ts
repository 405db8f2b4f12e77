import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { VoiceEngine } from "../../../engine/index.ts";
import { type SharedAudio, shareAudioFile, shareTabAudio } from "../../controllers/shared-audio.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

type Start = (engine: VoiceEngine, onEnd: () => void) => Promise<SharedAudio | undefined>;

/** Sends more than the microphone: the sound of a tab, or files that play. */
export class AntiphonShareAudio extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--antiphon-space-2);
      }
    `,
  ];

  declare session: VoiceSession;
  #connection: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
    this.#connection = undefined;
  }

  protected override willUpdate(): void {
    if (this.#connection === undefined) {
      this.#connection = new AbortController();
      const { signal } = this.#connection;
      this.session.sharing.addEventListener("change", () => this.requestUpdate(), { signal });
    }
  }

  protected override render(): TemplateResult {
    const canShareTabs = "getDisplayMedia" in navigator.mediaDevices;
    return html`
      ${
        canShareTabs
          ? html`<button type="button" class="compact" @click=${this.#shareTab}>
              <antiphon-icon name="share"></antiphon-icon>Share tab audio
            </button>`
          : nothing
      }
      <button type="button" class="compact" @click=${() => this.renderRoot.querySelector("input")?.click()}>
        <antiphon-icon name="play"></antiphon-icon>Play a file
      </button>
      <input type="file" accept="audio/*" hidden aria-label="Audio file to play" @change=${this.#shareFile} />
      ${this.session.sharing.sources.map(
        (source) => html`
          <button type="button" class="compact" aria-pressed="true" title="Stop sending" @click=${source.stop}>
            <antiphon-icon name="stop"></antiphon-icon>${source.label}
          </button>
        `,
      )}
    `;
  }

  async #shareTab(): Promise<void> {
    await this.#add((engine, onEnd) => shareTabAudio(engine, onEnd));
  }

  async #shareFile(event: Event): Promise<void> {
    const input = event.currentTarget;
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
    if (file !== undefined) {
      await this.#add((engine, onEnd) => shareAudioFile(engine, file, onEnd));
    }
    if (input instanceof HTMLInputElement) {
      input.value = "";
    }
  }

  async #add(start: Start): Promise<void> {
    const { engine, sharing } = this.session;
    if (engine === undefined) {
      return;
    }
    try {
      await sharing.add((onEnd) => start(engine, onEnd));
    } catch (error) {
      this.session.fail(error, "unsupported", "Cannot share the sound");
    }
  }
}

customElements.define("antiphon-share-audio", AntiphonShareAudio);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-share-audio": AntiphonShareAudio;
  }
}
