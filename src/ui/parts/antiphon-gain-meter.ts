import { css, html, LitElement, type TemplateResult } from "lit";
import { frameLoop } from "../controllers/frame-loop.ts";
import { colourEpoch } from "./colour-epoch.ts";
import { fitCanvas } from "./fit-canvas.ts";
import { formatNumber } from "./format-value.ts";
import { GAIN_SPAN_DB, paintGain } from "./gain-painting.ts";
import { resolveColour } from "./meter-painting.ts";

/** Interval at which the number and the spoken value change, ms. */
const NUMBER_INTERVAL_MS = 250;

/**
 * How much a stage turns up or down right now, ±24 dB around the middle, with the number beside it.
 *
 * @attr label - what is measured; its accessible name
 */
export class AntiphonGainMeter extends LitElement {
  static override properties = { label: {}, source: { attribute: false } };
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 58px;
      align-items: center;
      gap: var(--antiphon-space-2);
    }
    canvas {
      display: block;
      inline-size: 100%;
      block-size: 8px;
      border-radius: 3px;
      background: var(--antiphon-well);
    }
    output {
      color: var(--antiphon-muted);
      font-size: var(--antiphon-font-size-xs);
      text-align: end;
      white-space: nowrap;
    }
  `;

  declare label: string;
  /** The gain in dB. Called once a frame, so it must not allocate. */
  declare source: (() => number) | undefined;
  #context: CanvasRenderingContext2D | null = null;
  #output: HTMLOutputElement | null = null;
  #numberAt = 0;
  #coloursEpoch = 0;
  #colours = { well: "", less: "", more: "", tick: "" };
  #stop: (() => void) | undefined;
  #resize: ResizeObserver | undefined;

  constructor() {
    super();
    this.label = "Gain";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "meter");
    this.setAttribute("aria-valuemin", String(-GAIN_SPAN_DB));
    this.setAttribute("aria-valuemax", String(GAIN_SPAN_DB));
    this.setAttribute("aria-valuenow", "0");
    this.#stop = frameLoop.add(this.#draw);
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#resize?.disconnect();
  }

  protected override willUpdate(): void {
    this.setAttribute("aria-label", this.label);
  }

  protected override firstUpdated(): void {
    this.#context = this.renderRoot.querySelector("canvas")?.getContext("2d") ?? null;
    this.#output = this.renderRoot.querySelector("output");
  }

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas><output aria-hidden="true"></output>`;
  }

  #fit(): void {
    const canvas = this.#context?.canvas;
    if (canvas !== undefined) {
      fitCanvas(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
    }
  }

  readonly #draw = (now: number): void => {
    const gainDb = this.source?.() ?? 0;
    if (now - this.#numberAt > NUMBER_INTERVAL_MS) {
      this.#numberAt = now;
      this.#show(gainDb);
    }
    if (this.#coloursEpoch !== colourEpoch()) {
      this.#readColours();
    }
    if (this.#context !== null) {
      paintGain(this.#context, gainDb, this.#colours);
    }
  };

  #readColours(): void {
    const style = getComputedStyle(this);
    this.#coloursEpoch = colourEpoch();
    this.#colours = {
      well: resolveColour(style, "--antiphon-well"),
      less: resolveColour(style, "--antiphon-warn"),
      more: resolveColour(style, "--antiphon-accent"),
      tick: resolveColour(style, "--antiphon-border"),
    };
  }

  #show(gainDb: number): void {
    const text = `${gainDb >= 0.05 ? "+" : ""}${formatNumber(gainDb, 0.1)} dB`;
    if (this.#output !== null && this.#output.value !== text) {
      this.#output.value = text;
      this.setAttribute("aria-valuenow", gainDb.toFixed(0));
      this.setAttribute("aria-valuetext", text);
    }
  }
}

customElements.define("antiphon-gain-meter", AntiphonGainMeter);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-gain-meter": AntiphonGainMeter;
  }
}
