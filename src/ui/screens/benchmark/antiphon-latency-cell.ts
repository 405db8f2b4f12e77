import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { describeBuffer, describeChunk, type LatencyCellResult, type MeasuredLatency } from "../../../engine/index.ts";
import "../../parts/antiphon-callout.ts";
import { baseStyles } from "../../tokens/control-styles.ts";
import { histogram } from "./histogram.ts";
import { pathLabel, rateLabel } from "./path-labels.ts";

const WIDTH = 320;
const HEIGHT = 96;

const STAGE_LABELS = {
  capture: "Capture",
  processing: "Processing",
  encode: "Encode",
  network: "Network",
  jitterBuffer: "Jitter buffer",
  decode: "Decode",
  output: "Output",
} as const;

/** Everything one cell measured: how the delays are spread, where the time goes, what it does to speech. */
export class AntiphonLatencyCell extends LitElement {
  static override properties = { result: { attribute: false } };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-3);
        min-inline-size: 0;
      }
      svg {
        inline-size: 100%;
        block-size: 96px;
        border-radius: var(--antiphon-radius-s);
        background: var(--antiphon-well);
      }
      rect {
        fill: var(--antiphon-accent);
      }
      .axis {
        display: flex;
        justify-content: space-between;
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-xs);
        font-variant-numeric: tabular-nums;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(120px, 1fr));
        gap: var(--antiphon-space-2) var(--antiphon-space-4);
        margin: 0;
        font-size: var(--antiphon-font-size-s);
        font-variant-numeric: tabular-nums;
      }
      dt {
        color: var(--antiphon-muted);
      }
      dd {
        margin: 0;
      }
    `,
  ];

  declare result: LatencyCellResult | undefined;

  protected override render(): TemplateResult {
    const { result } = this;
    if (result === undefined)
      return html`<p class="muted small">Choose a cell of the table to see how it is spread.</p>`;
    const { cell } = result;
    return html`
      <h2>${pathLabel(cell)}</h2>
      <p class="muted small">
        ${describeChunk(cell.chunk)} · ${rateLabel(cell.sampleRate)} · buffer ${describeBuffer(cell.buffer)}
      </p>
      ${
        result.status === "measured"
          ? this.#measured(result)
          : html`<antiphon-callout tone="warn" heading=${result.status === "failed" ? "It went wrong" : "This browser cannot do it"}
            >${result.reason}</antiphon-callout
          >`
      }
    `;
  }

  #measured(result: MeasuredLatency): TemplateResult {
    const { delay, effects, breakdown } = result;
    if (delay === undefined) {
      return html`<antiphon-callout tone="warn" heading="Nothing came through"
        >None of the ${result.chirps.sent} sounds arrived.</antiphon-callout
      >`;
    }
    return html`
      ${this.#histogram(result.delaysMs)}
      <dl>
        ${figure("p50", ms(delay.p50))} ${figure("p95", ms(delay.p95))} ${figure("p99", ms(delay.p99))}
        ${figure("Maximum", ms(delay.max))} ${figure("Late packets", `${result.latePercent.toFixed(2)} %`)}
        ${figure("Concealed", `${result.concealedPercent.toFixed(2)} %`)}
        ${figure("Underruns", result.underruns ?? "not counted")}
        ${figure("Sounds lost", `${result.chirps.lost} of ${result.chirps.sent}`)}
        ${figure("Callback p99", ms(result.callbacks?.intervals.p99))}
        ${figure("Self-test error", `${result.selfTestErrorMs.toFixed(4)} ms`)}
        ${
          effects === undefined
            ? nothing
            : html`
                ${figure("Bandwidth", `${(effects.bandwidthHz / 1_000).toFixed(1)} kHz`)}
                ${figure("Spectral distance", `${effects.spectralDistanceDb.toFixed(1)} dB`)}
                ${figure("Quality proxy", effects.qualityProxy.toFixed(3))}
                ${figure("On the wire", effects.bitrate === undefined ? "–" : `${(effects.bitrate / 1_000).toFixed(0)} kb/s`)}
                ${figure("Processor", effects.cpuPercent === undefined ? "unknown" : `${effects.cpuPercent.toFixed(1)} % of a core`)}
              `
        }
      </dl>
      ${
        breakdown === undefined
          ? html`<p class="muted small">The browser does not say where the time of its own track goes.</p>`
          : html`
              <h3>Where the time goes</h3>
              <dl>
                ${Object.entries(STAGE_LABELS).map(([stage, label]) =>
                  figure(label, ms(breakdown.stages[stage as keyof typeof STAGE_LABELS])),
                )}
                ${figure("Sum", ms(breakdown.sumMs))}
              </dl>
              <p class="small ${breakdown.agrees ? "muted" : ""}">
                ${
                  breakdown.agrees
                    ? "The sum of the stages agrees with what was measured, within 2 ms."
                    : "The sum of the stages does not agree with what was measured: trust the measurement."
                }
              </p>
            `
      }
    `;
  }

  #histogram(delaysMs: readonly number[]): TemplateResult {
    const bars = histogram(delaysMs);
    const most = Math.max(...bars.map(({ count }) => count));
    const width = WIDTH / bars.length;
    const first = bars[0]?.fromMs ?? 0;
    const step = (bars[1]?.fromMs ?? first + 1) - first;
    return html`
      <div>
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Histogram of ${delaysMs.length} delays" preserveAspectRatio="none">
          ${bars.map(({ count }, index) => {
            const height = (count / most) * (HEIGHT - 8);
            return svg`<rect x=${index * width + 1} y=${HEIGHT - height} width=${Math.max(1, width - 2)} height=${height}></rect>`;
          })}
        </svg>
        <div class="axis"><span>${ms(first)}</span><span>${ms(first + bars.length * step)}</span></div>
      </div>
    `;
  }
}

function figure(label: string, value: string | number): TemplateResult {
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
}

function ms(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(1)} ms`;
}

customElements.define("antiphon-latency-cell", AntiphonLatencyCell);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-latency-cell": AntiphonLatencyCell;
  }
}
