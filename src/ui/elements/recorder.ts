import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Note, toVoiceError, VoiceEngine, type VoiceEngineOptions, VoiceError } from "../../engine/index.ts";
import { settingsStore } from "../controllers/settings-store.ts";
import "../parts/antiphon-failure.ts";
import type { ErrorAction } from "../parts/error-advice.ts";
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
 * @fires {CustomEvent<{ note: Note, file: File }>} recorded - when a recording is complete
 * @fires {CustomEvent<{ error: VoiceError }>} failed - something did not work; the element shows the remedy itself
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
  readonly #composer = new NoteComposer(async () => (await this.#ready()).notes);
  #engine: VoiceEngine | undefined;
  #starting: Promise<VoiceEngine> | undefined;
  #lifetime: AbortController | undefined;
  #told: VoiceError | undefined;

  /** The engine behind the element, once it has started. */
  get engine(): VoiceEngine | undefined {
    return this.#engine;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    this.#composer.addEventListener("kept", ({ note }) => void this.#deliver(note), { signal });
    this.#composer.addEventListener("change", () => this.#follow(), { signal });
    super.addEventListener("act", this.#act);
    this.#ready().catch((error: unknown) => {
      if (!signal.aborted) this.#fail(error, "Cannot start the recorder");
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    super.removeEventListener("act", this.#act);
    this.#lifetime?.abort();
    void this.#engine?.close();
    this.#engine = undefined;
    this.#starting = undefined;
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
              .exclude=${["join-listen-only", "retry-join", "new-room"]}
            ></antiphon-failure>`
      }
      <antiphon-note-recorder .composer=${this.#composer}></antiphon-note-recorder>
    `;
  }

  /** The engine, once it has started. Tries again after a start that failed. */
  #ready(): Promise<VoiceEngine> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<VoiceEngine> {
    const lifetime = this.#lifetime;
    try {
      const engine = await VoiceEngine.start({ ...this.engineOptions, settings: settingsStore.settings });
      if (lifetime?.signal.aborted !== false) {
        await engine.close();
        throw new VoiceError("closed", "Cannot start the recorder: it was taken off the page");
      }
      this.#engine = engine;
      await engine.notes.open();
      this.failure = undefined;
      return engine;
    } catch (error) {
      if (lifetime === this.#lifetime) this.#starting = undefined;
      throw error;
    }
  }

  /** What keeps the recorder from recording it shows itself; the page around it is told. */
  #follow(): void {
    const { failure } = this.#composer;
    if (failure !== undefined && failure !== this.#told) {
      this.failure = undefined;
      this.dispatchEvent(new CustomEvent("failed", { detail: { error: failure } }));
    }
    this.#told = failure;
  }

  /** A remedy under an error was pressed. */
  readonly #act = (event: Event): void => {
    if (!(event instanceof CustomEvent)) return;
    switch (event.detail as ErrorAction) {
      case "retry-microphone":
        void this.#openMicrophone();
        break;
      case "resume-audio":
        this.#engine?.resume().catch((error: unknown) => this.#fail(error, "Cannot start audio"));
        break;
      case "reload":
        location.reload();
        break;
      default:
    }
  };

  async #openMicrophone(): Promise<void> {
    try {
      const engine = await this.#ready();
      await engine.openMicrophone();
      this.failure = undefined;
      this.#composer.dismiss();
    } catch (error) {
      this.#composer.dismiss();
      this.#fail(error, "Cannot open the microphone");
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
