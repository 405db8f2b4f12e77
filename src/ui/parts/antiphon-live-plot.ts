import { css, html, LitElement, type TemplateResult, unsafeCSS } from "lit";
import UPlot from "uplot";
import plotSheet from "uplot/dist/uPlot.min.css?inline";
import { frameLoop } from "../controllers/frame-loop.ts";
import { colourEpoch } from "./colour-epoch.ts";
import { plotStyle } from "./plot-style.ts";

/** Height of the drawing, CSS pixels. */
const HEIGHT = 150;
/** Redrawn at most this often, ms: the figures change twice a second. */
const REDRAW_MS = 250;

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** Room at the right for half of a time of day under a tick there, CSS pixels. */
const HALF_A_TIME = 26;

/** One line of a plot: its name, its token colour, and its values, undefined where there is none. */
export type PlotLine = {
  readonly label: string;
  /** Name of a colour token without its prefix, such as `accent`. */
  readonly colour: string;
  readonly isDashed?: boolean;
};

/** The points of a plot: times in seconds since 1970, and the values of each line at them. */
export type PlotPoints = {
  readonly times: readonly number[];
  readonly values: readonly (readonly (number | undefined)[])[];
};

/**
 * A plot of figures over time that follows them by itself.
 *
 * @attr heading - what is plotted
 * @attr unit - of the vertical axis
 */
export class AntiphonLivePlot extends LitElement {
  static override properties = {
    heading: {},
    unit: {},
    lines: { attribute: false },
    source: { attribute: false },
  };
  static override styles = [
    unsafeCSS(plotSheet),
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      h3 {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--antiphon-space-3);
        margin: 0 0 var(--antiphon-space-1);
        font-size: var(--antiphon-font-size-s);
      }
      .key {
        color: var(--antiphon-muted);
        font-weight: 500;
      }
      .key::before {
        content: "";
        display: inline-block;
        inline-size: 14px;
        margin-inline-end: 5px;
        border-block-start: 2px solid var(--swatch);
        vertical-align: 4px;
      }
      .key.dashed::before {
        border-block-start-style: dashed;
      }
      .plot {
        block-size: ${HEIGHT}px;
        overflow: hidden;
      }
    `,
  ];

  declare heading: string;
  declare unit: string;
  declare lines: readonly PlotLine[];
  /** Where the points come from. */
  declare source: (() => PlotPoints) | undefined;
  #plot: UPlot | undefined;
  #drawnAt = 0;
  #coloursEpoch = 0;
  #stop: (() => void) | undefined;
  #resize: ResizeObserver | undefined;

  constructor() {
    super();
    this.heading = "";
    this.unit = "";
    this.lines = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = frameLoop.add(this.#draw);
    this.#resize = new ResizeObserver(() => this.#fit());
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
    return html`
      <h3>
        ${this.heading}
        ${this.lines.map(
          ({ label, colour, isDashed }) =>
            html`<span class="key ${isDashed === true ? "dashed" : ""}" style="--swatch: var(--antiphon-${colour})">${label}</span>`,
        )}
      </h3>
      <div class="plot" role="img" aria-label="${this.heading}, plotted over the last minutes"></div>
    `;
  }

  #fit(): void {
    this.#plot?.setSize({ width: Math.max(80, this.clientWidth), height: HEIGHT });
  }

  readonly #draw = (now: number): void => {
    if (now - this.#drawnAt < REDRAW_MS || this.source === undefined) {
      return;
    }
    this.#drawnAt = now;
    const { times, values } = this.source();
    const data: UPlot.AlignedData = [[...times], ...values.map((line) => line.map((value) => value ?? null))];
    if (this.#plot === undefined || this.#coloursEpoch !== colourEpoch()) {
      this.#coloursEpoch = colourEpoch();
      this.#rebuild(data);
    } else {
      this.#plot.setData(data);
    }
  };

  #rebuild(data: UPlot.AlignedData): void {
    const target = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (target === null) {
      return;
    }
    this.#plot?.destroy();
    const { colour, axis } = plotStyle(this);
    this.#plot = new UPlot(
      {
        width: Math.max(80, this.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, HALF_A_TIME, 0, 0],
        scales: { y: { range: (_plot, low, high) => [Math.min(0, low), Math.max(high * 1.1, low + 1)] } },
        axes: [
          {
            ...axis,
            size: 28,
            space: 80,
            values: (_plot, ticks) => ticks.map((tick) => timeOfDay.format(tick * 1000)),
          },
          {
            ...axis,
            size: 64,
            space: 32,
            values: (_plot, ticks) => ticks.map((tick) => `${String(tick).replace("-", "−")} ${this.unit}`),
          },
        ],
        series: [
          {},
          ...this.lines.map((line) => ({
            label: line.label,
            stroke: colour(line.colour),
            width: 1.5,
            ...(line.isDashed === true ? { dash: [5, 4] } : {}),
            points: { show: false },
          })),
        ],
      },
      data,
      target,
    );
  }
}

customElements.define("antiphon-live-plot", AntiphonLivePlot);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-live-plot": AntiphonLivePlot;
  }
}
