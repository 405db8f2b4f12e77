import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { LatencyCell, LatencyCellResult } from "../../../engine/index.ts";
import { baseStyles } from "../../tokens/control-styles.ts";
import { cellText, heat, type LatencyTableCell, latencyTable } from "./latency-table.ts";

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
};

/**
 * The latency matrix as a table whose cells warm with their median: green is near, red is far, and the figure stands in each.
 *
 * @fires choose - `CustomEvent<LatencyCellResult>` for the cell whose details are wanted
 */
export class AntiphonLatencyHeatmap extends LitElement {
  static override properties = {
    cells: { attribute: false },
    results: { attribute: false },
    activeId: {},
    chosenId: {},
  };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow-x: auto;
      }
      table {
        border-collapse: separate;
        border-spacing: 3px;
        font-size: var(--antiphon-font-size-s);
        font-variant-numeric: tabular-nums;
      }
      th {
        padding: 2px var(--antiphon-space-2);
        color: var(--antiphon-muted);
        font-weight: 500;
        text-align: start;
        white-space: nowrap;
      }
      thead th {
        text-align: center;
      }
      thead th:first-child {
        text-align: start;
      }
      tbody th {
        position: sticky;
        inset-inline-start: 0;
        background: var(--antiphon-surface);
        color: var(--antiphon-text);
      }
      tbody th small {
        display: block;
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-xs);
      }
      td {
        padding: 0;
        min-inline-size: 62px;
      }
      td button {
        inline-size: 100%;
        min-block-size: 40px;
        padding: 0 var(--antiphon-space-2);
        border: 1px solid transparent;
        border-radius: var(--antiphon-radius-s);
        background: color-mix(in oklab, var(--antiphon-bad-soft) calc(var(--heat) * 100%), var(--antiphon-ok-soft));
        color: var(--antiphon-text);
        font: inherit;
        font-variant-numeric: tabular-nums;
        cursor: pointer;
      }
      td button.none {
        background: var(--antiphon-surface-2);
        color: var(--antiphon-muted);
      }
      td button[aria-pressed="true"] {
        border-color: var(--antiphon-accent);
        box-shadow: inset 0 0 0 1px var(--antiphon-accent);
      }
      td .waiting {
        display: grid;
        place-items: center;
        min-block-size: 40px;
        border-radius: var(--antiphon-radius-s);
        background: var(--antiphon-well);
        color: var(--antiphon-muted);
      }
      td .active {
        outline: 2px solid var(--antiphon-accent);
        animation: pulse 1.2s infinite alternate;
      }
      @keyframes pulse {
        to {
          opacity: 0.45;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        td .active {
          animation: none;
        }
      }
      @media (max-width: 719px) {
        tbody th {
          max-inline-size: 116px;
          white-space: normal;
        }
      }
    `,
  ];

  declare cells: readonly LatencyCell[];
  declare results: readonly LatencyCellResult[];
  /** The cell that is being measured. */
  declare activeId: string | undefined;
  declare chosenId: string | undefined;

  protected override render(): TemplateResult {
    const { chunks, rows } = latencyTable(this.cells, this.results);
    const focusable = this.chosenId ?? this.results[0]?.cell.id;
    return html`
      <table @keydown=${this.#move}>
        <caption class="visually-hidden">
          Median latency in ms by path and chunk
        </caption>
        <thead>
          <tr>
            <th scope="col">ms, median</th>
            ${chunks.map((chunk) => html`<th scope="col">${chunk}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ key }) => key,
            (row) => html`
              <tr>
                <th scope="row">${row.path}<small>${row.rate} · ${row.buffer}</small></th>
                ${row.cells.map((cell) => html`<td>${cell === undefined ? nothing : this.#cell(cell, focusable)}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }

  #cell({ cell, result }: LatencyTableCell, focusable: string | undefined): TemplateResult {
    if (result === undefined) {
      const isActive = cell.id === this.activeId;
      return html`<span class="waiting ${isActive ? "active" : ""}" aria-label=${isActive ? "measuring" : "not measured yet"}
        >${isActive ? "…" : "·"}</span
      >`;
    }
    const median = result.status === "measured" ? result.delay?.p50 : undefined;
    return html`
      <button
        type="button"
        class=${median === undefined ? "none" : ""}
        style=${median === undefined ? "" : `--heat: ${heat(median).toFixed(3)}`}
        tabindex=${cell.id === focusable ? 0 : -1}
        aria-pressed=${cell.id === this.chosenId}
        title=${result.status === "measured" ? "" : result.reason}
        @click=${() => this.dispatchEvent(new CustomEvent("choose", { detail: result }))}
      >
        ${cellText(result)}
      </button>
    `;
  }

  /** Arrow keys go from cell to cell, over gaps. */
  readonly #move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const from = event.composedPath().find((target) => target instanceof HTMLTableCellElement);
    if (step === undefined || from === undefined) return;
    event.preventDefault();
    const rows = [...this.renderRoot.querySelectorAll("tbody tr")];
    const [down, across] = step;
    let row = rows.indexOf(from.closest("tr") ?? from);
    let column = from.cellIndex;
    for (;;) {
      row += down;
      column += across;
      const target = rows[row]?.children[column];
      if (target === undefined) return;
      const button = target.querySelector("button");
      if (button !== null) {
        button.focus();
        return;
      }
    }
  };
}

customElements.define("antiphon-latency-heatmap", AntiphonLatencyHeatmap);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-latency-heatmap": AntiphonLatencyHeatmap;
  }
}
