import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { formatMs, formatNumber, formatPercent } from "../../parts/format-value.ts";
import { baseStyles } from "../../tokens/control-styles.ts";
import { decisionFigure, decisionName } from "./describe-decision.ts";
import type { LabFigures } from "./network-lab-figures.ts";

/** What the network lab measures right now, and what the controllers decided last. */
export class AntiphonNetworkLabFigures extends LitElement {
  static override properties = { figures: { attribute: false } };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-3);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(150px, 100%), 1fr));
        gap: var(--antiphon-space-3);
        margin: 0;
      }
      dt {
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-xs);
      }
      dd {
        margin: 0;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      ul {
        display: grid;
        gap: var(--antiphon-space-1);
        margin: 0;
        padding: 0;
        font-size: var(--antiphon-font-size-s);
        list-style: none;
      }
      li {
        padding-inline-start: var(--antiphon-space-3);
        border-inline-start: 3px solid var(--antiphon-accent);
      }
      li span {
        color: var(--antiphon-muted);
      }
    `,
  ];

  declare figures: LabFigures;

  protected override render(): TemplateResult {
    const { figures } = this;
    const { recovered, encoder, bitrate } = figures;
    const parts = [
      recovered.red > 0 ? `${recovered.red} RED` : "",
      recovered.fec > 0 ? `${recovered.fec} FEC` : "",
      recovered.dred > 0 ? `${recovered.dred} deep` : "",
    ].filter((part) => part !== "");
    const copies = encoder === undefined || encoder.copies === 0 ? "" : ` · ${encoder.copies}× RED`;
    return html`
      <dl>
        ${figure("Concealed now", formatPercent(figures.concealedPercent))}
        ${figure("Lost in the network", formatPercent(figures.lostPercent))}
        ${figure("Brought back", parts.length === 0 ? "nothing" : parts.join(" · "))}
        ${figure("Network, one way", formatMs(figures.networkMs))}
        ${figure("Jitter buffer", `${formatMs(figures.bufferMs)} (aims at ${formatMs(figures.targetMs)})`)}
        ${figure("On the wire", bitrate === undefined ? "–" : `${formatNumber(bitrate / 1_000, 1)} kbit/s`)}
        ${
          encoder === undefined
            ? nothing
            : figure("Encoder", `${formatNumber(encoder.bitrate / 1_000, 1)} kbit/s · ${encoder.frameMs} ms${copies}`)
        }
      </dl>
      ${
        figures.decisions.length === 0
          ? nothing
          : html`<ul aria-label="Decided, newest first">
              ${figures.decisions.map(
                ({ quantity, from, to, reason }) => html`<li>
                  <b>${decisionName(quantity)}</b> ${decisionFigure(quantity, from)} → <b>${decisionFigure(quantity, to)}</b>
                  <span>${reason}</span>
                </li>`,
              )}
            </ul>`
      }
    `;
  }
}

function figure(term: string, value: string): TemplateResult {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

customElements.define("antiphon-network-lab-figures", AntiphonNetworkLabFigures);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-network-lab-figures": AntiphonNetworkLabFigures;
  }
}
