import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { SoundCheckRecording } from "../../../engine/index.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

/** Length of a trial, seconds. */
const TRIAL_SECONDS = 3;

/** Way of the echo test's packets, ms: long enough to hear it apart from the own voice. */
const ECHO_DELAY_MS = 500;

/** How one listens to oneself: not, straight from the chain, or through the whole path. */
type Listening = "off" | "live" | "echo";

type Phase = "idle" | "recording" | "raw" | "processed";

/** Hearing oneself: three seconds before and after the processing, or live on headphones. */
export class AntiphonSoundTrial extends LitElement {
  static override properties = {
    session: { attribute: false },
    phase: { state: true },
    listening: { state: true },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2) var(--antiphon-space-4);
      }
      label {
        min-block-size: 32px;
        display: inline-flex;
        align-items: center;
        gap: var(--antiphon-space-2);
        font-size: var(--antiphon-font-size-s);
        font-weight: 500;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--antiphon-space-2) var(--antiphon-space-4);
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
  declare private listening: Listening;
  #clips: SoundCheckRecording | undefined;
  #playing: AbortController | undefined;
  #recording: AbortController | undefined;
  #startedAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new SessionController(this);
    this.phase = "idle";
    this.listening = "off";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#recording?.abort();
    this.#playing?.abort();
    if (this.listening !== "off") {
      this.#listen("off");
    }
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
      <div class="ways">
        ${this.#switch("live", "Hear myself", "Use headphones: through speakers this howls")}
        ${this.#switch("echo", "Echo test", "Your voice back through encoder, packets, jitter buffer and decoder, half a second later")}
      </div>
    `;
  }

  #switch(way: Exclude<Listening, "off">, label: string, hint: string): TemplateResult {
    const isOn = this.listening === way;
    return html`
      <label title=${hint}>
        <input
          type="checkbox"
          class="switch"
          role="switch"
          .checked=${isOn}
          @change=${() => this.#listen(isOn ? "off" : way)}
        />
        <antiphon-icon name="headphones"></antiphon-icon>${label}
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
    const check = this.session.engine?.soundCheck;
    if (check === undefined) {
      return;
    }
    this.#playing?.abort();
    this.phase = "recording";
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.requestUpdate(), 100);
    this.#recording = new AbortController();
    // A device that falls silent for good must not leave the trial hanging.
    const limit = setTimeout(() => this.#recording?.abort(), TRIAL_SECONDS * 1000 + 1500);
    try {
      this.#clips = await check.record({ seconds: TRIAL_SECONDS, signal: this.#recording.signal });
    } catch (error) {
      this.session.fail(error, "no-microphone", "Cannot record the microphone");
    } finally {
      clearTimeout(limit);
      clearInterval(this.#timer);
      this.phase = "idle";
    }
    if (this.isConnected) {
      await this.#play("processed");
    }
  }

  async #play(take: "raw" | "processed"): Promise<void> {
    const clip = this.#clips?.[take];
    this.#playing?.abort();
    if (this.phase === take || clip === undefined) {
      this.phase = "idle";
      return;
    }
    const playing = new AbortController();
    this.#playing = playing;
    this.phase = take;
    await this.session.engine?.soundCheck.play(clip, playing.signal);
    if (this.#playing === playing) {
      this.phase = "idle";
    }
  }

  #listen(way: Listening): void {
    const check = this.session?.engine?.soundCheck;
    this.listening = way;
    try {
      check?.setMonitoring(way === "live");
      if (way === "echo") {
        check?.startEcho({ delayMs: ECHO_DELAY_MS });
      } else {
        check?.stopEcho();
      }
    } catch (error) {
      this.listening = "off";
      this.session.fail(error, "no-microphone", "Cannot listen to the microphone");
    }
  }
}

customElements.define("antiphon-sound-trial", AntiphonSoundTrial);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-sound-trial": AntiphonSoundTrial;
  }
}
