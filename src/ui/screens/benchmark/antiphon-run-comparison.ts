import { css, html, LitElement, type TemplateResult } from "lit";
import { compareLatencyRuns, describeChunk, type LatencyRun } from "../../../engine/index.ts";
import { baseStyles } from "../../tokens/control-styles.ts";
import { pathLabel, rateLabel } from "./path-labels.ts";

/** A difference that is more than the spread between runs, as a share. */
const NOTABLE = 0.1;

/** Two runs side by side, cell by cell. */
export class AntiphonRunComparison extends LitElement {
  static override properties = { earlier: { attribute: false }, later: { attribute: false } };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font-size: var(--antiphon-font-size-s);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: var(--antiphon-space-1) var(--antiphon-space-4) var(--antiphon-space-1) 0;
        border-block-end: 1px solid var(--antiphon-hairline);
        text-align: end;
        white-space: nowrap;
      }
      th {
        color: var(--antiphon-muted);
        font-weight: 500;
      }
      th:first-child {
        text-align: start;
      }
      .better {
        color: var(--antiphon-ok);
      }
      .worse {
        color: var(--antiphon-bad);
      }
    `,
  ];

  declare earlier: LatencyRun;
  declare later: LatencyRun;

  protected override render(): TemplateResult {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">Cell</th>
            <th scope="col">${shortDate(this.earlier)}</th>
            <th scope="col">${shortDate(this.later)}</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          ${compareLatencyRuns(this.earlier, this.later).map(
            ({ cell, beforeMs, afterMs, differenceMs, ratio }) => html`
              <tr>
                <th scope="row">${pathLabel(cell)}, ${describeChunk(cell.chunk)}, ${rateLabel(cell.sampleRate)}</th>
                <td>${ms(beforeMs)}</td>
                <td>${ms(afterMs)}</td>
                <td class=${ratio === undefined || Math.abs(ratio - 1) < NOTABLE ? "" : ratio < 1 ? "better" : "worse"}>
                  ${differenceMs === undefined || ratio === undefined ? "–" : `${signed(differenceMs)} ms (${signed(100 * (ratio - 1), 0)} %)`}
                </td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}

function shortDate({ startedAt }: LatencyRun): string {
  return new Date(startedAt).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
}

function ms(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(1)} ms`;
}

function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 ? "−" : "+"}${text}`;
}

customElements.define("antiphon-run-comparison", AntiphonRunComparison);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-run-comparison": AntiphonRunComparison;
  }
}
