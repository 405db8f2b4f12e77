import { css, html, LitElement, type TemplateResult } from "lit";
import type { Note } from "../../../engine/index.ts";
import "../../parts/antiphon-slider.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

/** Shortest note that a cut may leave, in seconds. */
const SHORTEST = 0.1;

/**
 * Where a note is to begin and end.
 *
 * @fires cut - `CustomEvent<{ start, end }>`, seconds
 * @fires close - when it was dismissed
 */
export class AntiphonNoteCutter extends LitElement {
  static override properties = { note: { attribute: false }, start: { state: true }, end: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-3);
        padding-block-start: var(--antiphon-space-2);
      }
      .buttons {
        display: flex;
        gap: var(--antiphon-space-2);
      }
    `,
  ];

  declare note: Note;
  declare start: number;
  declare end: number | undefined;

  constructor() {
    super();
    this.start = 0;
  }

  protected override render(): TemplateResult {
    const seconds = Math.floor(this.note.samples / 480) / 100;
    const end = this.end ?? seconds;
    return html`
      <antiphon-slider
        label="Begin at"
        unit="s"
        min="0"
        max=${seconds}
        step="0.01"
        .value=${this.start}
        @change=${({ detail }: CustomEvent<number>) => {
          this.start = Math.min(detail, end - SHORTEST);
        }}
      ></antiphon-slider>
      <antiphon-slider
        label="End at"
        unit="s"
        min="0"
        max=${seconds}
        step="0.01"
        .value=${end}
        @change=${({ detail }: CustomEvent<number>) => {
          this.end = Math.max(detail, this.start + SHORTEST);
        }}
      ></antiphon-slider>
      <div class="buttons">
        <button type="button" class="compact primary" @click=${() => this.#apply(end)}>Cut</button>
        <button type="button" class="compact" @click=${() => this.dispatchEvent(new Event("close"))}>Leave it</button>
      </div>
    `;
  }

  #apply(end: number): void {
    this.dispatchEvent(new CustomEvent("cut", { detail: { start: Math.max(0, this.start), end } }));
  }
}

customElements.define("antiphon-note-cutter", AntiphonNoteCutter);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-note-cutter": AntiphonNoteCutter;
  }
}
