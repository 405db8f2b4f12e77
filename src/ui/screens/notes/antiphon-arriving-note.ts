import { css, html, LitElement, type TemplateResult } from "lit";
import type { ArrivingNote } from "../../../engine/index.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-note-waveform.ts";
import { bubbleStyles } from "./bubble-styles.ts";
import { formatDuration } from "./format-duration.ts";

/** A note on its way here: who sends it, its bars and its length are known before its sound. */
export class AntiphonArrivingNote extends LitElement {
  static override properties = { note: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    bubbleStyles,
    css`
      antiphon-note-waveform {
        pointer-events: none;
      }
    `,
  ];

  declare note: ArrivingNote;

  protected override render(): TemplateResult {
    const { note } = this;
    const seconds = note.samples / 48_000;
    return html`
      <article class="card received" aria-label="Note from ${note.speaker}, arriving">
        <div class="line">
          <button type="button" class="play" disabled aria-label="Arriving">
            <antiphon-icon name="download"></antiphon-icon>
          </button>
          <antiphon-note-waveform
            label="How much of the note has arrived"
            .peaks=${note.bars}
            .seconds=${seconds}
            .position=${() => note.progress * seconds}
            .isActive=${true}
          ></antiphon-note-waveform>
        </div>
        <div class="facts small">
          <span class="when muted">${note.speaker} · ${Math.round(note.progress * 100)} %</span>
          <span>${formatDuration(seconds)}</span>
          <button type="button" class="quiet compact" @click=${() => note.cancel()}>Cancel</button>
        </div>
      </article>
    `;
  }
}

customElements.define("antiphon-arriving-note", AntiphonArrivingNote);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-arriving-note": AntiphonArrivingNote;
  }
}
