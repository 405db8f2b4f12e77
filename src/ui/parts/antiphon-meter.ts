import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { frameLoop } from "../controllers/frame-loop.ts";
import { colourEpoch } from "./colour-epoch.ts";
import { fitCanvas } from "./fit-canvas.ts";
import {
  type LevelReading,
  type LevelSource,
  METER_FLOOR_DB,
  MeterBallistics,
  meterPosition,
} from "./meter-ballistics.ts";
import {
  isSamePicture,
  type MeterColours,
  type MeterPicture,
  meterPicture,
  paintMeter,
  readMeterColours,
} from "./meter-painting.ts";

/** Interval at which the spoken value may change, ms: twice a second is as much as a listener can use. */
const SPOKEN_INTERVAL_MS = 500;

/**
 * A level meter, −60…0 dBFS, drawn on a canvas once a frame.
 *
 * @attr label - what is measured; its accessible name
 * @attr vertical - fills from the bottom up
 * @attr holdMs - how long the peak marker stays, 2000 unless set
 */
export class AntiphonMeter extends LitElement {
  static override properties = {
    label: {},
    vertical: { type: Boolean, reflect: true },
    holdMs: { type: Number },
    source: { attribute: false },
  };
  static override styles = css`
    :host {
      display: block;
      block-size: 10px;
      min-inline-size: 24px;
      border-radius: 3px;
      overflow: hidden;
      /* What moves in here concerns nothing around it. */
      contain: content;
      background: var(--antiphon-well);
    }
    :host([vertical]) {
      inline-size: 12px;
      block-size: 100%;
      min-inline-size: 0;
    }
    canvas {
      display: block;
      inline-size: 100%;
      block-size: 100%;
      /* A layer of its own: without a GPU every frame would rasterise what lies around it again. */
      will-change: transform;
    }
  `;

  declare label: string;
  declare vertical: boolean;
  declare holdMs: number;
  /** Where the levels come from; without one the meter rests at its floor. */
  declare source: LevelSource | undefined;

  readonly #reading: LevelReading = { peakDb: Number.NEGATIVE_INFINITY, rmsDb: Number.NEGATIVE_INFINITY };
  #ballistics = new MeterBallistics({ holdMs: 2000 });
  #colours: MeterColours | undefined;
  #coloursEpoch = 0;
  #spokenAt = 0;
  #painted: MeterPicture | undefined;
  #context: CanvasRenderingContext2D | null = null;
  #stop: (() => void) | undefined;
  #resize: ResizeObserver | undefined;

  constructor() {
    super();
    this.label = "Level";
    this.vertical = false;
    this.holdMs = 2000;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "meter");
    this.setAttribute("aria-valuemin", String(METER_FLOOR_DB));
    this.setAttribute("aria-valuemax", "0");
    this.#stop = frameLoop.add(this.#draw);
    // The observer brings the size along: asking the element for it would make the browser lay the page out at once.
    this.#resize = new ResizeObserver(([entry]) => this.#fit(entry));
    this.#resize.observe(this);
    this.addEventListener("click", this.#clearClip);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#resize?.disconnect();
    this.removeEventListener("click", this.#clearClip);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("holdMs")) {
      this.#ballistics = new MeterBallistics({ holdMs: this.holdMs });
    }
    this.setAttribute("aria-label", this.label);
  }

  protected override firstUpdated(): void {
    this.#context = this.renderRoot.querySelector("canvas")?.getContext("2d") ?? null;
  }

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  #fit(entry: ResizeObserverEntry | undefined): void {
    if (this.#context !== null && entry !== undefined) {
      fitCanvas(this.#context.canvas, entry.contentRect);
      this.#painted = undefined;
    }
  }

  readonly #clearClip = (): void => this.#ballistics.clearClip();

  readonly #draw = (now: number): void => {
    const context = this.#context;
    if (context === null) {
      return;
    }
    this.#reading.peakDb = Number.NEGATIVE_INFINITY;
    this.#reading.rmsDb = Number.NEGATIVE_INFINITY;
    this.source?.(this.#reading);
    this.#ballistics.update(this.#reading, now);
    if (this.#colours === undefined || this.#coloursEpoch !== colourEpoch()) {
      this.#colours = readMeterColours(this);
      this.#coloursEpoch = colourEpoch();
      this.#painted = undefined;
    }
    const { width, height } = context.canvas;
    const picture = meterPicture(this.#ballistics, this.vertical ? height : width);
    // Most meters rest most of the time: the browser then has nothing to put on the screen.
    if (!isSamePicture(picture, this.#painted)) {
      this.#painted = picture;
      paintMeter(context, picture, { colours: this.#colours, isVertical: this.vertical, scale: devicePixelRatio });
    }
    if (now - this.#spokenAt > SPOKEN_INTERVAL_MS) {
      this.#spokenAt = now;
      this.#speak();
    }
  };

  #speak(): void {
    const level = Math.round(this.#ballistics.barDb);
    const isSilent = meterPosition(level) === 0;
    const words = isSilent ? "silent" : `${level} decibels${this.#ballistics.isClipped ? ", clipped" : ""}`;
    if (words !== this.getAttribute("aria-valuetext")) {
      this.setAttribute("aria-valuenow", String(Math.min(0, level)));
      this.setAttribute("aria-valuetext", words);
    }
  }
}

customElements.define("antiphon-meter", AntiphonMeter);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-meter": AntiphonMeter;
  }
}
