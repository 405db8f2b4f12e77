import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type NoiseFindings, NoiseMeasurement, silentCaptureLevels, snrAdvice } from "../../../engine/index.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-callout.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

const QUIET_SECONDS = 4;
const SPEECH_SECONDS = 6;
/** Readings a second; the chain publishes a hundred. */
const READINGS = 50;

type Step = "idle" | "quiet" | "speech" | "done";

/** Measures how noisy the microphone is, and what the chain makes of it: a stretch of silence, then one of speech. */
export class AntiphonNoiseExperiment extends LitElement {
  static override properties = {
    session: { attribute: false },
    step: { state: true },
    remaining: { state: true },
    findings: { state: true },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--antiphon-space-3);
      }
      table {
        border-collapse: collapse;
        font-size: var(--antiphon-font-size-s);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: var(--antiphon-space-1) var(--antiphon-space-3) var(--antiphon-space-1) 0;
        text-align: start;
      }
      th {
        color: var(--antiphon-muted);
        font-weight: 500;
      }
      progress {
        inline-size: 100%;
        accent-color: var(--antiphon-accent);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-3);
      }
    `,
  ];

  declare session: VoiceSession;
  declare private step: Step;
  declare private remaining: number;
  declare private findings: NoiseFindings | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.step = "idle";
    this.remaining = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.step = this.findings === undefined ? "idle" : "done";
  }

  protected override render(): TemplateResult {
    const isRunning = this.step === "quiet" || this.step === "speech";
    return html`
      <p class="muted small">
        ${QUIET_SECONDS} seconds of silence, then ${SPEECH_SECONDS} seconds of speech, through the chain as it is set now.
      </p>
      <div class="row">
        <button type="button" ?disabled=${isRunning} @click=${this.#start}>
          ${this.findings === undefined ? "Measure my noise" : "Measure again"}
        </button>
        <span role="status">
          ${isRunning ? html`<strong>${this.step === "quiet" ? "Be quiet" : "Now speak"}</strong> · ${Math.ceil(this.remaining)} s` : nothing}
        </span>
      </div>
      ${
        isRunning
          ? html`<progress
              max=${QUIET_SECONDS + SPEECH_SECONDS}
              value=${QUIET_SECONDS + SPEECH_SECONDS - this.remaining - (this.step === "quiet" ? SPEECH_SECONDS : 0)}
              aria-label="Noise measurement"
            ></progress>`
          : nothing
      }
      ${this.findings === undefined ? nothing : this.#table(this.findings)}
    `;
  }

  #table(found: NoiseFindings): TemplateResult {
    const level = (value: number): string => (value <= -100 ? "silent" : `${value.toFixed(0).replace("-", "−")} dBFS`);
    return html`
      <table>
        <thead>
          <tr><td></td><th scope="col">Microphone</th><th scope="col">Behind the chain</th></tr>
        </thead>
        <tbody>
          <tr><th scope="row">Noise floor</th><td>${level(found.inputNoiseDb)}</td><td>${level(found.outputNoiseDb)}</td></tr>
          <tr><th scope="row">Speech</th><td>${level(found.inputSpeechDb)}</td><td>${level(found.outputSpeechDb)}</td></tr>
          <tr>
            <th scope="row">Speech over noise</th>
            <td>${found.inputSnrDb.toFixed(0)} dB</td>
            <td>${found.outputSnrDb.toFixed(0)} dB</td>
          </tr>
          <tr>
            <th scope="row">Sent</th>
            <td>${found.openWhenQuietPercent.toFixed(0)} % of the silence</td>
            <td>${found.openWhenSpeakingPercent.toFixed(0)} % of the speech</td>
          </tr>
        </tbody>
      </table>
      <p class="small">${snrAdvice(found.inputSnrDb)}</p>
    `;
  }

  readonly #start = async (): Promise<void> => {
    if (!(await this.session.openMicrophone())) return;
    const measurement = new NoiseMeasurement();
    const levels = silentCaptureLevels();
    const startedAt = performance.now();
    this.findings = undefined;
    this.step = "quiet";
    this.remaining = QUIET_SECONDS;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      const elapsed = (performance.now() - startedAt) / 1_000;
      const isSpeaking = elapsed >= QUIET_SECONDS;
      const { engine } = this.session;
      if (engine !== undefined) measurement.add(engine.capture.levels(levels), isSpeaking);
      this.step = isSpeaking ? "speech" : "quiet";
      this.remaining = (isSpeaking ? QUIET_SECONDS + SPEECH_SECONDS : QUIET_SECONDS) - elapsed;
      if (elapsed >= QUIET_SECONDS + SPEECH_SECONDS) {
        clearInterval(this.#timer);
        this.findings = measurement.findings();
        this.step = "done";
      }
    }, 1_000 / READINGS);
  };
}

customElements.define("antiphon-noise-experiment", AntiphonNoiseExperiment);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-noise-experiment": AntiphonNoiseExperiment;
  }
}
