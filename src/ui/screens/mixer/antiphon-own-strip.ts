import { html, LitElement, type TemplateResult } from "lit";
import { silentCaptureLevels } from "../../../engine/index.ts";
import { MediaQueryController, NARROW } from "../../controllers/media-query-controller.ts";
import { SamplingController } from "../../controllers/sampling-controller.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import { formatGain } from "../../parts/antiphon-fader.ts";
import { formatNumber } from "../../parts/format-value.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import { mixerStripStyles } from "./mixer-strip-styles.ts";
import { stripLevel } from "./strip-level.ts";

/** Largest boost of the trim that the fader reaches, dB. */
const TOP_DB = 12;
/** Smallest trim, dB. */
const BOTTOM_DB = -30;

type Sample = { readonly isTransmitting: boolean; readonly loudness: number };

/** The own channel, first in the mixer: trim, level, mute. */
export class AntiphonOwnStrip extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [baseStyles, controlStyles, surfaceStyles, mixerStripStyles];

  declare session: VoiceSession;
  readonly #settings = new SettingsController(this);
  readonly #narrow = new MediaQueryController(this, NARROW);
  readonly #levels = silentCaptureLevels();
  readonly #sampling = new SamplingController<Sample>(this, {
    intervalMs: 250,
    initial: { isTransmitting: false, loudness: -120 },
    sample: () => this.#sample(),
  });

  constructor() {
    super();
    new SessionController(this);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const { trimDb } = this.#settings.settings.capture;
    const { isTransmitting, loudness } = this.#sampling.value;
    const isOpen = session.microphone === "open";
    return html`
      <article class="card strip ${isTransmitting ? "speaking" : ""}" aria-label="You">
        <div class="name">
          <strong>You</strong>
          <span class="chip" title="Loudness of your speech in front of the leveler">
            ${loudness < -70 ? "–" : formatNumber(loudness, 1)} LUFS
          </span>
        </div>
        <div class="pan caption">trim</div>
        ${stripLevel({
          name: "your microphone",
          gainDb: trimDb,
          isUpright: !this.#narrow.matches,
          source: session.levels.sent,
          change: (gainDb) => settingsStore.set("capture.trimDb", Math.min(TOP_DB, Math.max(BOTTOM_DB, gainDb))),
        })}
        <output class="gain">${formatGain(trimDb)}</output>
        <div class="buttons">
          <button
            type="button"
            class="compact alert"
            aria-pressed=${session.isMuted}
            aria-label="Mute your microphone"
            ?disabled=${!isOpen}
            @click=${() => session.toggleMute()}
          >
            M
          </button>
        </div>
      </article>
    `;
  }

  #sample(): Sample {
    this.session.levels.readCapture(this.#levels);
    const { isTransmitting, loudnessLufs } = this.#levels;
    return { isTransmitting, loudness: Math.round(loudnessLufs) };
  }
}

customElements.define("antiphon-own-strip", AntiphonOwnStrip);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-own-strip": AntiphonOwnStrip;
  }
}
