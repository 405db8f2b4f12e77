import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  type Note,
  type Notes,
  type Peer,
  type SentNote,
  toVoiceError,
  type VoiceError,
} from "../../../engine/index.ts";
import { notices } from "../../controllers/notices.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-failure.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-arriving-note.ts";
import "./antiphon-note-bubble.ts";
import type { NoteRequest } from "./antiphon-note-bubble.ts";
import "./antiphon-note-recorder.ts";
import { formatDuration } from "./format-duration.ts";
import { NoteComposer } from "./note-composer.ts";
import { notesStyles } from "./notes-styles.ts";

/** How long a deleted note can be taken back, ms. The engine keeps it as long. */
const UNDO_MS = 5_000;

/** Voice notes: record, listen, polish, send and keep them. */
export class AntiphonNotesScreen extends LitElement {
  static override properties = {
    session: { attribute: false },
    isDropping: { state: true },
    discarded: { state: true },
    failure: { state: true },
    importing: { state: true },
  };
  static override styles = [baseStyles, controlStyles, surfaceStyles, notesStyles];

  declare session: VoiceSession;
  declare isDropping: boolean;
  /** The note that can still be taken back. */
  declare discarded: Note | undefined;
  declare failure: VoiceError | undefined;
  /** Files that are still being read. */
  declare importing: number;
  readonly composer = new NoteComposer(async () => (await this.session.ready()).notes);
  readonly #sent = new Map<string, SentNote>();
  #followed: Notes | undefined;
  #lifetime: AbortController | undefined;
  #undoTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.isDropping = false;
    this.importing = 0;
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lifetime = new AbortController();
    this.#followed = undefined;
    const { signal } = this.#lifetime;
    // In front of the page's own shortcuts: here the note key records instead of opening this screen.
    addEventListener("keydown", (event) => this.#key(event), { signal, capture: true });
    this.composer.addEventListener("discarded", ({ note }) => this.#offerUndo(note), { signal });
    this.composer.addEventListener("kept", ({ note }) => void this.#reveal(note), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#undoTimer);
    this.discarded = undefined;
    // Another screen, or the page is going: what was said stays.
    if (this.composer.phase === "voice") this.composer.stopListening();
    else this.composer.act("stop");
    this.#lifetime?.abort();
  }

  protected override willUpdate(): void {
    this.#follow(this.session.engine?.notes);
  }

  protected override render(): TemplateResult {
    const notes = this.session.engine?.notes;
    const list = notes?.list ?? [];
    return html`
      <div
        class="page"
        ?data-dropping=${this.isDropping}
        @dragover=${this.#dragOver}
        @dragleave=${() => (this.isDropping = false)}
        @drop=${this.#drop}
      >
        <header>
          <h1>Voice notes</h1>
          ${this.#tools(notes)}
        </header>
        <antiphon-failure .error=${this.failure} .exclude=${["join-listen-only"]}></antiphon-failure>
        ${list.length === 0 ? this.#emptiness() : nothing}
        <ol aria-label="Voice notes">
          ${
            notes === undefined
              ? nothing
              : repeat(
                  list,
                  ({ id }) => id,
                  (note) => html`
                    <li class=${note.origin}>
                      <antiphon-note-bubble
                        id="note-${note.id}"
                        .notes=${notes}
                        .note=${note}
                        .peers=${this.session.peers}
                        .sent=${this.#sent.get(note.id)}
                        @request=${this.#answer}
                      ></antiphon-note-bubble>
                    </li>
                  `,
                )
          }
          ${repeat(
            notes?.arriving ?? [],
            ({ id }) => id,
            (note) => html`<li class="received"><antiphon-arriving-note .note=${note}></antiphon-arriving-note></li>`,
          )}
        </ol>
        <footer>
          ${this.#undo()}
          <antiphon-note-recorder .composer=${this.composer}></antiphon-note-recorder>
        </footer>
      </div>
    `;
  }

  #tools(notes: Notes | undefined): TemplateResult {
    const player = notes?.player;
    return html`
      <div class="tools">
        ${this.#callRecorder(notes)}
        <button
          type="button"
          class="compact"
          aria-pressed=${player?.skipsSilence ?? false}
          ?disabled=${player === undefined}
          @click=${() => {
            if (player !== undefined) player.skipsSilence = !player.skipsSilence;
          }}
        >
          Skip silence
        </button>
        <button
          type="button"
          class="compact"
          aria-pressed=${player?.continues ?? true}
          title="When a note ends, play the next one you have not heard"
          ?disabled=${player === undefined}
          @click=${() => {
            if (player !== undefined) player.continues = !player.continues;
          }}
        >
          Play on
        </button>
        <button type="button" class="compact" ?disabled=${notes === undefined} @click=${this.#chooseFile}>
          <antiphon-icon name="upload"></antiphon-icon>${this.importing > 0 ? "Reading…" : "Open…"}
        </button>
        <input type="file" hidden multiple accept="audio/*,.opus,.ogg,.wav,.webm" aria-label="Sound files to open" @change=${this.#chosen} />
      </div>
    `;
  }

  /** Recording the call needs somebody to record; stopping it needs nothing. */
  #callRecorder(notes: Notes | undefined): TemplateResult | typeof nothing {
    const recording = notes?.callRecording;
    if (notes === undefined || (recording === undefined && this.session.phase !== "in-room")) return nothing;
    return html`
      <button
        type="button"
        class="compact alert"
        aria-pressed=${recording !== undefined}
        title="A track for everybody and one for the mix. Everybody in the room is told"
        @click=${() => void this.#toggleCall(notes)}
      >
        <antiphon-icon name=${recording === undefined ? "broadcast" : "stop"}></antiphon-icon>
        ${recording === undefined ? "Record the call" : `Stop recording · ${formatDuration(recording.seconds)}`}
      </button>
    `;
  }

  #emptiness(): TemplateResult {
    return html`
      <div class="empty">
        <antiphon-icon name="microphone"></antiphon-icon>
        <h2>Nothing recorded yet</h2>
        <p class="muted">
          Hold the button below and speak. Let go to keep the note, slide left to cancel, slide up to go on hands-free. Notes stay
          on this device until you send them.
        </p>
      </div>
    `;
  }

  #undo(): TemplateResult | typeof nothing {
    const note = this.discarded;
    if (note === undefined) return nothing;
    return html`
      <div class="undo" role="status">
        <span>Note deleted.</span>
        <button type="button" class="compact" @click=${() => this.#takeBack(note)}>
          <antiphon-icon name="undo"></antiphon-icon>Undo
        </button>
      </div>
    `;
  }

