import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import { decisionFigure, decisionName } from "./describe-decision.ts";

/** Decisions shown. */
const SHOWN = 40;

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** What the network's controllers decided, newest first, each with its reason. */
export class AntiphonDecisionTimeline extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = css`
    :host {
      display: block;
      max-block-size: 340px;
      overflow: auto;
      scrollbar-width: thin;
    }
    ol {
      display: grid;
      gap: var(--antiphon-space-2);
      margin: 0;
      padding: 0;
      list-style: none;
      font-size: var(--antiphon-font-size-s);
    }
    li {
      display: grid;
      grid-template-columns: 72px minmax(0, 1fr);
      gap: 0 var(--antiphon-space-3);
      padding-inline-start: var(--antiphon-space-3);
      border-inline-start: 3px solid var(--antiphon-accent);
    }
    time,
    .why {
      color: var(--antiphon-muted);
    }
    .why {
      grid-column: 2;
    }
    p {
      margin: 0;
      color: var(--antiphon-muted);
      font-size: var(--antiphon-font-size-s);
    }
  `;

  declare session: VoiceSession;
  #connection: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
    this.#connection = undefined;
  }

  protected override willUpdate(): void {
    const log = this.session.engine?.decisions;
    if (this.#connection === undefined && log !== undefined) {
      this.#connection = new AbortController();
      log.addEventListener("added", () => this.requestUpdate(), { signal: this.#connection.signal });
    }
  }

  protected override render(): TemplateResult {
    const decisions = (this.session.engine?.decisions.entries ?? []).slice(-SHOWN).reverse();
    if (decisions.length === 0) {
      return html`<p>Nothing had to be changed yet. Bitrate, frame length and protection follow the network by themselves.</p>`;
    }
    return html`
      <ol tabindex="0" aria-label="Decisions, newest first">
        ${repeat(
          decisions,
          ({ time, quantity, linkId, to }) => `${time} ${quantity} ${linkId} ${to}`,
          ({ time, quantity, from, to, reason, linkId }) => html`
            <li>
              <time>${timeOfDay.format(time)}</time>
              <span>
                <b>${decisionName(quantity)}</b> ${decisionFigure(quantity, from)} → <b>${decisionFigure(quantity, to)}</b>
                ${linkId === undefined ? "for everyone" : ""}
              </span>
              <span class="why">${reason}</span>
            </li>
          `,
        )}
      </ol>
    `;
  }
}

customElements.define("antiphon-decision-timeline", AntiphonDecisionTimeline);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-decision-timeline": AntiphonDecisionTimeline;
  }
}
