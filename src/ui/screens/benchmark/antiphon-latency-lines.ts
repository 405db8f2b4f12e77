import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import UPlot from "uplot";
import plotSheet from "uplot/dist/uPlot.min.css?inline";
import type { LatencyCellResult } from "../../../engine/index.ts";
import { frameLoop } from "../../controllers/frame-loop.ts";
import { colourEpoch } from "../../parts/colour-epoch.ts";
import { plotStyle } from "../../parts/plot-style.ts";
import { latencyLines } from "./latency-lines.ts";

const HEIGHT = 240;

/** Room left and right of the outermost chunks, as a ratio. */
const MARGIN = 1.3;
/** Least ratio of two chunks that both have room for their names. */
const TICK_RATIO = 1.5;

/** Latency against chunk length, one line for each path and rate. */
export class AntiphonLatencyLines extends LitElement {
  static override properties = { results: { attribute: false } };
  static override styles = [
    unsafeCSS(plotSheet),
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--antiphon-space-4);
        margin: 0 0 var(--antiphon-space-2);
        padding: 0;
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-s);
        list-style: none;
      }
      li::before {
        content: "";
        display: inline-block;
        inline-size: 14px;
        margin-inline-end: 5px;
        border-block-start: 2px solid var(--swatch);
        vertical-align: 4px;
      }
      li.dashed::before {
        border-block-start-style: dashed;
      }
      .plot {
        block-size: ${HEIGHT}px;
        overflow: hidden;
      }
    `,
  ];

  declare results: readonly LatencyCellResult[];
  #plot: UPlot | undefined;
  #colours = 0;
  #isStale = true;
  #stop: (() => void) | undefined;
  #resize: ResizeObserver | undefined;

  constructor() {
    super();
    this.results = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#isStale = true;
    this.#stop = frameLoop.add(this.#draw);
    this.#resize = new ResizeObserver(() =>
      this.#plot?.setSize({ width: Math.max(80, this.clientWidth), height: HEIGHT }),
    );
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#resize?.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  protected override render(): TemplateResult {
    const { lines } = latencyLines(this.results);
    return html`
      <ul>
        ${lines.map(
          ({ label, colour, isDashed }) =>
            html`<li class=${isDashed ? "dashed" : ""} style="--swatch: var(--antiphon-${colour})">${label}</li>`,
        )}
      </ul>
      <div class="plot" role="img" aria-label="Median latency against chunk length; the table holds the same figures"></div>
    `;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.#isStale = true;
  }

  readonly #draw = (): void => {
    if (!this.#isStale && this.#colours === colourEpoch()) return;
    const target = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (target === null) return;
    this.#isStale = false;
    this.#colours = colourEpoch();
    this.#plot?.destroy();
    const { chunksMs, lines } = latencyLines(this.results);
    const { colour, axis } = plotStyle(this);
    this.#plot = new UPlot(
      {
        width: Math.max(80, this.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 24, 0, 0],
        scales: {
          x: { time: false, distr: 3, log: 2, range: [(chunksMs[0] ?? 1) / MARGIN, (chunksMs.at(-1) ?? 1) * MARGIN] },
          y: { range: (_plot, _low, high) => [0, Math.max(20, high * 1.1)] },
        },
        axes: [
          {
            ...axis,
            size: 30,
            splits: () => axisTicks(chunksMs),
            filter: (_plot, ticks) => ticks,
            values: (_plot, ticks) => ticks.map((tick) => `${Number(tick.toFixed(1))} ms`),
          },
          { ...axis, size: 60, values: (_plot, ticks) => ticks.map((tick) => `${tick} ms`) },
        ],
        series: [
          {},
          ...lines.map((line) => ({
            label: line.label,
            stroke: colour(line.colour),
            width: 2,
            spanGaps: true,
            ...(line.isDashed ? { dash: [5, 4] } : {}),
            points: { show: true, size: 6, fill: colour(line.colour) },
          })),
        ],
      },
      [[...chunksMs], ...lines.map(({ values }) => [...values])],
      target,
    );
  };
}

/** The chunk lengths that stand under the plot: all that do not crowd the one before. */
function axisTicks(chunksMs: readonly number[]): number[] {
  const ticks: number[] = [];
  for (const chunk of chunksMs) {
    if (chunk >= (ticks.at(-1) ?? 0) * TICK_RATIO) ticks.push(chunk);
  }
  return ticks;
}

customElements.define("antiphon-latency-lines", AntiphonLatencyLines);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-latency-lines": AntiphonLatencyLines;
  }
}
