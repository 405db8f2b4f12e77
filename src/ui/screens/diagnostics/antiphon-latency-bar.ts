import { css, html, LitElement, type TemplateResult } from "lit";
import { formatMs } from "../../parts/format-value.ts";
import { type LatencyPath, latencyStageNames, totalMs } from "./latency-stages.ts";

/** What a full bar stands for at least, ms, so that short ways look short. */
const SHORTEST_SCALE_MS = 150;

/** One direction of a connection as a stacked bar: what every stage adds, and the sum. */
export class AntiphonLatencyBar extends LitElement {
  static override properties = { label: {}, path: { attribute: false } };
  static override styles = css`
    :host {
      display: grid;
      gap: var(--antiphon-space-1);
      min-inline-size: 0;
    }
    .head {
      display: flex;
      justify-content: space-between;
      gap: var(--antiphon-space-3);
      font-size: var(--antiphon-font-size-s);
    }
    .head b {
      white-space: nowrap;
    }
    .bar {
      display: flex;
      block-size: 22px;
      border-radius: var(--antiphon-radius-s);
      overflow: hidden;
      background: var(--antiphon-well);
    }
    .part {
      min-inline-size: 1px;
      border-inline-end: 1px solid var(--antiphon-surface);
      transition: inline-size var(--antiphon-slow);
    }
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--antiphon-space-4);
      margin: 0;
      padding: 0;
      color: var(--antiphon-muted);
      font-size: var(--antiphon-font-size-xs);
      list-style: none;
    }
    li::before {
      content: "";
      display: inline-block;
      inline-size: 9px;
      block-size: 9px;
      margin-inline-end: 5px;
      border-radius: 2px;
      background: var(--swatch);
    }
    li b {
      color: var(--antiphon-text);
    }
    li.unknown::before {
      display: none;
    }
    .capture {
      --swatch: var(--antiphon-stage-1);
    }
    .processing {
      --swatch: var(--antiphon-stage-2);
    }
    .encode {
      --swatch: var(--antiphon-stage-3);
    }
    .network {
      --swatch: var(--antiphon-stage-4);
    }
    .jitter-buffer {
      --swatch: var(--antiphon-stage-5);
    }
    .decode {
      --swatch: var(--antiphon-stage-6);
    }
    .output {
      --swatch: var(--antiphon-stage-7);
    }
    .part {
      background: var(--swatch);
    }
  `;

  declare label: string;
  declare path: LatencyPath;

  protected override render(): TemplateResult {
    const { label, path } = this;
    const total = totalMs(path);
    const scale = Math.max(SHORTEST_SCALE_MS, total);
    const stages = latencyStageNames.flatMap((name) => path.stages.find((stage) => stage.name === name) ?? []);
    return html`
      <div class="head"><span>${label}</span><b>${formatMs(total)}</b></div>
      <div class="bar" aria-hidden="true">
        ${stages.map(
          ({ name, ms }) => html`
            <div
              class="part ${name.replace(" ", "-")}"
              style="inline-size: ${((100 * ms) / scale).toFixed(2)}%"
              title="${name}: ${formatMs(ms)}"
            ></div>
          `,
        )}
      </div>
      <ul>
        ${stages.map(({ name, ms }) => html`<li class=${name.replace(" ", "-")}>${name} <b>${formatMs(ms)}</b></li>`)}
        <li class="unknown">
          ${path.unknown === "" ? "not in it: what the microphone's driver holds back" : `not known here: ${path.unknown}`}
        </li>
      </ul>
    `;
  }
}

customElements.define("antiphon-latency-bar", AntiphonLatencyBar);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-latency-bar": AntiphonLatencyBar;
  }
}
