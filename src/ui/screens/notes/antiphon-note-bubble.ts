import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ExportFormat, Note, Notes, Peer, SentNote } from "../../../engine/index.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-note-clock.ts";
import "./antiphon-note-cutter.ts";
import "./antiphon-note-waveform.ts";
import { bubbleStyles } from "./bubble-styles.ts";

/** Speeds that the button goes through. */
const SPEEDS = [1, 1.5, 2] as const;

/** Something that is asked of the screen about a note. */
export type NoteRequest =
  | { readonly type: "discard"; readonly note: Note }
  | { readonly type: "record-again"; readonly note: Note }
  | { readonly type: "send"; readonly note: Note; readonly to: readonly Peer[] | undefined }
  | { readonly type: "failed"; readonly error: unknown };

const editWords = { trimmed: "silence trimmed", normalised: "loudness normalised", cut: "cut" } as const;

/**
 * One voice note: play, scrub, speed, and what can be done to it.
 *
 * @fires request - `CustomEvent<NoteRequest>`
 */
export class AntiphonNoteBubble extends LitElement {
  static override properties = {
    notes: { attribute: false },
    note: { attribute: false },
    peers: { attribute: false },
    sent: { attribute: false },
    isOpen: { state: true },
    isCutting: { state: true },
    progress: { state: true },
  };
  static override styles = [baseStyles, controlStyles, surfaceStyles, bubbleStyles];

  declare notes: Notes;
  declare note: Note;
  /** Those it can be sent to. */
  declare peers: readonly Peer[];
  /** How its last sending goes. */
  declare sent: SentNote | undefined;
  declare isOpen: boolean;
  declare isCutting: boolean;
  /** Of the work that is being done to the note, 0…1. */
  declare progress: number | undefined;
  #cued = 0;
  #lifetime: AbortController | undefined;

  constructor() {
    super();
    this.peers = [];
    this.isOpen = false;
    this.isCutting = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lifetime = new AbortController();
    if (this.hasUpdated) this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#lifetime?.abort();
  }

  protected override firstUpdated(): void {
    this.#follow();
  }

