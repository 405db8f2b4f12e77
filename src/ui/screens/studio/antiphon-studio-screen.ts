import { html, LitElement, type TemplateResult } from "lit";
import { silentCaptureLevels } from "../../../engine/index.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-icon.ts";
import "../../parts/antiphon-level-history.ts";
import type { ThresholdMove } from "../../parts/antiphon-level-history.ts";
import type { HistoryReading } from "../../parts/level-history.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-sound-trial.ts";
import "./antiphon-stage-card.ts";
import "./antiphon-studio-toolbar.ts";
import { captureCards } from "./capture-cards.ts";
import { moveThreshold, thresholdsOf } from "./level-thresholds.ts";
import { studioStyles } from "./studio-styles.ts";
import { transportCards } from "./transport-cards.ts";

const cards = [...captureCards, ...transportCards];

/** Where each column of the widest layout ends; two columns stand one below the other where there is room for fewer. */
const columnEnds = [3, 6, 8, cards.length] as const;
const columns = columnEnds.map((end, index) => ({ start: columnEnds[index - 1] ?? 0, end }));
const halves = [columns.slice(0, 2), columns.slice(2)];

/** The signal path from the microphone to the ears: every stage with its instruments and controls, in order. */
export class AntiphonStudioScreen extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [baseStyles, controlStyles, surfaceStyles, studioStyles];

  declare session: VoiceSession;
  readonly #settings = new SettingsController(this);
  readonly #levels = silentCaptureLevels();

  constructor() {
    super();
    new SessionController(this);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    return html`
      <div class="page">
        <div class="head">
          <div>
            <h1>Studio</h1>
            <p class="muted small">Every step of your voice, in the order it takes them.</p>
          </div>
          <antiphon-studio-toolbar></antiphon-studio-toolbar>
        </div>
        ${session.microphone === "open" ? this.#history() : this.#closed()}
        <div class="cards">
          ${halves.map(
            (half) => html`
              <div class="half">${half.map(({ start, end }) => html`<div class="column">${this.#cards(start, end)}</div>`)}</div>
            `,
          )}
        </div>
      </div>
    `;
  }

  #cards(start: number, end: number): readonly TemplateResult[] {
    return cards.slice(start, end).map(
      (card, index) => html`
        <antiphon-stage-card .session=${this.session} .card=${card} .position=${start + index + 1}></antiphon-stage-card>
      `,
    );
  }

  #history(): TemplateResult {
    return html`
      <section class="card history" aria-label="Level history">
        <header>
          <h2>Your microphone, the last ten seconds</h2>
          <div class="legend" aria-hidden="true">
            <span style="--swatch: var(--antiphon-ok)">sent</span>
            <span style="--swatch: var(--antiphon-border)">not sent</span>
            <span class="line" style="--swatch: var(--antiphon-warn)">noise floor</span>
            <span class="line" style="--swatch: var(--antiphon-accent)">threshold: drag it</span>
          </div>
        </header>
        <antiphon-level-history
          .source=${this.#readHistory}
          .thresholds=${thresholdsOf(this.#settings.settings)}
          @move=${({ detail }: CustomEvent<ThresholdMove>) => moveThreshold(detail, settingsStore)}
        ></antiphon-level-history>
        <antiphon-sound-trial .session=${this.session}></antiphon-sound-trial>
      </section>
    `;
  }

  #closed(): TemplateResult {
    const isOpening = this.session.microphone === "opening";
    return html`
      <section class="card closed">
        <p class="muted">Open the microphone to see and hear what each step does. Nothing is sent outside a call.</p>
        <button type="button" class="primary" ?disabled=${isOpening} @click=${() => this.session.openMicrophone()}>
          <antiphon-icon name="microphone"></antiphon-icon>
          ${isOpening ? "Waiting for your answer…" : "Open the microphone"}
        </button>
      </section>
    `;
  }

  readonly #readHistory = (into: HistoryReading): void => {
    const levels = this.#levels;
    this.session.levels.readCapture(levels);
    into.levelDb = levels.inputPeakDb;
    into.noiseFloorDb = levels.noiseFloorDb;
    into.probability = levels.voiceProbability;
    into.isTransmitting = levels.isTransmitting;
  };
}

customElements.define("antiphon-studio-screen", AntiphonStudioScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-studio-screen": AntiphonStudioScreen;
  }
}
