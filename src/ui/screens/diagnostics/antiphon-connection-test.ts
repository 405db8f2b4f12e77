import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-icon.ts";
import type { IconName } from "../../parts/icon-shapes.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";
import { type CheckResult, type CheckVerdict, type ConnectionCheck, connectionChecks } from "./connection-checks.ts";

const verdictIcons: Readonly<Record<CheckVerdict, IconName>> = { pass: "check", warn: "warning", fail: "close" };
const verdictWords: Readonly<Record<CheckVerdict, string>> = { pass: "passed", warn: "warning", fail: "failed" };

/** Everything a call needs, tested one after the other. */
export class AntiphonConnectionTest extends LitElement {
  static override properties = {
    session: { attribute: false },
    results: { state: true },
    running: { state: true },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-3);
      }
      ul {
        display: grid;
        gap: var(--antiphon-space-1);
        margin: 0;
        padding: 0;
        list-style: none;
        font-size: var(--antiphon-font-size-s);
        overflow-wrap: anywhere;
      }
      li {
        display: grid;
        grid-template-columns: 22px minmax(0, 0.8fr) minmax(0, 1.6fr);
        align-items: start;
        gap: 0 var(--antiphon-space-2);
        padding-block: var(--antiphon-space-1);
        border-block-end: 1px solid var(--antiphon-hairline);
      }
      antiphon-icon {
        --antiphon-icon-size: 18px;
      }
      .pass antiphon-icon {
        color: var(--antiphon-ok);
      }
      .warn antiphon-icon {
        color: var(--antiphon-warn);
      }
      .fail antiphon-icon {
        color: var(--antiphon-bad);
      }
      .dot {
        inline-size: 8px;
        block-size: 8px;
        margin: 5px;
        border-radius: 50%;
        background: var(--antiphon-track);
      }
      .running .dot {
        background: var(--antiphon-accent);
      }
      .hint {
        color: var(--antiphon-muted);
      }
      progress {
        inline-size: 100%;
        block-size: 6px;
        accent-color: var(--antiphon-accent);
      }
    `,
  ];

  declare session: VoiceSession;
  declare private results: ReadonlyMap<string, CheckResult>;
  declare private running: string | undefined;

  constructor() {
    super();
    this.results = new Map();
  }

  /** What was found so far, by check. */
  get findings(): Readonly<Record<string, CheckResult>> {
    return Object.fromEntries(this.results);
  }

  protected override render(): TemplateResult {
    const isRunning = this.running !== undefined;
    return html`
      <div>
        <button type="button" class="compact" ?disabled=${isRunning} @click=${this.#run}>
          <antiphon-icon name="play"></antiphon-icon>${isRunning ? "Testing…" : this.results.size > 0 ? "Test again" : "Test the connection"}
        </button>
      </div>
      ${
        isRunning
          ? html`<progress aria-label="Connection test" max=${connectionChecks.length} value=${this.results.size}></progress>`
          : nothing
      }
      <ul aria-live="polite">
        ${connectionChecks.map((check) => this.#check(check))}
      </ul>
    `;
  }

  #check({ id, title }: ConnectionCheck): TemplateResult {
    const result = this.results.get(id);
    if (result === undefined) {
      return html`<li class=${this.running === id ? "running" : ""}><span class="dot"></span><span>${title}</span></li>`;
    }
    const { verdict, found, hint } = result;
    return html`
      <li class=${verdict}>
        <antiphon-icon name=${verdictIcons[verdict]}></antiphon-icon>
        <span>${title}<span class="visually-hidden">, ${verdictWords[verdict]}</span></span>
        <span>${found}${hint === undefined ? nothing : html`<br /><span class="hint">${hint}</span>`}</span>
      </li>
    `;
  }

  async #run(): Promise<void> {
    this.results = new Map();
    for (const { id, run } of connectionChecks) {
      this.running = id;
      const result = await run(this.session);
      this.results = new Map([...this.results, [id, result]]);
    }
    this.running = undefined;
  }
}

customElements.define("antiphon-connection-test", AntiphonConnectionTest);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-connection-test": AntiphonConnectionTest;
  }
}
