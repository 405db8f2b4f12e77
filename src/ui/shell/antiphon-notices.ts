import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Notice, notices } from "../controllers/notices.ts";
import "../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";

/** The passing messages of the page, in a polite live region above the call bar. */
export class AntiphonNotices extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--antiphon-space-2);
        justify-items: center;
        pointer-events: none;
      }
      .notice {
        display: flex;
        align-items: center;
        gap: var(--antiphon-space-3);
        max-inline-size: min(480px, calc(100vw - 32px));
        padding: var(--antiphon-space-1) var(--antiphon-space-1) var(--antiphon-space-1) var(--antiphon-space-4);
        border: 1px solid var(--antiphon-border);
        border-radius: 24px;
        background: var(--antiphon-surface);
        box-shadow: var(--antiphon-shadow-lifted);
        font-size: 14px;
        pointer-events: auto;
      }
      .warn antiphon-icon.tone {
        color: var(--antiphon-warn);
      }
      .bad antiphon-icon.tone {
        color: var(--antiphon-bad);
      }
      .ok antiphon-icon.tone {
        color: var(--antiphon-ok);
      }
      /* Names may be long. */
      .notice span {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      antiphon-icon.tone {
        color: var(--antiphon-accent);
      }
      button {
        border-radius: 999px;
      }
    `,
  ];

  #connection: AbortController | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#connection = new AbortController();
    notices.addEventListener("change", () => this.requestUpdate(), { signal: this.#connection.signal });
    this.setAttribute("role", "status");
    this.setAttribute("aria-live", "polite");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
  }

  protected override render(): TemplateResult {
    return html`${repeat(
      notices.list,
      ({ id }) => id,
      (notice) => this.#notice(notice),
    )}`;
  }

  #notice({ id, text, tone, action }: Notice): TemplateResult {
    const icon = tone === "ok" ? "check" : tone === "info" ? "info" : "warning";
    return html`
      <div class="notice ${tone}">
        <antiphon-icon class="tone" name=${icon}></antiphon-icon>
        <span>${text}</span>
        ${
          action === undefined
            ? nothing
            : html`<button
                type="button"
                class="compact"
                @click=${() => {
                  action.run();
                  notices.dismiss(id);
                }}
              >
                ${action.label}
              </button>`
        }
        <button type="button" class="quiet compact icon" aria-label="Dismiss" @click=${() => notices.dismiss(id)}>
          <antiphon-icon name="close"></antiphon-icon>
        </button>
      </div>
    `;
  }
}

customElements.define("antiphon-notices", AntiphonNotices);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-notices": AntiphonNotices;
  }
}
