import { css, html, LitElement, type TemplateResult } from "lit";
import { frameLoop } from "../controllers/frame-loop.ts";
import { colourEpoch } from "./colour-epoch.ts";
import { fitCanvas } from "./fit-canvas.ts";
import { type HistoryReading, type HistorySource, LevelHistory } from "./level-history.ts";
import {
  type HistoryColours,
  historyLevel,
  historyY,
  paintHistory,
  readHistoryColours,
  type Threshold,
} from "./level-history-painting.ts";

/** How far back the plot reaches, ms. */
const SPAN_MS = 10_000;
/** Columns of the plot: 25 ms each. */
const COLUMNS = 400;
/** How near to a line the pointer takes hold of it, CSS pixels. */
const GRAB_DISTANCE = 14;

/** A dragged threshold and its new level. */
export type ThresholdMove = { readonly id: string; readonly levelDb: number };

/**
 * The last ten seconds of the microphone's level, what of it was sent, the noise floor and the thresholds, which can be dragged.
 * The same thresholds are sliders on the page, so the plot itself is out of the tab order.
 *
 * @fires move - `CustomEvent<ThresholdMove>` while a threshold is dragged
 */
export class AntiphonLevelHistory extends LitElement {
  static override properties = { source: { attribute: false }, thresholds: { attribute: false } };
  static override styles = css`
    :host {
      display: block;
      block-size: 160px;
      border-radius: var(--antiphon-radius-m);
      overflow: hidden;
      background: var(--antiphon-well);
    }
    canvas {
      display: block;
      inline-size: 100%;
      block-size: 100%;
      touch-action: pan-y;
    }
    canvas.over {
      cursor: ns-resize;
      touch-action: none;
    }
  `;

  declare source: HistorySource | undefined;
  declare thresholds: readonly Threshold[];

  readonly #history = new LevelHistory({ columns: COLUMNS, spanMs: SPAN_MS });
  readonly #reading: HistoryReading = {
    levelDb: Number.NEGATIVE_INFINITY,
    noiseFloorDb: Number.NEGATIVE_INFINITY,
    probability: 0,
    isTransmitting: false,
  };
  #colours: HistoryColours | undefined;
  #coloursEpoch = 0;
  #context: CanvasRenderingContext2D | null = null;
  #dragged: string | undefined;
  #stop: (() => void) | undefined;
  #resize: ResizeObserver | undefined;

  constructor() {
    super();
    this.thresholds = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = frameLoop.add(this.#draw);
    this.#resize = new ResizeObserver(([entry]) => this.#fit(entry));
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#resize?.disconnect();
  }

  protected override firstUpdated(): void {
    this.#context = this.renderRoot.querySelector("canvas")?.getContext("2d") ?? null;
  }

  protected override render(): TemplateResult {
    return html`<canvas
      role="img"
      aria-label="Level of the microphone over the last ten seconds"
      @pointerdown=${this.#grab}
      @pointermove=${this.#drag}
      @pointerup=${this.#release}
      @pointercancel=${this.#release}
    ></canvas>`;
  }

  #fit(entry: ResizeObserverEntry | undefined): void {
    if (this.#context !== null && entry !== undefined) {
      fitCanvas(this.#context.canvas, entry.contentRect);
    }
  }

  readonly #draw = (now: number): void => {
    this.#reading.levelDb = Number.NEGATIVE_INFINITY;
    this.source?.(this.#reading);
    this.#history.push(this.#reading, now);
    if (this.#context === null) {
      return;
    }
    if (this.#colours === undefined || this.#coloursEpoch !== colourEpoch()) {
      this.#colours = readHistoryColours(this);
      this.#coloursEpoch = colourEpoch();
    }
    paintHistory(this.#context, this.#history, {
      colours: this.#colours,
      thresholds: this.thresholds,
      scale: devicePixelRatio,
    });
  };

  #nearest(event: PointerEvent): string | undefined {
    let nearest: string | undefined;
    let distance = GRAB_DISTANCE;
    for (const threshold of this.thresholds) {
      const away = Math.abs(historyY(threshold.levelDb, this.clientHeight) - event.offsetY);
      if (threshold.isMovable && away < distance) {
        nearest = threshold.id;
        distance = away;
      }
    }
    return nearest;
  }

  #grab(event: PointerEvent): void {
    this.#dragged = this.#nearest(event);
    if (this.#dragged !== undefined && event.currentTarget instanceof Element) {
      event.currentTarget.setPointerCapture(event.pointerId);
    }
  }

  #drag(event: PointerEvent): void {
    if (event.currentTarget instanceof Element) {
      event.currentTarget.classList.toggle("over", (this.#dragged ?? this.#nearest(event)) !== undefined);
    }
    if (this.#dragged !== undefined) {
      const exact = historyLevel(event.offsetY, this.clientHeight);
      const detail: ThresholdMove = {
        id: this.#dragged,
        levelDb: Math.min(0, Math.max(-90, Math.round(exact * 2) / 2)),
      };
      this.dispatchEvent(new CustomEvent("move", { detail }));
    }
  }

  #release(): void {
    this.#dragged = undefined;
  }
}

customElements.define("antiphon-level-history", AntiphonLevelHistory);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-level-history": AntiphonLevelHistory;
  }
}
