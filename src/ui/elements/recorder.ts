import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Note, toVoiceError, VoiceEngine, type VoiceEngineOptions, type VoiceError } from "../../engine/index.ts";
import { settingsStore } from "../controllers/settings-store.ts";
import "../parts/antiphon-failure.ts";
import "../screens/notes/antiphon-note-recorder.ts";
import { NoteComposer } from "../screens/notes/note-composer.ts";
import "../tokens/tokens.css";

/** Events of `<antiphon-recorder>`, by name. */
export type AntiphonRecorderEventMap = {
  readonly recorded: CustomEvent<{ readonly note: Note; readonly file: File }>;
  readonly failed: CustomEvent<{ readonly error: VoiceError }>;
};

/**
 * A voice recorder to put on any page: hold to record, slide away to cancel, tap to record hands-free. The sound goes through the
 * same capture chain as a call and comes out as an Ogg Opus file.
 *
 * @fires recorded - `CustomEvent<{ note: Note, file: File }>` when a recording is complete
 * @fires failed - `CustomEvent<{ error: VoiceError }>`: something did not work; the element shows the remedy itself
 * @cssprop --antiphon-accent - colour of the record button
 * @cssprop --antiphon-surface - of the bar
 * @cssprop --antiphon-font - typeface
 */
export class AntiphonRecorder extends LitElement {
  static override properties = { engineOptions: { attribute: false }, failure: { attribute: false, state: true } };
  static override styles = css`
    :host {
      display: grid;
      gap: var(--antiphon-space-3);
      color: var(--antiphon-text);
      font: 400 var(--antiphon-font-size) / 1.45 var(--antiphon-font);
      font-variant-numeric: tabular-nums;
    }
  `;

  /** Assets and latency of the engine. Set it before the element is connected. */
  declare engineOptions: Omit<VoiceEngineOptions, "settings"> | undefined;
  declare private failure: VoiceError | undefined;
  readonly #composer = new NoteComposer(() => this.#engine?.notes);
  #engine: VoiceEngine | undefined;

  /** The engine behind the element, once it has started. */
  get engine(): VoiceEngine | undefined {
    return this.#engine;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#composer.addEventListener("kept", ({ note }) => void this.#deliver(note));
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.#engine?.close();
    this.#engine = undefined;
  }

  override addEventListener<Type extends keyof AntiphonRecorderEventMap>(
    type: Type,
    listener: (event: AntiphonRecorderEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  protected override render(): TemplateResult {
    return html`
      ${
        this.failure === undefined
          ? nothing
          : html`<antiphon-failure
              .error=${this.failure}
              .exclude=${["join-listen-only", "retry-join", "new-room", "retry-microphone"]}
            ></antiphon-failure>`
      }
      <antiphon-note-recorder .composer=${this.#composer}></antiphon-note-recorder>
    `;
  }

  async #start(): Promise<void> {
    try {
      const engine = await VoiceEngine.start({ ...this.engineOptions, settings: settingsStore.settings });
      if (!this.isConnected) {
        await engine.close();
        return;
      }
      this.#engine = engine;
      await engine.notes.open();
    } catch (error) {
      this.#fail(error, "Cannot start the recorder");
    }
  }

  async #deliver(note: Note): Promise<void> {
    const notes = this.#engine?.notes;
    if (notes === undefined) {
      return;
    }
    try {
      const file = await notes.export(note, "ogg");
      this.dispatchEvent(new CustomEvent("recorded", { detail: { note, file } }));
    } catch (error) {
      this.#fail(error, "Cannot read the recording");
    }
  }

  #fail(error: unknown, attempt: string): void {
    this.failure = toVoiceError(error, "unsupported", attempt);
    this.dispatchEvent(new CustomEvent("failed", { detail: { error: this.failure } }));
  }
}

customElements.define("antiphon-recorder", AntiphonRecorder);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-recorder": AntiphonRecorder;
  }
}
