import { html, LitElement, nothing, type TemplateResult } from "lit";
import { silentCaptureLevels } from "../../engine/index.ts";
import { SamplingController } from "../controllers/sampling-controller.ts";
import { SessionController } from "../controllers/session-controller.ts";
import { settingsStore } from "../controllers/settings-store.ts";
import type { VoiceSession } from "../controllers/voice-session.ts";
import "../parts/antiphon-icon.ts";
import "../parts/antiphon-meter.ts";
import { formatMs } from "../parts/format-value.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../tokens/control-styles.ts";
import { callBarStyles } from "./call-bar-styles.ts";
import { keyName } from "./key-names.ts";
import { RovingFocus } from "./roving-focus.ts";
import { type TransmitState, transmitState } from "./transmit-state.ts";

/** The controls of a running call at the bottom of the page: what is sent, mute, deafen, talk, and the way out. */
export class AntiphonCallBar extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [baseStyles, controlStyles, surfaceStyles, callBarStyles];

  declare session: VoiceSession;
  readonly #levels = silentCaptureLevels();
  readonly #transmitting = new SamplingController<TransmitState | undefined>(this, {
    intervalMs: 100,
    initial: undefined,
    sample: () => this.#transmitState(),
  });
  readonly #roundTripMs = new SamplingController<number | undefined>(this, {
    intervalMs: 1000,
    initial: undefined,
    sample: () => this.#longestRoundTrip(),
  });

  constructor() {
    super();
    new SessionController(this);
    new RovingFocus(this, "[role=toolbar] button");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "Call controls");
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const state = this.#transmitting.value ?? this.#transmitState();
    const latencyMs = this.#roundTripMs.value;
    const { ui, capture } = settingsStore.settings;
    const hasMicrophone = session.microphone === "open";
    return html`
      <div class="state ${state.tone}">
        <antiphon-icon name=${state.icon}></antiphon-icon>
        <div class="word">
          <strong role="status">${state.word}</strong>
          <antiphon-meter label="Level sent" .source=${session.levels.sent}></antiphon-meter>
        </div>
      </div>
      <div role="toolbar" aria-label="Call" class="tools">
        <button
          type="button"
          class="tool alert"
          aria-pressed=${session.isMuted}
          title="${session.isMuted ? "Unmute" : "Mute"} (${keyName(ui.keys.mute)})"
          ?disabled=${!hasMicrophone}
          @click=${() => session.toggleMute()}
        >
          <antiphon-icon name=${session.isMuted ? "microphone-off" : "microphone"}></antiphon-icon>
          <span>Mute</span>
        </button>
        <button
          type="button"
          class="talk"
          title="Hold to talk (${keyName(capture.pushToTalk.key)})"
          ?disabled=${!hasMicrophone}
          @pointerdown=${this.#talkDown}
          @pointerup=${() => session.talk(false)}
          @pointercancel=${() => session.talk(false)}
          @lostpointercapture=${() => session.talk(false)}
          @keydown=${this.#talkKey}
          @keyup=${this.#talkKey}
          @blur=${() => session.talk(false)}
          @contextmenu=${(event: Event) => event.preventDefault()}
        >
          <antiphon-icon name="broadcast"></antiphon-icon>
          <span>Talk</span>
        </button>
        <button
          type="button"
          class="tool alert"
          aria-pressed=${session.isDeafened}
          title="${session.isDeafened ? "Hear again" : "Deafen"} (${keyName(ui.keys.deafen)})"
          @click=${() => session.toggleDeafen()}
        >
          <antiphon-icon name=${session.isDeafened ? "headphones-off" : "headphones"}></antiphon-icon>
          <span>Deafen</span>
        </button>
        <button
          type="button"
          class="tool chat"
          aria-pressed=${session.chat.isOpen}
          aria-label=${session.chat.unread === 0 ? "Chat" : `Chat, ${session.chat.unread} new`}
          title="Chat (${keyName(ui.keys.chat)})"
          @click=${() => session.chat.toggle()}
        >
          <antiphon-icon name="talk"></antiphon-icon>
          <span>Chat</span>
          ${session.chat.unread === 0 ? nothing : html`<b class="badge">${session.chat.unread}</b>`}
        </button>
        <button type="button" class="tool leave" title="Leave the call" @click=${() => session.leave()}>
          <antiphon-icon name="leave"></antiphon-icon>
          <span>Leave</span>
        </button>
      </div>
      <div class="figures">
        ${
          latencyMs === undefined
            ? nothing
            : html`<span class="chip" title="Longest way there and back to someone in the call">
                <span>round trip</span> <b>${formatMs(latencyMs)}</b>
              </span>`
        }
      </div>
    `;
  }

  #transmitState(): TransmitState {
    const { session } = this;
    session.levels.readCapture(this.#levels);
    return transmitState({
      hasMicrophone: session.microphone === "open",
      isLost: session.microphone === "lost",
      isMuted: session.isMuted,
      isDeafened: session.isDeafened,
      isTransmitting: this.#levels.isTransmitting,
      isTalkKeyActive: this.#levels.isTalkKeyActive,
      isTalkKeyDown: session.isTalking,
      mode: settingsStore.settings.capture.activation.mode,
    });
  }

  #longestRoundTrip(): number | undefined {
    const roundTrips = this.session.peers.flatMap((peer) => peer.stats().roundTripTimeMs ?? []);
    return roundTrips.length === 0 ? undefined : Math.round(Math.max(...roundTrips));
  }

  #talkDown(event: PointerEvent): void {
    if (event.currentTarget instanceof Element) {
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    this.session.talk(true);
  }

  #talkKey(event: KeyboardEvent): void {
    if (event.code === "Enter" || event.code === "Space") {
      event.preventDefault();
      event.stopPropagation();
      this.session.talk(event.type === "keydown");
    }
  }
}

customElements.define("antiphon-call-bar", AntiphonCallBar);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-call-bar": AntiphonCallBar;
  }
}
