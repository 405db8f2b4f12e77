import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { ClipPlayer } from "../../controllers/clip-player.ts";
import { type ClipPair, recordClips } from "../../controllers/clip-recording.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

/** Length of a trial, seconds. */
const TRIAL_SECONDS = 3;

type Phase = "idle" | "recording" | "raw" | "processed";

/** Hearing oneself: three seconds before and after the processing, or live on headphones. */
export class AntiphonSoundTrial extends LitElement {
  static override properties = {
    session: { attribute: false },
    phase: { state: true },
    isMonitored: { state: true },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: var(--antiphon-space-2);
        font-size: var(--antiphon-font-size-s);
        font-weight: 500;
      }
      .space {
        flex: 1;
      }
      progress {
        inline-size: 96px;
        block-size: 6px;
        accent-color: var(--antiphon-accent);
      }
    `,
  ];

  declare session: VoiceSession;
  declare private phase: Phase;
  declare private isMonitored: boolean;
  readonly #player = new ClipPlayer();
  #clips: ClipPair | undefined;
  #recording: AbortController | undefined;
  #startedAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new SessionController(this);
    this.phase = "idle";
    this.isMonitored = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#recording?.abort();
    this.#player.close();
    this.#monitor(false);
  }

  protected override render(): TemplateResult {
    const isRecording = this.phase === "recording";
    return html`
      <button type="button" class="compact" ?disabled=${isRecording} @click=${this.#record}>
        <antiphon-icon name="microphone"></antiphon-icon>
        ${isRecording ? "Say something…" : `Record ${TRIAL_SECONDS} seconds`}
      </button>
      ${
        isRecording
          ? html`<progress
              aria-label="Recording"
              max=${TRIAL_SECONDS * 1000}
              value=${performance.now() - this.#startedAt}
            ></progress>`
          : nothing
      }
      ${this.#clips === undefined || isRecording ? nothing : [this.#take("raw", "As it came in"), this.#take("processed", "As it is sent")]}
      <span class="space"></span>
      <label title="Use headphones: through speakers this howls">
        <input
          type="checkbox"
          class="switch"
          role="switch"
          .checked=${this.isMonitored}
          @change=${() => this.#monitor(!this.isMonitored)}
        />
        <antiphon-icon name="headphones"></antiphon-icon>Hear myself (headphones only)
      </label>
    `;
  }

  #take(take: "raw" | "processed", label: string): TemplateResult {
    const isPlaying = this.phase === take;
    return html`
      <button type="button" class="compact" aria-pressed=${isPlaying} @click=${() => this.#play(take)}>
        <antiphon-icon name=${isPlaying ? "stop" : "play"}></antiphon-icon>${label}
      </button>
    `;
  }

  async #record(): Promise<void> {
    const microphone = this.session.engine?.microphone;
    if (microphone === undefined) {
      return;
    }
    this.#player.stop();
    this.phase = "recording";
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.requestUpdate(), 100);
    this.#recording = new AbortController();
    // A device that falls silent for good must not leave the trial hanging.
    const limit = setTimeout(() => this.#recording?.abort(), TRIAL_SECONDS * 1000 + 1500);
    this.#clips = await recordClips(microphone, { seconds: TRIAL_SECONDS, signal: this.#recording.signal });
    clearTimeout(limit);
    clearInterval(this.#timer);
    this.phase = "idle";
    if (this.isConnected) {
      await this.#play("processed");
    }
  }

  async #play(take: "raw" | "processed"): Promise<void> {
    const clip = this.#clips?.[take];
    if (this.phase === take || clip === undefined) {
      this.#player.stop();
      this.phase = "idle";
      return;
    }
    this.phase = take;
    await this.#player.play(clip, settingsStore.settings.output.deviceId);
    if (this.phase === take) {
      this.phase = "idle";
    }
  }

  #monitor(isOn: boolean): void {
    this.isMonitored = isOn;
    this.session?.engine?.microphone?.setMonitored(isOn);
  }
}

customElements.define("antiphon-sound-trial", AntiphonSoundTrial);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-sound-trial": AntiphonSoundTrial;
  }
}
