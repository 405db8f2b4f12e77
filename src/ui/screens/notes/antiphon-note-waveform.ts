import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { barsOf } from "../../../engine/index.ts";
import { frameLoop } from "../../controllers/frame-loop.ts";
import { colourEpoch } from "../../parts/colour-epoch.ts";
import { fitCanvas } from "../../parts/fit-canvas.ts";
import { spokenDuration } from "./format-duration.ts";
import { paintWaveform, readWaveformColours, type WaveformColours } from "./waveform-painting.ts";

/** Bars of a note. */
const BARS = 64;

/** Seconds that an arrow key moves, and with Page Up and Page Down. */
const STEP_SECONDS = 1;
const LEAP_SECONDS = 5;

/**
 * A note as 64 bars that can be scrubbed by pointer, touch and keyboard.
 *
 * @fires seek - `CustomEvent<number>`: the place to go to, in seconds
 */
export class AntiphonNoteWaveform extends LitElement {
  static override properties = {
    peaks: { attribute: false },
    seconds: { type: Number },
    position: { attribute: false },
    isActive: { attribute: false },
    label: {},
  };
  static override styles = css`
    :host {
      display: block;
      block-size: 44px;
      min-inline-size: 0;
      color: var(--antiphon-accent);
      border: 0 solid var(--antiphon-border);
      border-radius: var(--antiphon-radius-s);
      cursor: pointer;
      touch-action: pan-y;
    }
    :host(:focus-visible) {
      outline: 2px solid var(--antiphon-accent);
      outline-offset: 2px;
    }
    canvas {
      display: block;
      inline-size: 100%;
      block-size: 100%;
    }
    @media (forced-colors: active) {
      :host {
        color: Highlight;
        border-color: CanvasText;
      }
    }
  `;

  declare peaks: Uint8Array;
  declare seconds: number;
  /** Tells the place that plays now, in seconds; read on every frame while active. */
  declare position: () => number;
  /** Whether the position moves by itself. */
  declare isActive: boolean;
  declare label: string;

  #bars = new Uint8Array(BARS);
  #colours: WaveformColours | undefined;
  #coloursEpoch = 0;
  #context: CanvasRenderingContext2D | null = null;
  #stop: (() => void) | undefined;
  #resize: ResizeObserver | undefined;
  #scrubbed: number | undefined;

  constructor() {
    super();
    this.peaks = new Uint8Array();
    this.seconds = 0;
    this.position = () => 0;
    this.isActive = false;
    this.label = "Position";
    this.addEventListener("pointerdown", this.#grab);
    this.addEventListener("pointermove", this.#drag);
    this.addEventListener("pointerup", this.#release);
    this.addEventListener("pointercancel", this.#abandon);
    this.addEventListener("keydown", this.#key);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "slider");
    this.tabIndex = 0;
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.#stop?.();
    this.#stop = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("peaks")) this.#bars = loudest(barsOf(this.peaks, BARS));
    this.setAttribute("aria-label", this.label);
    this.setAttribute("aria-valuemin", "0");
    this.setAttribute("aria-valuemax", String(Math.round(this.seconds)));
  }

  protected override updated(): void {
    this.#describe();
    if (this.isActive) this.#stop ??= frameLoop.add(() => this.#draw());
    else {
      this.#stop?.();
      this.#stop = undefined;
    }
    this.#draw();
  }

  protected override firstUpdated(): void {
    this.#context = this.renderRoot.querySelector("canvas")?.getContext("2d") ?? null;
    this.#fit();
  }

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  #fit(): void {
    const canvas = this.#context?.canvas;
    if (canvas === undefined) return;
    fitCanvas(canvas, { width: this.clientWidth, height: this.clientHeight });
    this.#draw();
  }

  #draw(): void {
    const context = this.#context;
    if (context === null) return;
    if (this.#colours === undefined || this.#coloursEpoch !== colourEpoch()) {
      this.#colours = readWaveformColours(this);
      this.#coloursEpoch = colourEpoch();
    }
    const at = this.#scrubbed ?? this.position();
    const played = this.seconds > 0 ? Math.min(1, at / this.seconds) : 0;
    paintWaveform(context, this.#bars, { colours: this.#colours, played, scale: devicePixelRatio });
    this.#describe();
  }

  /** What a screen reader is told, no finer than a second. */
  #describe(): void {
    const at = Math.round(this.#scrubbed ?? this.position());
    if (this.getAttribute("aria-valuenow") === String(at)) return;
    this.setAttribute("aria-valuenow", String(at));
    this.setAttribute("aria-valuetext", `${spokenDuration(at)} of ${spokenDuration(this.seconds)}`);
  }

  #placeOf({ clientX }: PointerEvent): number {
    const { left, width } = this.getBoundingClientRect();
    return Math.max(0, Math.min(1, (clientX - left) / Math.max(1, width))) * this.seconds;
  }

  readonly #grab = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.setPointerCapture(event.pointerId);
    this.#scrubbed = this.#placeOf(event);
    this.#draw();
  };

  readonly #drag = (event: PointerEvent): void => {
    if (this.#scrubbed === undefined) return;
    this.#scrubbed = this.#placeOf(event);
    this.#draw();
  };

  readonly #release = (event: PointerEvent): void => {
    if (this.#scrubbed === undefined) return;
    this.#scrubbed = undefined;
    this.#seek(this.#placeOf(event));
  };

  readonly #abandon = (): void => {
    this.#scrubbed = undefined;
    this.#draw();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const place = this.#placeAfter(event.key);
    if (place === undefined) return;
    event.preventDefault();
    this.#seek(Math.max(0, Math.min(this.seconds, place)));
  };

  #placeAfter(key: string): number | undefined {
    const at = this.position();
    switch (key) {
      case "ArrowRight":
      case "ArrowUp":
        return at + STEP_SECONDS;
      case "ArrowLeft":
      case "ArrowDown":
        return at - STEP_SECONDS;
      case "PageUp":
        return at + LEAP_SECONDS;
      case "PageDown":
        return at - LEAP_SECONDS;
      case "Home":
        return 0;
      case "End":
        return this.seconds;
      default:
        return undefined;
    }
  }

  #seek(seconds: number): void {
    this.dispatchEvent(new CustomEvent("seek", { detail: seconds }));
    // Nothing else draws a note that does not play.
    this.#draw();
  }
}

/** Bars that fill the height: a quiet note has a shape too. */
function loudest(bars: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const highest = Math.max(32, ...bars);
  return bars.map((bar) => Math.round((bar * 255) / highest));
}

customElements.define("antiphon-note-waveform", AntiphonNoteWaveform);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-note-waveform": AntiphonNoteWaveform;
  }
}
