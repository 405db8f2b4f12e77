import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import "../../parts/antiphon-callout.ts";
import "../../parts/antiphon-failure.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";
import "./antiphon-live-waveform.ts";
import { formatDuration, spokenDuration } from "./format-duration.ts";
import type { NoteComposer } from "./note-composer.ts";
import { CANCEL_DISTANCE, LOCK_DISTANCE } from "./record-gesture.ts";
import { recorderStyles } from "./recorder-styles.ts";

/** From here on the time that is left is shown beside the time that is gone, in seconds. */
const LAST_MINUTE = 60;

/**
 * The recorder under the list of notes: one button to hold, tap or press with a key, and what to do while it records.
 */
export class AntiphonNoteRecorder extends LitElement {
  static override properties = { composer: { attribute: false } };
  static override styles = [baseStyles, controlStyles, recorderStyles];

  declare composer: NoteComposer;
  #lifetime: AbortController | undefined;
  #pointer: number | undefined;
  #heldKey: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    // Keys are let go of anywhere; a window that loses the keyboard sends no keyup.
    addEventListener("keyup", (event) => this.#keyUp(event), { signal });
    addEventListener("keydown", (event) => this.#slideByKey(event), { signal });
    addEventListener("blur", () => this.#lose(), { signal });
    if (this.hasUpdated) this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#lose();
    this.#lifetime?.abort();
  }

  protected override firstUpdated(_changed: PropertyValues<this>): void {
    this.#follow();
  }

  protected override render(): TemplateResult {
    const { composer } = this;
    return html`
      ${
        composer.message === ""
          ? nothing
          : html`<p class="message" role="status">${composer.message}
              <button type="button" class="quiet icon compact" aria-label="Dismiss" @click=${() => composer.dismiss()}>
                <antiphon-icon name="close"></antiphon-icon>
              </button>
            </p>`
      }
      <antiphon-failure .error=${composer.failure} .exclude=${["join-listen-only"]}></antiphon-failure>
      <div class="bar" data-phase=${composer.phase}>
        ${composer.phase === "idle" ? this.#invitation() : this.#progress()} ${this.#controls()} ${this.#recordButton()}
      </div>
    `;
  }

  /** Starts and ends a hold by key, as the button does by pointer. */
  holdKey(event: KeyboardEvent): void {
    if (event.repeat || this.#heldKey !== undefined) return;
    if (this.composer.phase === "locked") {
      this.composer.act("stop");
      return;
    }
    this.#heldKey = event.code;
    this.composer.input({ type: "press", x: 0, y: 0, at: event.timeStamp });
  }

  #follow(): void {
    const { signal } = this.#lifetime ?? new AbortController();
    this.composer.addEventListener("change", () => this.requestUpdate(), { signal });
  }

  #invitation(): TemplateResult {
    return html`
      <p class="hint">
        <span class="long">Hold to record, or tap to record hands-free.</span>
        <span class="short">Hold or tap to record</span>
      </p>
    `;
  }

  #progress(): TemplateResult {
    const { recording, phase, gesture } = this.composer;
    const seconds = recording?.seconds ?? 0;
    const secondsLeft = recording?.secondsLeft ?? Number.POSITIVE_INFINITY;
    return html`
      <div class="time">
        <span class="dot" ?data-live=${recording?.state === "recording"}></span>
        <span role="timer" aria-label=${`Recorded ${spokenDuration(seconds)}`}>${formatDuration(seconds)}</span>
        ${secondsLeft < LAST_MINUTE ? html`<span class="left">−${formatDuration(Math.ceil(secondsLeft))}</span>` : nothing}
      </div>
      ${
        phase === "held" && gesture.isHeld
          ? html`<div class="slide" style="--way: ${gesture.cancelling}">
              <antiphon-live-waveform .recording=${recording}></antiphon-live-waveform>
              <span class="small"><antiphon-icon name="chevron-down" class="leftwards"></antiphon-icon>Slide to cancel</span>
            </div>`
          : html`<div class="slide">
              <antiphon-live-waveform .recording=${recording}></antiphon-live-waveform>
              ${this.#state()}
            </div>`
      }
    `;
  }

  #state(): TemplateResult | typeof nothing {
    const { recording, phase } = this.composer;
    const words =
      phase === "starting"
        ? "Opening the microphone…"
        : recording?.state === "waiting"
          ? "Listening for a voice…"
          : recording?.state === "paused"
            ? "Paused"
            : recording?.state === "saving"
              ? "Saving…"
              : "";
    return words === "" ? nothing : html`<span class="small" role="status">${words}</span>`;
  }

