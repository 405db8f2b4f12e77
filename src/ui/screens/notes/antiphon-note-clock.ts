import { html, LitElement, type TemplateResult } from "lit";
import type { Note, NotePlayer } from "../../../engine/index.ts";
import { formatDuration, spokenDuration } from "./format-duration.ts";

/** The time of a note: its length, and while it is in the player how far it is. Ticks four times a second. */
export class AntiphonNoteClock extends LitElement {
  static override properties = { player: { attribute: false }, note: { attribute: false } };

  declare player: NotePlayer;
  declare note: Note;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      if (this.player.isPlaying && this.player.note?.id === this.note.id) this.requestUpdate();
    }, 250);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override render(): TemplateResult {
    const seconds = this.note.samples / 48_000;
    const isMine = this.player.note?.id === this.note.id;
    return isMine
      ? html`<span>${formatDuration(this.player.position)} / ${formatDuration(seconds)}</span>`
      : html`<span aria-label=${spokenDuration(seconds)}>${formatDuration(seconds)}</span>`;
  }
}

customElements.define("antiphon-note-clock", AntiphonNoteClock);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-note-clock": AntiphonNoteClock;
  }
}
