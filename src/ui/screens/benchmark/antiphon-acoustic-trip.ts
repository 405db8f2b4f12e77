import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type AcousticRoundTrip, measureAcousticRoundTrip } from "../../../engine/index.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-callout.ts";
import { formatMs } from "../../parts/format-value.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

const SECONDS = 6;
/** With the time for devices to settle. */
const WHOLE_SECONDS = SECONDS + 1.5;
/** Share of the chirps that has to be heard for the figures to count. */
const ENOUGH = 0.6;

/** Measures what this machine's loudspeaker and microphone take, through the air: what every other figure leaves out. */
export class AntiphonAcousticTrip extends LitElement {
  static override properties = { session: { attribute: false }, found: { state: true }, startedAt: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--antiphon-space-3);
      }
      button {
        max-inline-size: 100%;
        white-space: normal;
      }
      ol {
        margin: 0;
        padding-inline-start: var(--antiphon-space-5);
        font-size: var(--antiphon-font-size-s);
      }
      progress {
        inline-size: 100%;
        accent-color: var(--antiphon-accent);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: var(--antiphon-space-2) var(--antiphon-space-5);
        margin: 0;
        font-size: var(--antiphon-font-size-s);
        font-variant-numeric: tabular-nums;
      }
      dt {
        color: var(--antiphon-muted);
      }
      dd {
        margin: 0;
        font-weight: 600;
      }
    `,
  ];

  declare session: VoiceSession;
  declare private found: AcousticRoundTrip | undefined;
  declare private startedAt: number | undefined;
  #end: AbortController | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.abort();
  }

  protected override render(): TemplateResult {
    const isRunning = this.startedAt !== undefined;
    const elapsed = isRunning ? (performance.now() - (this.startedAt ?? 0)) / 1_000 : 0;
    return html`
      <p class="muted small">
        How long a sound takes from the page to the loudspeaker, through the air and from the microphone back to the page. A call adds it
        on top of what the table shows.
      </p>
      <ol>
        <li>Take headphones off and use the loudspeaker you would use in a call, at the volume of a conversation.</li>
        <li>Be quiet for ${Math.ceil(WHOLE_SECONDS)} seconds: you will hear chirps.</li>
      </ol>
      <div>
        <button type="button" @click=${isRunning ? () => this.#end?.abort() : this.#measure}>
          ${isRunning ? "Stop" : this.found === undefined ? "Measure loudspeaker and microphone" : "Measure again"}
        </button>
      </div>
      ${
        isRunning
          ? html`<progress max=${WHOLE_SECONDS} value=${elapsed} aria-label="Acoustic round trip"></progress>`
          : nothing
      }
      <div role="status">${this.found === undefined || isRunning ? nothing : this.#result(this.found)}</div>
    `;
  }

  #result({ delay, chirps, outputLatencyMs }: AcousticRoundTrip): TemplateResult {
    if (delay === undefined || chirps.sent - chirps.lost < ENOUGH * chirps.sent) {
      return html`<antiphon-callout tone="warn" heading="The microphone did not hear the loudspeaker"
        >It heard ${chirps.sent - chirps.lost} of ${chirps.sent} chirps. Turn the volume up, take headphones off, and check in the Studio
        that the right microphone is chosen.</antiphon-callout
      >`;
    }
    return html`
      <dl>
        <div><dt>Round trip, median</dt><dd>${formatMs(delay.p50)}</dd></div>
        <div><dt>From the quickest to the slowest</dt><dd>${formatMs(delay.min)} … ${formatMs(delay.max)}</dd></div>
        <div><dt>The browser says of the output</dt><dd>${formatMs(outputLatencyMs)}</dd></div>
        <div><dt>Chirps heard</dt><dd>${chirps.sent - chirps.lost} of ${chirps.sent}</dd></div>
      </dl>
    `;
  }

  readonly #measure = async (): Promise<void> => {
    this.#end = new AbortController();
    this.startedAt = performance.now();
    this.#timer = setInterval(() => this.requestUpdate(), 100);
    const { deviceId } = settingsStore.settings.input;
    const { signal } = this.#end;
    try {
      this.found = await measureAcousticRoundTrip({
        seconds: SECONDS,
        signal,
        ...(deviceId === "" ? {} : { deviceId }),
      });
    } catch (error) {
      if (!signal.aborted) this.session.fail(error, "no-microphone", "Cannot measure the round trip");
    } finally {
      clearInterval(this.#timer);
      this.startedAt = undefined;
    }
  };
}

customElements.define("antiphon-acoustic-trip", AntiphonAcousticTrip);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-acoustic-trip": AntiphonAcousticTrip;
  }
}
