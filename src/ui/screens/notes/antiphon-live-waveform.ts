import { css, html, LitElement, type TemplateResult } from "lit";
import type { NoteRecording } from "../../../engine/index.ts";
import { frameLoop } from "../../controllers/frame-loop.ts";
import { colourEpoch } from "../../parts/colour-epoch.ts";
import { fitCanvas } from "../../parts/fit-canvas.ts";
import { paintWaveform, readWaveformColours, type WaveformColours } from "./waveform-painting.ts";

/** CSS pixels from one bar to the next. */
const STEP_PIXELS = 5;

/** Stored peaks (20 ms) under one bar. */
const PEAKS_PER_BAR = 4;

/** The waveform of a recording as it grows, newest at the right. Silent to screen readers: the timer speaks for it. */
export class AntiphonLiveWaveform extends LitElement {
  static override properties = { recording: { attribute: false } };
  static override styles = css`
    :host {
      display: block;
      block-size: 40px;
      min-inline-size: 0;
      color: var(--antiphon-bad);
      border: 0 solid var(--antiphon-border);
    }
    canvas {
      display: block;
      inline-size: 100%;
      block-size: 100%;
    }
  `;

  declare recording: NoteRecording | undefined;

  #bars = new Uint8Array();
  #colours: WaveformColours | undefined;
  #coloursEpoch = 0;
  #context: CanvasRenderingContext2D | null = null;
  #stop: (() => void) | undefined;
  #resize: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = frameLoop.add(() => this.#draw());
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#resize?.disconnect();
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
    this.#bars = new Uint8Array(Math.max(1, Math.floor(this.clientWidth / STEP_PIXELS)));
  }

  #draw(): void {
    const context = this.#context;
    if (context === null) return;
    if (this.#colours === undefined || this.#coloursEpoch !== colourEpoch()) {
      this.#colours = readWaveformColours(this);
      this.#coloursEpoch = colourEpoch();
    }
    const peaks = this.recording?.peaks ?? [];
    const full = Math.floor(peaks.length / PEAKS_PER_BAR);
    for (let bar = 0; bar < this.#bars.length; bar += 1) {
      const from = (full - this.#bars.length + bar) * PEAKS_PER_BAR;
      let highest = 0;
      for (let index = Math.max(0, from); index < from + PEAKS_PER_BAR; index += 1) {
        highest = Math.max(highest, peaks[index] ?? 0);
      }
      this.#bars[bar] = highest;
    }
    const played = this.recording?.state === "paused" ? 0 : 1;
    paintWaveform(context, this.#bars, { colours: this.#colours, played, scale: devicePixelRatio });
  }
}

customElements.define("antiphon-live-waveform", AntiphonLiveWaveform);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-live-waveform": AntiphonLiveWaveform;
  }
}
