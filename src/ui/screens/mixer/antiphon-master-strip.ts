import { html, LitElement, type TemplateResult } from "lit";
import { MediaQueryController, NARROW } from "../../controllers/media-query-controller.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import { formatGain } from "../../parts/antiphon-fader.ts";
import "../../parts/antiphon-gain-meter.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import { mixerStripStyles } from "./mixer-strip-styles.ts";
import { stripLevel } from "./strip-level.ts";

/** Range of the master volume, dB; the lowest is silence. */
const RANGE_DB = { top: 6, bottom: -60 };

/** Everything that is heard, last in the mixer: volume, level, limiter, deafen. */
export class AntiphonMasterStrip extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [baseStyles, controlStyles, surfaceStyles, mixerStripStyles];

  declare session: VoiceSession;
  readonly #settings = new SettingsController(this);
  readonly #narrow = new MediaQueryController(this, NARROW);

  constructor() {
    super();
    new SessionController(this);
  }

  readonly #reduction = (): number => this.session.levels.outputGainReduction();

  protected override render(): TemplateResult {
    const { session } = this;
    const { masterDb, limiter } = this.#settings.settings.output;
    const gainDb = masterDb <= RANGE_DB.bottom ? Number.NEGATIVE_INFINITY : masterDb;
    return html`
      <article class="card strip" aria-label="Everything">
        <div class="name">
          <strong>Everything</strong>
          <span class="muted small">the mix you hear</span>
        </div>
        <antiphon-gain-meter
          class="limiter"
          label="Limiter"
          .source=${this.#reduction}
        ></antiphon-gain-meter>
        ${stripLevel({
          name: "everything",
          gainDb,
          isUpright: !this.#narrow.matches,
          source: session.levels.output,
          change: (changed) =>
            settingsStore.set("output.masterDb", Math.min(RANGE_DB.top, Math.max(RANGE_DB.bottom, changed))),
        })}
        <output class="gain">${formatGain(gainDb)}</output>
        <div class="buttons">
          <button
            type="button"
            class="compact alert"
            aria-pressed=${session.isDeafened}
            aria-label="Deafen: hear nothing, send nothing"
            title="Deafen: hear nothing, send nothing"
            @click=${() => session.toggleDeafen()}
          >
            Deafen
          </button>
          <button
            type="button"
            class="compact"
            aria-pressed=${limiter.isEnabled}
            aria-label="Limit the output"
            title="Limiter: protects your ears from sudden loudness"
            @click=${() => settingsStore.set("output.limiter.isEnabled", !limiter.isEnabled)}
          >
            Limit
          </button>
        </div>
      </article>
    `;
  }
}

customElements.define("antiphon-master-strip", AntiphonMasterStrip);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-master-strip": AntiphonMasterStrip;
  }
}
