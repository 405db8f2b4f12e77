import { html, LitElement, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { Peer } from "../../../engine/index.ts";
import { mixPeer } from "../../controllers/room-events.ts";
import { SamplingController } from "../../controllers/sampling-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-fader.ts";
import { formatGain } from "../../parts/antiphon-fader.ts";
import "../../parts/antiphon-icon.ts";
import "../../parts/antiphon-meter.ts";
import { formatMs, formatPercent } from "../../parts/format-value.ts";
import type { LevelReading } from "../../parts/meter-ballistics.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-peer-dialog.ts";
import { initials } from "./initials.ts";
import { PeerFigureReader, type PeerFigures } from "./peer-figures.ts";
import { peerTileStyles } from "./peer-tile-styles.ts";

type Sample = {
  readonly isSpeaking: boolean;
  readonly isMuted: boolean;
  readonly state: string;
  readonly gainDb: number;
};

/** One person in the call: who they are, whether they speak, how the way to them is, and how loud they are. */
export class AntiphonPeerTile extends LitElement {
  static override properties = {
    session: { attribute: false },
    peer: { attribute: false },
    isVerified: { state: true },
  };
  static override styles = [baseStyles, controlStyles, surfaceStyles, peerTileStyles];

  declare session: VoiceSession;
  declare peer: Peer;
  /** The codes of this connection were compared and found equal. */
  declare private isVerified: boolean;

  readonly #figureReader = new PeerFigureReader();
  readonly #state = new SamplingController<Sample | undefined>(this, {
    intervalMs: 100,
    initial: undefined,
    sample: () => this.#sample(),
  });
  readonly #figures = new SamplingController<PeerFigures | undefined>(this, {
    intervalMs: 500,
    initial: undefined,
    sample: () => this.#figureReader.read(this.peer),
  });

  constructor() {
    super();
    this.isVerified = false;
  }

  /** Moves the focus to this person's volume. */
  override focus(): void {
    this.renderRoot.querySelector("antiphon-fader")?.focus();
  }

  protected override render(): TemplateResult {
    const { isSpeaking, isMuted, state, gainDb } = this.#state.value ?? this.#sample();
    const { peer } = this;
    const isConnected = state === "connected";
    return html`
      <article class=${classMap({ card: true, speaking: isSpeaking, away: !isConnected })} aria-label=${peer.name}>
        <div class="who">
          <div class="avatar" aria-hidden="true">${initials(peer.name)}</div>
          <div class="name">
            <strong>${peer.name}</strong>
            <span class="muted small">${isConnected ? (isMuted ? "Muted" : isSpeaking ? "Speaking" : "Listening") : "Reconnecting…"}</span>
          </div>
          <button
            type="button"
            class="quiet icon compact ${this.isVerified ? "verified" : ""}"
            aria-label="${this.isVerified ? "Connection verified" : "Verify the connection"}: ${peer.name}"
            title=${this.isVerified ? "Connection verified" : "Compare codes: nobody sits between"}
            @click=${() => this.renderRoot.querySelector("antiphon-peer-dialog")?.show()}
          >
            <antiphon-icon name="shield"></antiphon-icon>
          </button>
          <antiphon-icon
            class=${isMuted ? "off" : ""}
            name=${isMuted ? "microphone-off" : "microphone"}
            title=${isMuted ? "Microphone is muted" : "Microphone is on"}
          ></antiphon-icon>
        </div>
        <antiphon-meter label="Level of ${peer.name}" .source=${this.#level}></antiphon-meter>
        ${this.#chips()}
        <div class="volume">
          <antiphon-icon name=${gainDb < -60 ? "speaker-off" : "speaker"}></antiphon-icon>
          <antiphon-fader
            label="Volume of ${peer.name}"
            .gainDb=${gainDb}
            @change=${({ detail }: CustomEvent<number>) => this.#setGain(detail)}
          ></antiphon-fader>
          <output class="small">${formatGain(gainDb)}</output>
        </div>
        <antiphon-peer-dialog
          .session=${this.session}
          .peer=${peer}
          @compared=${({ detail }: CustomEvent<boolean>) => {
            this.isVerified = detail;
          }}
        ></antiphon-peer-dialog>
      </article>
    `;
  }

  #chips(): TemplateResult | typeof nothing {
    const figures = this.#figures.value;
    if (figures === undefined) {
      return nothing;
    }
    const lossTone = (figures.lossPercent ?? 0) > 5 ? "bad" : (figures.lossPercent ?? 0) > 1 ? "warn" : "";
    return html`
      <div class="chips">
        <span class="chip" title="Round trip: the way there and back">RTT <b>${formatMs(figures.roundTripMs)}</b></span>
        <span class="chip ${lossTone}" title="Packets lost in the last seconds">
          loss <b>${formatPercent(figures.lossPercent)}</b>
        </span>
        <span class="chip" title="Jitter buffer: delay now, and the delay it steers to">
          buffer <b>${formatMs(figures.currentDelayMs)}</b> → ${formatMs(figures.targetDelayMs)}
        </span>
      </div>
    `;
  }

  readonly #level = (into: LevelReading): void => {
    this.peer.levels(into);
  };

  #sample(): Sample {
    const { isSpeaking, isMuted, connectionState, gainDb } = this.peer;
    return { isSpeaking, isMuted, state: connectionState, gainDb: Number.isFinite(gainDb) ? gainDb : -100 };
  }

  #setGain(gainDb: number): void {
    mixPeer(this.peer, { gainDb });
    this.#state.refresh();
  }
}

customElements.define("antiphon-peer-tile", AntiphonPeerTile);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-peer-tile": AntiphonPeerTile;
  }
}
