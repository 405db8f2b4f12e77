import { html, LitElement, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { live } from "lit/directives/live.js";
import type { Peer } from "../../../engine/index.ts";
import { MediaQueryController, NARROW } from "../../controllers/media-query-controller.ts";
import { mixPeer } from "../../controllers/room-events.ts";
import { SamplingController } from "../../controllers/sampling-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import { formatGain } from "../../parts/antiphon-fader.ts";
import { formatMs } from "../../parts/format-value.ts";
import type { LevelReading } from "../../parts/meter-ballistics.ts";
import { baseStyles, controlStyles, rangeStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import { PeerFigureReader, type PeerFigures } from "../call/peer-figures.ts";
import { mixerStripStyles } from "./mixer-strip-styles.ts";
import { stripLevel } from "./strip-level.ts";

type Sample = Pick<Peer, "isSpeaking" | "gainDb" | "pan" | "muted" | "solo" | "autoLevel" | "name">;

/** Words for a position between the ears. */
function formatPan(pan: number): string {
  const percent = Math.round(Math.abs(pan) * 100);
  return percent === 0 ? "centre" : `${percent} % ${pan < 0 ? "left" : "right"}`;
}

/** One person's channel: how loud, where between the ears, silenced, alone, levelled; and the delay they are heard with. */
export class AntiphonMixerStrip extends LitElement {
  static override properties = { session: { attribute: false }, peer: { attribute: false } };
  static override styles = [baseStyles, controlStyles, rangeStyles, surfaceStyles, mixerStripStyles];

  declare session: VoiceSession;
  declare peer: Peer;
  readonly #narrow = new MediaQueryController(this, NARROW);
  readonly #reader = new PeerFigureReader();
  readonly #state = new SamplingController<Sample | undefined>(this, {
    intervalMs: 100,
    initial: undefined,
    sample: () => this.#sample(),
  });
  readonly #figures = new SamplingController<PeerFigures | undefined>(this, {
    intervalMs: 500,
    initial: undefined,
    sample: () => this.#reader.read(this.peer),
  });

  protected override render(): TemplateResult {
    const { isSpeaking, gainDb, pan, muted, solo, autoLevel, name } = this.#state.value ?? this.#sample();
    const figures = this.#figures.value;
    return html`
      <article class=${classMap({ card: true, strip: true, speaking: isSpeaking })} aria-label=${name}>
        <div class="name">
          <strong title=${name}>${name}</strong>
          <span class="chip" title="Jitter buffer: delay now → delay it steers to">
            ${formatMs(figures?.currentDelayMs)} → ${formatMs(figures?.targetDelayMs)}
          </span>
        </div>
        <div class="pan">
          <span aria-hidden="true">L</span>
          <input
            type="range"
            min="-1"
            max="1"
            step="0.05"
            aria-label="Position of ${name}"
            aria-valuetext=${formatPan(pan)}
            title="${formatPan(pan)}; double-click for the centre"
            .value=${live(String(pan))}
            @input=${this.#setPan}
            @dblclick=${() => this.#mix({ pan: 0 })}
          />
          <span aria-hidden="true">R</span>
        </div>
        ${stripLevel({
          name,
          gainDb,
          isUpright: !this.#narrow.matches,
          source: this.#level,
          change: (changed) => this.#mix({ gainDb: changed }),
        })}
        <output class="gain">${formatGain(gainDb)}</output>
        <div class="buttons">
          ${this.#toggle({ isOn: muted, label: "Mute", text: "M", isAlert: true, press: () => this.#mix({ muted: !muted }) })}
          ${this.#toggle({ isOn: solo, label: "Solo (Alt: alone)", text: "S", press: (event) => this.#solo(!solo, event.altKey) })}
          ${this.#toggle({ isOn: autoLevel, label: "Auto level", text: "Auto", press: () => this.#mix({ autoLevel: !autoLevel }) })}
        </div>
      </article>
    `;
  }

  #toggle(button: {
    readonly isOn: boolean;
    readonly label: string;
    readonly text: string;
    readonly isAlert?: boolean;
    readonly press: (event: MouseEvent) => void;
  }): TemplateResult {
    return html`
      <button
        type="button"
        class="compact ${button.isAlert === true ? "alert" : ""}"
        aria-pressed=${button.isOn}
        aria-label="${button.label}, ${this.peer.name}"
        title=${button.label}
        @click=${button.press}
      >
        ${button.text}
      </button>
    `;
  }

  readonly #level = (into: LevelReading): void => {
    this.peer.levels(into);
  };

  #sample(): Sample {
    const { isSpeaking, gainDb, pan, muted, solo, autoLevel, name } = this.peer;
    return { isSpeaking, gainDb: Number.isFinite(gainDb) ? gainDb : -100, pan, muted, solo, autoLevel, name };
  }

  #setPan(event: Event): void {
    if (event.currentTarget instanceof HTMLInputElement) {
      this.#mix({ pan: event.currentTarget.valueAsNumber });
    }
  }

  #solo(isSolo: boolean, isExclusive: boolean): void {
    if (isExclusive) {
      for (const other of this.session.peers) {
        other.solo = false;
      }
    }
    this.peer.solo = isSolo || isExclusive;
    this.#state.refresh();
  }

  #mix(mix: Parameters<typeof mixPeer>[1]): void {
    mixPeer(this.peer, mix);
    this.#state.refresh();
  }
}

customElements.define("antiphon-mixer-strip", AntiphonMixerStrip);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-mixer-strip": AntiphonMixerStrip;
  }
}