  /** The engine starts after the page: its notes are followed from then on. */
  #follow(notes: Notes | undefined): void {
    if (notes === undefined || notes === this.#followed || this.#lifetime === undefined) return;
    this.#followed = notes;
    const { signal } = this.#lifetime;
    const refresh = (): void => this.requestUpdate();
    notes.addEventListener("changed", refresh, { signal });
    notes.addEventListener("recording-changed", refresh, { signal });
    notes.player.addEventListener("changed", refresh, { signal });
    notes.addEventListener("error", ({ error }) => this.#fail(error), { signal });
    notes.open().catch((error: unknown) => this.#fail(error));
  }

  /** A fresh note is at the end of the list: show it. */
  async #reveal(note: Note): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector(`#note-${note.id}`)?.scrollIntoView({ block: "nearest" });
  }

  #answer({ detail }: CustomEvent<NoteRequest>): void {
    switch (detail.type) {
      case "discard":
        this.#discard(detail.note);
        break;
      case "record-again":
        this.composer.recordAgain(detail.note);
        break;
      case "send":
        void this.#send(detail.note, detail.to);
        break;
      default:
        this.#fail(detail.error);
    }
  }

  #discard(note: Note): void {
    const discarding = this.session.engine?.notes.discard(note);
    discarding?.then(() => this.#offerUndo(note)).catch((error: unknown) => this.#fail(error));
  }

  async #send(note: Note, to: readonly Peer[] | undefined): Promise<void> {
    try {
      const sent = await this.session.engine?.notes.send(note, to);
      if (sent === undefined) return;
      this.#sent.set(note.id, sent);
      this.requestUpdate();
      sent.addEventListener("changed", () => this.requestUpdate());
    } catch (error) {
      this.#fail(error);
    }
  }

  async #toggleCall(notes: Notes): Promise<void> {
    try {
      if (notes.callRecording !== undefined) {
        await notes.callRecording.stop();
        return;
      }
      const title = `Call in ${this.session.room?.name ?? "a room"}`;
      const recording = await notes.recordCall({ title });
      recording.addEventListener("changed", () => this.requestUpdate());
      recording.addEventListener("ended", ({ message }) => {
        if (message !== "") notices.show(`${message}. What was recorded until then was kept.`, { tone: "warn" });
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #offerUndo(note: Note): void {
    clearTimeout(this.#undoTimer);
    this.discarded = note;
    this.#undoTimer = setTimeout(() => {
      this.discarded = undefined;
    }, UNDO_MS);
  }

  #takeBack(note: Note): void {
    clearTimeout(this.#undoTimer);
    this.discarded = undefined;
    this.session.engine?.notes.restore(note).catch((error: unknown) => this.#fail(error));
  }

  #chooseFile(): void {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
  }

  #chosen(event: Event): void {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) return;
    void this.#import([...(input.files ?? [])]);
    input.value = "";
  }

  #dragOver(event: DragEvent): void {
    if (event.dataTransfer?.types.includes("Files") === true) {
      event.preventDefault();
      this.isDropping = true;
    }
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.isDropping = false;
    void this.#import([...(event.dataTransfer?.files ?? [])]);
  }

  async #import(files: readonly File[]): Promise<void> {
    const notes = this.session.engine?.notes;
    if (notes === undefined) return;
    this.importing += files.length;
    for (const file of files) {
      try {
        await this.#reveal(await notes.import(file));
      } catch (error) {
        this.#fail(error);
      }
      this.importing -= 1;
    }
  }

  /** The note key holds the recorder as a finger does; Escape cancels. */
  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.code === "Escape" && this.composer.phase !== "idle") {
      event.preventDefault();
      event.stopPropagation();
      this.composer.act("cancel");
    } else if (event.code === settingsStore.settings.ui.keys.note) {
      event.preventDefault();
      event.stopPropagation();
      this.renderRoot.querySelector("antiphon-note-recorder")?.holdKey(event);
    }
  }

  #fail(error: unknown): void {
    this.failure = toVoiceError(error, "unsupported", "Something went wrong with the note");
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "text");
}

customElements.define("antiphon-notes-screen", AntiphonNotesScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-notes-screen": AntiphonNotesScreen;
  }
}