  #controls(): TemplateResult {
    const { composer } = this;
    const { phase, recording } = composer;
    if (phase === "idle") {
      return html`
        <button type="button" class="voice" title="Records as soon as somebody speaks" @click=${() => composer.listen()}>
          <antiphon-icon name="broadcast"></antiphon-icon><span>By voice</span>
        </button>
      `;
    }
    if (phase === "held" && composer.gesture.isHeld) {
      return html`<span class="lock-way" style="--way: ${composer.gesture.locking}" aria-hidden="true">
        <antiphon-icon name="lock"></antiphon-icon>
      </span>`;
    }
    const isPaused = recording?.state === "paused";
    const canPause = phase === "locked" && (isPaused || recording?.state === "recording");
    return html`
      <button type="button" class="icon quiet" aria-label="Cancel the recording" title="Cancel (Esc)" @click=${() => composer.act("cancel")}>
        <antiphon-icon name="trash"></antiphon-icon>
      </button>
      ${
        canPause
          ? html`<button
              type="button"
              class="icon"
              aria-label=${isPaused ? "Go on recording" : "Pause the recording"}
              title=${isPaused ? "Go on" : "Pause"}
              @click=${() => composer.togglePause()}
            >
              <antiphon-icon name=${isPaused ? "microphone" : "pause"}></antiphon-icon>
            </button>`
          : nothing
      }
    `;
  }

  #recordButton(): TemplateResult {
    const { composer } = this;
    if (composer.phase === "locked" || composer.phase === "voice") {
      return html`
        <button type="button" class="record stop" aria-label="Stop and keep the recording" title="Stop and keep" @click=${this.#stop}>
          <antiphon-icon name=${composer.phase === "voice" ? "stop" : "check"}></antiphon-icon>
        </button>
      `;
    }
    return html`
      <button
        type="button"
        class="record"
        aria-label="Record a voice note: hold, or tap to record hands-free"
        title="Hold or tap (N)"
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#release}
        @pointercancel=${() => this.#lose()}
        @lostpointercapture=${() => this.#lose()}
        @contextmenu=${(event: Event) => event.preventDefault()}
        @keydown=${this.#keyDown}
        @click=${this.#click}
      >
        <antiphon-icon name="microphone"></antiphon-icon>
      </button>
    `;
  }

  readonly #stop = (): void => {
    if (this.composer.phase === "voice") this.composer.stopListening();
    else this.composer.act("stop");
  };

  #press(event: PointerEvent): void {
    // A pointer that slid up is never let go of here: the button it held has made way for another one.
    const isHeld = this.#pointer !== undefined && this.composer.gesture.isHeld;
    if (event.button !== 0 || isHeld || !(event.currentTarget instanceof Element)) return;
    this.#pointer = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.composer.input({ type: "press", x: event.clientX, y: event.clientY, at: event.timeStamp });
  }

  #move(event: PointerEvent): void {
    if (event.pointerId === this.#pointer) {
      this.composer.input({ type: "move", x: event.clientX, y: event.clientY });
    }
  }

  #release(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = undefined;
    this.composer.input({ type: "release", at: event.timeStamp });
  }

  /** Space and Enter hold the button as a finger does. */
  #keyDown(event: KeyboardEvent): void {
    if (event.code !== "Space" && event.code !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    this.holdKey(event);
  }

  /** While a key holds the button, arrows slide as a finger does: left cancels, up locks. */
  #slideByKey(event: KeyboardEvent): void {
    if (this.#heldKey === undefined) return;
    if (event.key === "ArrowLeft") this.composer.input({ type: "move", x: -CANCEL_DISTANCE, y: 0 });
    else if (event.key === "ArrowUp") this.composer.input({ type: "move", x: 0, y: -LOCK_DISTANCE });
    else return;
    event.preventDefault();
  }

  #keyUp(event: KeyboardEvent): void {
    if (event.code !== this.#heldKey) return;
    this.#heldKey = undefined;
    this.composer.input({ type: "release", at: event.timeStamp });
  }

  /** A click without pointer and key is a screen reader's or a script's: it starts hands-free. */
  #click(event: MouseEvent): void {
    if (event.detail !== 0 || this.composer.phase !== "idle") return;
    this.composer.input({ type: "press", x: 0, y: 0, at: event.timeStamp });
    this.composer.input({ type: "release", at: event.timeStamp });
  }

  #lose(): void {
    if (this.#pointer === undefined && this.#heldKey === undefined) return;
    this.#pointer = undefined;
    this.#heldKey = undefined;
    this.composer.input({ type: "lose" });
  }
}

customElements.define("antiphon-note-recorder", AntiphonNoteRecorder);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-note-recorder": AntiphonNoteRecorder;
  }
}