  protected override render(): TemplateResult {
    const { note } = this;
    const { player } = this.notes;
    const isMine = player.note?.id === note.id;
    const isPlaying = isMine && player.isPlaying;
    const seconds = note.samples / 48_000;
    return html`
      <article class="card ${note.origin}" aria-label=${this.#name()}>
        ${note.state === "draft" ? this.#draft() : nothing}
        <div class="line">
          <button
            type="button"
            class="play"
            aria-label=${isPlaying ? "Pause" : `Play ${this.#name()}`}
            @click=${this.#toggle}
          >
            <antiphon-icon name=${isPlaying ? "pause" : "play"}></antiphon-icon>
          </button>
          <antiphon-note-waveform
            label="Position in ${this.#name()}"
            .peaks=${note.peaks}
            .seconds=${seconds}
            .position=${this.#position}
            .isActive=${isPlaying}
            @seek=${this.#seek}
          ></antiphon-note-waveform>
          ${
            isMine
              ? html`<button
                  type="button"
                  class="compact speed"
                  aria-label="Speed ${player.rate}×"
                  title="Speed: click for the next, Shift + click for half and triple speed"
                  @click=${this.#nextSpeed}
                >
                  ${player.rate}×
                </button>`
              : nothing
          }
        </div>
        <div class="facts small">
          ${note.isPlayed ? nothing : html`<span class="dot" role="img" aria-label="Not played yet"></span>`}
          <span class="when muted" title=${this.#name()}>${this.#name()}</span>
          <antiphon-note-clock .player=${player} .note=${note}></antiphon-note-clock>
          <button
            type="button"
            class="quiet icon compact"
            aria-expanded=${this.isOpen}
            aria-label="More about this note"
            @click=${() => (this.isOpen = !this.isOpen)}
          >
            <antiphon-icon name="more"></antiphon-icon>
          </button>
        </div>
        ${
          this.progress === undefined
            ? nothing
            : html`<progress max="1" .value=${this.progress} aria-label="Working on the note"></progress>`
        }
        ${this.#delivery()} ${this.isOpen ? this.#actions() : nothing}
        ${
          this.isCutting
            ? html`<antiphon-note-cutter
                .note=${note}
                @cut=${this.#cut}
                @close=${() => (this.isCutting = false)}
              ></antiphon-note-cutter>`
            : nothing
        }
      </article>
    `;
  }

  #draft(): TemplateResult {
    return html`
      <div class="draft small">
        <span><strong>Draft.</strong> The page closed while this was being recorded. Nothing but its last second is missing.</span>
        <span class="buttons">
          <button type="button" class="compact primary" @click=${() => this.#work(() => this.notes.keepDraft(this.note))}>Keep</button>
          <button type="button" class="compact" @click=${() => this.#ask("discard")}>Discard</button>
        </span>
      </div>
    `;
  }

  #actions(): TemplateResult {
    const { note } = this;
    const isBusy = this.progress !== undefined;
    const done = note.edits ?? [];
    return html`
      <div class="actions">
        <button type="button" class="compact" ?disabled=${isBusy || done.includes("trimmed")} @click=${() => this.#polish({ trim: true })}>
          <antiphon-icon name="scissors"></antiphon-icon>Trim silence
        </button>
        <button type="button" class="compact" ?disabled=${isBusy || done.includes("normalised")} @click=${() => this.#polish({ normalise: true })}>
          <antiphon-icon name="chart"></antiphon-icon>Normalise
        </button>
        <button type="button" class="compact" ?disabled=${isBusy} @click=${() => (this.isCutting = !this.isCutting)}>
          <antiphon-icon name="sliders"></antiphon-icon>Cut…
        </button>
        ${
          note.original === undefined
            ? nothing
            : html`<button type="button" class="compact" ?disabled=${isBusy} @click=${() => this.#work(() => this.notes.revert(note))}>
                <antiphon-icon name="undo"></antiphon-icon>Back to the original
              </button>`
        }
        <button type="button" class="compact" ?disabled=${isBusy} @click=${() => this.#ask("record-again")}>
          <antiphon-icon name="reset"></antiphon-icon>Record again
        </button>
        ${this.#sendButtons(isBusy)}
        <button type="button" class="compact" ?disabled=${isBusy} @click=${() => this.#download("ogg")}>
          <antiphon-icon name="download"></antiphon-icon>${note.format === "wav" ? "WAV" : "Ogg"}
        </button>
        ${
          note.format === "wav"
            ? nothing
            : html`<button type="button" class="compact" ?disabled=${isBusy} @click=${() => this.#download("wav")}>
                <antiphon-icon name="download"></antiphon-icon>WAV
              </button>`
        }
        <button type="button" class="compact" aria-label="Delete the note" @click=${() => this.#ask("discard")}>
          <antiphon-icon name="trash"></antiphon-icon>Delete
        </button>
      </div>
      ${
        done.length === 0
          ? nothing
          : html`<p class="muted small edits">Changed: ${done.map((edit) => editWords[edit]).join(", ")}.</p>`
      }
    `;
  }

  #sendButtons(isBusy: boolean): TemplateResult | typeof nothing {
    const { peers } = this;
    if (peers.length === 0) return nothing;
    const toOne = peers.length > 1 ? peers : [];
    return html`
      <button type="button" class="compact primary" ?disabled=${isBusy} @click=${() => this.#send(undefined)}>
        <antiphon-icon name="send"></antiphon-icon>Send to ${peers.length === 1 ? peers[0]?.name : "the room"}
      </button>
      ${toOne.map(
        (peer) => html`<button type="button" class="compact" ?disabled=${isBusy} @click=${() => this.#send([peer])}>
          <antiphon-icon name="send"></antiphon-icon>Only to ${peer.name}
        </button>`,
      )}
    `;
  }

  /** How far the note is on its way to others. */
  #delivery(): TemplateResult | typeof nothing {
    const { sent } = this;
    if (sent === undefined) return nothing;
    const { transfers, description } = sent;
    const arrived = transfers.filter(({ state }) => state === "done").length;
    if (sent.isFinished) {
      const words = arrived === transfers.length ? "Sent." : `Arrived at ${arrived} of ${transfers.length}.`;
      return html`<p class="small muted" role="status">${words}</p>`;
    }
    const bytes = transfers.reduce((sum, transfer) => sum + transfer.sent, 0);
    return html`<div class="delivery small">
      <progress max=${description.size * transfers.length} .value=${bytes} aria-label="Sending the note"></progress>
      <button type="button" class="compact quiet" @click=${() => sent.cancel()}>Stop sending</button>
    </div>`;
  }

  readonly #position = (): number => {
    const { player } = this.notes;
    return player.note?.id === this.note.id ? player.position : this.#cued;
  };

  #follow(): void {
    const { signal } = this.#lifetime ?? new AbortController();
    this.notes.player.addEventListener("changed", () => this.requestUpdate(), { signal });
  }

  #name(): string {
    const { title, speaker, createdAt } = this.note;
    const when = new Date(createdAt).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    // Who speaks comes first: what does not fit is cut off at the end.
    return [speaker, title, when].filter((part) => part !== undefined && part !== "").join(" · ");
  }

  #toggle(): void {
    const from = this.#cued > 0 ? this.#cued : undefined;
    this.#cued = 0;
    const { player } = this.notes;
    const isMine = player.note?.id === this.note.id;
    this.#try(isMine || from === undefined ? player.toggle(this.note) : player.play(this.note, from));
  }

  #seek({ detail }: CustomEvent<number>): void {
    const { player } = this.notes;
    if (player.note?.id === this.note.id) player.seek(detail);
    else {
      this.#cued = detail;
      this.requestUpdate();
    }
  }

  #nextSpeed(event: MouseEvent): void {
    const { player } = this.notes;
    const speeds: readonly number[] = event.shiftKey ? [0.5, 1, 3] : SPEEDS;
    player.rate = speeds[(speeds.indexOf(player.rate) + 1) % speeds.length] ?? 1;
  }

  #polish(options: { readonly trim?: boolean; readonly normalise?: boolean }): void {
    const onProgress = (fraction: number): void => {
      this.progress = fraction;
    };
    this.#work(() => this.notes.polish(this.note, { ...options, onProgress }));
  }

  #cut({ detail }: CustomEvent<{ readonly start: number; readonly end: number }>): void {
    this.isCutting = false;
    this.#work(() => this.notes.cut(this.note, detail.start, detail.end));
  }

  #work(task: () => Promise<unknown>): void {
    this.progress = 0;
    this.#cued = 0;
    this.#try(
      task().finally(() => {
        this.progress = undefined;
      }),
    );
  }

  async #download(format: ExportFormat): Promise<void> {
    const exporting = this.notes.export(this.note, format);
    this.#try(exporting);
    const file = await exporting;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    // The browser has taken the file by the next task; the address would keep it in memory.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  #try(task: Promise<unknown>): void {
    task.catch((error: unknown) => this.#request({ type: "failed", error }));
  }

  #send(to: readonly Peer[] | undefined): void {
    this.#request({ type: "send", note: this.note, to });
  }

  #ask(type: "discard" | "record-again"): void {
    this.#request({ type, note: this.note });
  }

  #request(detail: NoteRequest): void {
    this.dispatchEvent(new CustomEvent("request", { detail }));
  }
}

customElements.define("antiphon-note-bubble", AntiphonNoteBubble);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-note-bubble": AntiphonNoteBubble;
  }
}
